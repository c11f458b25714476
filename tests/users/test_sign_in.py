"""Logging in and out, by real POSTs of the page's own form."""

from __future__ import annotations

import threading
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.core.db import db
from backoffice.users import rules, signin
from backoffice.users.models import SignInAttempt, UserSession
from tests.users.people import (
    OTHER_PASSWORD,
    PASSWORD,
    change,
    count,
    facts,
    is_in,
    let_time_pass,
    logged_in,
    make_user,
)
from tests.web import Browser

WRONG = "E-mail ou mot de passe incorrect."


def test_the_right_password_opens_the_dashboard(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.log_in("alice@exemple.fr", PASSWORD)
    assert (browser.path, browser.status) == ("/", 200)


def test_the_email_may_be_typed_in_any_case_and_with_blanks(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.log_in("  Alice@EXEMPLE.fr ", PASSWORD)
    assert browser.path == "/"


def test_unknown_wrong_inactive_and_invited_people_get_one_and_the_same_answer(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    make_user(app, "partie@exemple.fr")
    change(app, "partie@exemple.fr", active=False)
    make_user(app, "invitee@exemple.fr", password_hash=None)
    answers = set()
    for email, password in (
        ("personne@exemple.fr", PASSWORD),
        ("alice@exemple.fr", OTHER_PASSWORD),
        ("partie@exemple.fr", PASSWORD),
        ("invitee@exemple.fr", PASSWORD),
        ("pas une adresse", PASSWORD),
        ("nul\x00@exemple.fr", PASSWORD),
        ("alice@exemple.fr", "x" * 100_000),
        ("alice@exemple.fr", "nul\x00" * 5),
    ):
        browser = Browser(app)
        browser.log_in(email, password)
        assert WRONG in browser.text
        assert not is_in(browser)
        answers.add((browser.status, browser.text.replace(email, "")))
    assert len(answers) == 1


@pytest.mark.parametrize("email", ["personne@exemple.fr", "invitee@exemple.fr", "pas une adresse"])
def test_an_account_that_is_not_there_costs_a_hash_as_well(
    app: Flask, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    """Else the time of the answer would tell who has an account."""
    make_user(app, "invitee@exemple.fr", password_hash=None)
    hashed: list[str] = []
    monkeypatch.setattr(signin, "_hash", hashed.append)
    Browser(app).log_in(email, PASSWORD)
    assert hashed == [PASSWORD]


def test_a_blank_field_is_named_beside_it(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.log_in("", "")
    assert browser.error_of("email") == "Saisissez votre adresse e-mail."
    assert browser.error_of("password") == "Saisissez votre mot de passe."


def test_after_five_wrong_tries_even_the_right_password_waits(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    for _ in range(5):
        browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
        assert browser.status == 200
    browser.log_in("Alice@Exemple.fr", PASSWORD)
    assert browser.status == 429
    assert 890 < int(browser.response.headers["Retry-After"]) <= 900
    assert not is_in(browser)
    assert facts(app, "sign_in") == [("visiteur", "refused")] * 5


def test_the_wait_is_over_after_a_quarter_of_an_hour_however_often_one_came_back(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    for _ in range(5):
        browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
    let_time_pass(app, timedelta(minutes=14))
    browser.log_in("alice@exemple.fr", PASSWORD)
    assert browser.status == 429
    let_time_pass(app, timedelta(minutes=15))
    browser.log_in("alice@exemple.fr", PASSWORD)
    assert browser.path == "/"


def test_the_twenty_first_try_from_one_network_waits_whatever_the_account(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    for number in range(20):
        browser.log_in(f"personne{number}@exemple.fr", "x")
        assert browser.status == 200
    browser.log_in("alice@exemple.fr", PASSWORD)
    assert browser.status == 429


def test_whoever_gets_in_starts_again_with_five_tries(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    for _ in range(2):
        browser = Browser(app)
        for _ in range(4):
            browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
        browser.log_in("alice@exemple.fr", PASSWORD)
        assert browser.path == "/"


def test_of_twenty_tries_at_once_five_are_made(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    statuses: list[int] = []

    def one_try() -> None:
        browser = Browser(app)
        browser.get("/login")
        gate.wait()
        browser.submit(email="alice@exemple.fr", password=OTHER_PASSWORD)
        statuses.append(browser.status)

    gate = threading.Barrier(20)
    threads = [threading.Thread(target=one_try) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(statuses)) in ([200, 429], [429])
    assert statuses.count(200) <= 5
    assert len(facts(app, "sign_in")) == statuses.count(200)


def test_without_the_count_a_sixth_try_would_be_made(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(app, "alice@exemple.fr")
    endless = rules.Limit(10**6, 10**6, timedelta(minutes=15))
    monkeypatch.setitem(rules.LIMITS, "sign_in", endless)
    browser = Browser(app)
    for _ in range(6):
        browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
    assert browser.status == 200


def test_tries_are_kept_for_a_day_and_name_nobody(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
    with app.app_context():
        assert "alice" not in db.session.scalars(select(SignInAttempt.account)).one()
    let_time_pass(app, timedelta(days=1, minutes=1))
    browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
    assert count(app, SignInAttempt) == 1


def test_a_log_in_renews_the_cookie_and_the_token_of_forms(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.get("/login")
    before = browser.client.get_cookie("session"), browser.csrf_token
    browser.submit(email="alice@exemple.fr", password=PASSWORD)
    browser.get("/account/password/")
    after = browser.client.get_cookie("session"), browser.csrf_token
    assert before[0] is not None
    assert after[0] is not None
    assert before[0].value != after[0].value
    assert before[1] != after[1]
    browser.client.post("/logout", data={"csrf_token": before[1]})
    assert is_in(browser), "a token from before the log-in still worked"


def test_the_log_in_form_needs_its_token(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    client = app.test_client()
    client.get("/login")
    answer = client.post("/login", data={"email": "alice@exemple.fr", "password": PASSWORD})
    assert answer.status_code == 400
    assert count(app, UserSession) == 0


def test_a_body_that_is_no_form_is_refused(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.get("/login")
    for body in ([1, 2], {"email": {"a": 1}, "password": 3}, "text"):
        answer = browser.client.post("/login", json=body, headers={"X-CSRFToken": browser.csrf_token})
        assert answer.status_code == 400


@pytest.mark.parametrize("asked", ["/account/", "/client/?search=a"])
def test_the_way_back_leads_to_the_page_that_was_asked_for(app: Flask, asked: str) -> None:
    assert _way_back(app, asked) == asked


ELSEWHERE = [
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "///evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    " //evil.example",
    "\t//evil.example",
]


@pytest.mark.parametrize("asked", ELSEWHERE)
def test_the_way_back_never_leads_elsewhere(app: Flask, asked: str) -> None:
    way = _way_back(app, asked)
    assert "\\" not in way
    assert urlsplit(urljoin("http://localhost/login", way))[:2] == ("http", "localhost")


def _way_back(app: Flask, asked: str) -> str:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.get("/login")
    fields = {"email": "alice@exemple.fr", "password": PASSWORD, "csrf_token": browser.csrf_token}
    answer = browser.client.post("/login", data={**fields, "next": asked})
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_the_page_that_was_asked_for_comes_after_the_log_in(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.get("/account/password/")
    assert browser.path.startswith("/login?next=")
    browser.submit(email="alice@exemple.fr", password=PASSWORD)
    assert browser.path == "/account/password/"


def test_log_ins_refusals_and_log_outs_are_facts_of_the_history(app: Flask) -> None:
    make_user(app, "alice@exemple.fr", first_name="Alice", last_name="Martin")
    browser = Browser(app)
    browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
    browser.log_in("alice@exemple.fr", PASSWORD)
    browser.submit("form[action='/logout']")
    assert facts(app, "sign_in") == [("visiteur", "refused"), ("Alice Martin", "accepted")]
    assert facts(app, "session") == [("Alice Martin", "logout")]


def test_logging_out_by_get_does_nothing(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    assert browser.client.get("/logout").status_code == 405
    assert is_in(browser)


def test_logging_out_needs_the_token(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    assert browser.client.post("/logout").status_code == 400
    assert is_in(browser)


def test_logging_out_twice_is_harmless(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    browser.submit("form[action='/logout']")
    assert browser.path == "/login"
    browser.post("/logout")
    assert (browser.path, browser.status) == ("/login", 200)


def test_a_password_is_checked_while_others_can_write(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash takes a tenth of a second: it must not hold the only write lock of SQLite."""
    make_user(app, "alice@exemple.fr")
    context = app.extensions["security"].pwd_context
    verify = context.verify
    written: list[bool] = []

    def verify_while_another_writes(secret: str, hashed: str) -> bool:
        other = threading.Thread(target=lambda: written.append(bool(make_user(app, "bob@exemple.fr"))))
        other.start()
        other.join(timeout=3)
        return bool(verify(secret, hashed))

    monkeypatch.setattr(context, "verify", verify_while_another_writes)
    logged_in(app, "alice@exemple.fr")
    assert written == [True]
