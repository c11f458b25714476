"""Passwords, counted tries and the life of a session, without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backoffice.core.db import now
from backoffice.users.models import UserSession
from backoffice.users.rules import (
    SessionPolicy,
    account_hash,
    browser,
    network_of,
    normal_password,
    password_problems,
    why_over,
)

POLICY = SessionPolicy(idle=timedelta(minutes=30), limit=timedelta(hours=12))

PASSWORDS = [
    ("quatorze-signe", "short"),
    ("a" * 201, "long"),
    ("aaaaaaaaaaaaaaaaaaaa", "guessable"),
    ("motdepassemotdepasse", "guessable"),
    ("123456789012345", "guessable"),
    ("azertyuiopqsdfgh", "guessable"),
    ("cheval pile agrafe correcte", None),
    ("Trois tortues à vélo !", None),
]


@pytest.mark.parametrize(("password", "code"), PASSWORDS)
def test_a_password_is_long_and_hard_to_guess(password: str, code: str | None) -> None:
    assert [problem.code for problem in password_problems(password)] == ([code] if code else [])


def test_a_password_made_of_ones_own_name_is_refused() -> None:
    person = ("Marie-Antoinette", "Lefebvre-Durand", "marie@exemple.fr")
    assert [problem.code for problem in password_problems("marie-antoinette lefebvre-durand", person)] == [
        "guessable"
    ]


def test_a_password_of_two_hundred_characters_is_judged_at_once() -> None:
    assert not list(password_problems("ce que personne ne devine " * 7))


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert normal_password("e\u0301te\u0301") == normal_password("\u00e9t\u00e9")


ADDRESSES = [
    ("192.0.2.7", "192.0.2.7"),
    ("::ffff:192.0.2.7", "192.0.2.7"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
    ("", "unknown"),
    (None, "unknown"),
    ("not an address", "unknown"),
]


@pytest.mark.parametrize(("address", "network"), ADDRESSES)
def test_tries_are_counted_for_the_network_of_a_subscriber(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_tries_for_one_account_are_counted_together_however_its_email_is_typed() -> None:
    assert account_hash(" Alice@Exemple.FR ") == account_hash("alice@exemple.fr")


@pytest.mark.parametrize("typed", ["", "\x00", "not an address", "\ud800", "a" * 100_000])
def test_what_is_no_email_is_counted_all_the_same(typed: str) -> None:
    assert len(account_hash(typed)) == 64


def _session(seen: timedelta = timedelta(), begun: timedelta = timedelta()) -> UserSession:
    return UserSession(created_at=now() - begun, last_seen_at=now() - seen)


def test_a_session_is_over_after_half_an_hour_without_a_request() -> None:
    assert why_over(_session(seen=timedelta(minutes=29)), POLICY, now()) is None
    assert why_over(_session(seen=timedelta(minutes=30)), POLICY, now()) == "idle"


def test_a_session_is_over_after_twelve_hours_however_busy() -> None:
    assert why_over(_session(begun=timedelta(hours=11, minutes=59)), POLICY, now()) is None
    assert why_over(_session(begun=timedelta(hours=12)), POLICY, now()) == "limit"


def test_an_ended_session_stays_ended() -> None:
    session = _session()
    session.ended_at, session.ended_reason = now(), "logout"
    assert why_over(session, POLICY, now()) == "logout"


def test_a_browser_is_named_as_people_call_it() -> None:
    assert (
        browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0") == "Firefox, Linux"
    )
