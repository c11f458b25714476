"""Sessions stand in a table: what ends them, ends them for every copy of the cookie."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from backoffice.core.db import db, for_writing
from backoffice.users import rules, security
from backoffice.users.models import User, UserSession
from tests.users.people import (
    OTHER_PASSWORD,
    PASSWORD,
    change,
    cheap_hash,
    facts,
    is_in,
    logged_in,
    make_older,
    make_user,
)
from tests.web import Browser


def _reason(app: Flask) -> str | None:
    with app.app_context():
        return db.session.scalars(select(UserSession.ended_reason).order_by(UserSession.id)).first()


def _copy(browser: Browser, app: Flask) -> Browser:
    """The same cookie in another browser, as a thief has it."""
    cookie = browser.client.get_cookie("session")
    assert cookie is not None
    thief = Browser(app)
    thief.client.set_cookie("session", cookie.value)
    return thief


def test_a_copied_cookie_is_dead_after_the_log_out(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    thief = _copy(browser, app)
    assert is_in(thief)
    browser.get("/")
    browser.submit("form[action='/logout']")
    assert not is_in(thief)


def test_without_the_table_a_copied_cookie_would_live_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    thief = _copy(browser, app)
    browser.get("/")
    browser.submit("form[action='/logout']")
    monkeypatch.setattr(rules, "why_over", lambda *_: None)
    assert is_in(thief)


def test_the_database_holds_no_token(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    with browser.client.session_transaction() as cookie:
        token = cookie["token"]
    with app.app_context():
        assert db.session.scalars(select(UserSession.token_hash)).one() == rules.token_hash(token)


@pytest.mark.parametrize("stored", ["", "x", "x" * 500, 7, None, ["a"]])
def test_an_odd_token_is_nobody(app: Flask, stored: Any) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    with browser.client.session_transaction() as cookie:
        cookie["token"] = stored
    assert not is_in(browser)


def test_after_half_an_hour_without_a_request_one_must_log_in_again(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    make_older(app, UserSession.last_seen_at, timedelta(minutes=29))
    assert is_in(browser)
    make_older(app, UserSession.last_seen_at, timedelta(minutes=30))
    assert not is_in(browser)


def test_the_idle_time_is_a_setting(make_app: Any) -> None:
    app = make_app(SESSION_IDLE_MINUTES="5")
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    make_older(app, UserSession.last_seen_at, timedelta(minutes=5))
    assert not is_in(browser)


def test_after_twelve_hours_one_must_log_in_again_however_busy(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    make_older(app, UserSession.created_at, timedelta(hours=12))
    assert not is_in(browser)


CHANGES = [
    ({"role": "lecture"}, "role"),
    ({"active": False}, "inactive"),
    ({"password": cheap_hash(OTHER_PASSWORD)}, "password"),
]


@pytest.mark.parametrize(("values", "reason"), CHANGES)
def test_a_change_of_role_password_or_activity_ends_all_sessions_at_the_next_request(
    app: Flask, values: dict[str, Any], reason: str
) -> None:
    make_user(app, "alice@exemple.fr")
    make_user(app, "bob@exemple.fr")
    one, two, bob = (
        logged_in(app, who) for who in ("alice@exemple.fr", "alice@exemple.fr", "bob@exemple.fr")
    )
    change(app, "alice@exemple.fr", **values)
    assert not is_in(one)
    assert not is_in(two)
    assert is_in(bob)
    assert _reason(app) == reason


def test_a_change_of_name_ends_nothing(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    change(app, "alice@exemple.fr", last_name="Martin", locale="en")
    assert is_in(browser)


def test_somebody_made_inactive_behind_our_back_is_out_as_well(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    with app.app_context(), for_writing():
        db.session.execute(db.text('UPDATE "user" SET active = false'))
        db.session.commit()
    assert not is_in(browser)


def test_a_session_is_marked_as_seen_once_a_minute_at_most(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")

    def seen() -> Any:
        with app.app_context():
            return db.session.scalars(select(UserSession.last_seen_at)).one()

    first = seen()
    browser.get("/account/")
    assert seen() == first
    make_older(app, UserSession.last_seen_at, timedelta(minutes=1))
    browser.get("/account/")
    assert seen() > first
    with app.app_context():
        assert db.session.scalars(select(User.last_seen_at)).one() == seen()


def test_a_page_opens_at_once_while_another_holds_the_write_lock(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    make_older(app, UserSession.last_seen_at, timedelta(minutes=5))
    with app.app_context(), for_writing():
        db.session.execute(db.text('UPDATE "user" SET locale = locale'))
        db.session.execute(db.text("UPDATE user_session SET address = address"))
        began = time.perf_counter()
        assert is_in(browser)
        assert time.perf_counter() - began < 4, "it waited for the lock"
        db.session.rollback()


def test_ones_own_sessions_are_listed_and_can_be_ended(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    here, there = logged_in(app, "alice@exemple.fr"), logged_in(app, "alice@exemple.fr")
    here.get("/account/")
    assert here.text.count("Ouverte à") == 2
    here.submit("form[action='/account/sessions/end/']")
    assert "Session terminée." in here.text
    assert not is_in(there)
    assert is_in(here)


def test_all_other_sessions_can_be_ended_at_once(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    here, *others = (logged_in(app, "alice@exemple.fr") for _ in range(3))
    here.get("/account/")
    here.submit("form[action='/account/sessions/end-others/']")
    assert [is_in(browser) for browser in others] == [False, False]
    assert is_in(here)


def test_nobody_ends_the_session_of_another(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    make_user(app, "bob@exemple.fr")
    alice, bob = logged_in(app, "alice@exemple.fr"), logged_in(app, "bob@exemple.fr")
    with app.app_context():
        of_alice = db.session.scalars(select(UserSession.id).order_by(UserSession.id)).first()
    bob.get("/account/password/")
    for odd in (of_alice, "", "abc", "-1", 10**24, "\x00"):
        bob.post("/account/sessions/end/", {"id": odd})
        assert bob.status == 404
        bob.get("/account/password/")
    assert is_in(alice)


def test_changing_ones_password_keeps_this_browser_in_and_no_other(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    here, there = logged_in(app, "alice@exemple.fr"), logged_in(app, "alice@exemple.fr")
    here.get("/account/password/")
    form = "form:has([name=current])"
    here.submit(form, current=PASSWORD, password=OTHER_PASSWORD, repeat=OTHER_PASSWORD)
    assert here.path == "/account/"
    assert is_in(here)
    assert not is_in(there)
    assert ("alice@exemple.fr", "changed") in facts(app, "password")
    fresh = Browser(app)
    fresh.log_in("alice@exemple.fr", PASSWORD)
    assert fresh.path == "/login"
    fresh.log_in("alice@exemple.fr", OTHER_PASSWORD)
    assert fresh.path == "/"


WRONG_CHANGES = [
    ({"current": OTHER_PASSWORD}, "current", "Ce n’est pas votre mot de passe actuel"),
    ({"current": ""}, "current", "Saisissez votre mot de passe actuel"),
    ({"repeat": "autre chose"}, "repeat", "Les deux mots de passe diffèrent"),
    ({"password": "court", "repeat": "court"}, "password", "Choisissez au moins 15 caractères"),
]


@pytest.mark.parametrize(("wrong", "field", "sentence"), WRONG_CHANGES)
def test_a_password_is_not_changed_by_a_form_with_a_mistake(
    app: Flask, wrong: dict[str, str], field: str, sentence: str
) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    browser.get("/account/password/")
    right = {"current": PASSWORD, "password": OTHER_PASSWORD, "repeat": OTHER_PASSWORD}
    browser.submit("form:has([name=current])", **{**right, **wrong})
    assert sentence in browser.error_of(field)
    with app.app_context():
        assert db.session.scalars(select(User.password)).one() == cheap_hash()


def test_the_present_password_cannot_be_guessed_on_an_open_screen(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    for _ in range(6):
        browser.get("/account/password/")
        browser.submit(
            "form:has([name=current])", current="faux", password=OTHER_PASSWORD, repeat=OTHER_PASSWORD
        )
    assert browser.status == 429


def test_static_files_ask_the_database_for_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")

    def never(token: str) -> None:
        raise AssertionError("the session was looked up")

    monkeypatch.setattr(security, "_look_up", never)
    for address in ("/static/icon.svg", "/health/live"):
        with browser.client.get(address) as answer:
            assert answer.status_code == 200


def test_a_silent_database_is_asked_once_for_who_this_is_and_answered_by_503(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    asked: list[str] = []

    def silent(token: str) -> None:
        asked.append(token)
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(security, "_look_up", silent)
    answer = browser.client.get("/account/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert len(asked) == 1
    monkeypatch.undo()
    assert is_in(browser), "the cookie is still good"


def test_whoever_was_thrown_out_is_told_so_and_a_stranger_is_not(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    make_older(app, UserSession.last_seen_at, timedelta(minutes=30))
    browser.get("/account/")
    assert "Votre session est terminée : reconnectez-vous." in browser.text
    stranger = Browser(app)
    stranger.get("/account/")
    assert "session est terminée" not in stranger.text
