"""Who comes in: what its own tests of accounts leave out, and what would be open with each guard taken out."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from sqlalchemy import select

from backoffice.core.db import db
from backoffice.users import forms, models, reset, rules, services, signin
from backoffice.users.models import User, UserSession
from tests.conftest import on_sqlite_only
from tests.users.people import (
    OTHER_PASSWORD,
    PASSWORD,
    change,
    is_in,
    logged_in,
    make_older,
    make_user,
)
from tests.web import Browser

ALICE = "alice@exemple.fr"
CHOOSE = "form:has([name=repeat])"

pytestmark = on_sqlite_only


def test_passwords_are_kept_by_argon2id_with_what_owasp_asks_for_or_more(app: Flask) -> None:
    with app.app_context():
        kept = signin.hash_password(PASSWORD)
        assert signin.hash_password(PASSWORD) != kept, "each has a salt of its own"
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", kept)
    assert found
    memory, rounds, _lanes = map(int, found.groups())
    assert memory >= 19_456
    assert rounds >= 2


def test_an_unknown_address_takes_as_long_as_a_wrong_password(app: Flask) -> None:
    """Both cost one hash of full strength; the quickest of some tries, for the machine has other things to do."""
    with app.app_context():
        make_user(app, ALICE, password_hash=signin.hash_password(PASSWORD))
    took = {email: min(_try(app, email) for _ in range(4)) for email in (ALICE, "personne@exemple.fr")}
    assert 0.4 < took[ALICE] / took["personne@exemple.fr"] < 2.5, took


def _try(app: Flask, email: str) -> float:
    browser = Browser(app)
    browser.get("/login")
    fields = {"email": email, "password": OTHER_PASSWORD, "csrf_token": browser.csrf_token}
    begun = time.perf_counter()
    assert browser.client.post("/login", data=fields).status_code == 200
    return time.perf_counter() - begun


# ---------------------------------------------------------------------------------- negative controls


def test_without_its_hash_an_unknown_address_would_answer_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        make_user(app, ALICE, password_hash=signin.hash_password(PASSWORD))
    monkeypatch.setattr(signin, "_hash", lambda typed: typed)
    took = {email: min(_try(app, email) for _ in range(4)) for email in (ALICE, "personne@exemple.fr")}
    assert took[ALICE] / took["personne@exemple.fr"] > 2.5


def test_without_the_ages_a_session_would_never_be_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(app, ALICE)
    browser = logged_in(app, ALICE)
    monkeypatch.setattr(rules, "why_over", lambda *_: None)
    make_older(app, UserSession.last_seen_at, timedelta(hours=5))
    make_older(app, UserSession.created_at, timedelta(days=5))
    assert is_in(browser)


def test_without_the_listener_a_change_of_role_would_end_no_session(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(app, ALICE)
    browser = logged_in(app, ALICE)
    monkeypatch.setattr(models, "_ENDS_SESSIONS", {})
    change(app, ALICE, role="lecture")
    assert is_in(browser)


def test_without_a_new_mark_of_the_account_a_link_would_serve_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(app, ALICE)
    link = _link(app)
    with app.app_context():
        mark = db.session.scalars(select(User.fs_uniquifier)).one()
    monkeypatch.setattr(services, "new_uniquifier", lambda: mark)
    for password in (OTHER_PASSWORD, "jardin cobalt ficelle onze"):
        browser = Browser(app)
        browser.get(link)
        browser.submit(CHOOSE, password=password, repeat=password)
        assert browser.path == "/login"


def test_without_the_hour_an_old_link_would_still_serve(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(app, ALICE)
    link, stock = _link(app), TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: int(stock(self) + 2 * 3600))
    browser = Browser(app)
    browser.get(link)
    assert browser.path == "/reset"
    monkeypatch.setattr(reset, "RESET_WITHIN", timedelta(days=3))
    browser.get(link)
    assert browser.path == link


def test_without_the_rules_a_password_that_is_guessed_at_once_would_do(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(app, ALICE)
    browser = Browser(app)
    browser.get(_link(app))
    browser.submit(CHOOSE, password="motdepasse", repeat="motdepasse")
    assert browser.error_of("password")
    monkeypatch.setattr(forms, "password_problems", lambda *_: iter(()))
    browser.submit(CHOOSE, password="motdepasse", repeat="motdepasse")
    assert browser.path == "/login"


def _link(app: Flask) -> str:
    with app.test_request_context():
        link = reset.link_for(db.session.scalars(select(User)).one())
    return "/" + link.split("/", 3)[3]
