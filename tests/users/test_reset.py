"""A new password by a link that is mailed, serves once, and only within the hour."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from sqlalchemy import select

from backoffice.core.db import db
from backoffice.users import reset
from backoffice.users.models import User
from tests.users.people import (
    OTHER_PASSWORD,
    PASSWORD,
    change,
    cheap_hash,
    count,
    facts,
    is_in,
    logged_in,
    make_user,
)
from tests.web import Browser

SENT = "Si un compte existe pour cette adresse, un lien vient de lui être envoyé."
DEAD = "Ce lien a déjà servi ou n’est plus valable"


def _ask(app: Flask, email: str) -> Browser:
    """Ask for a link, and wait until the answer has gone out: the mail comes after it."""
    browser = Browser(app)
    browser.get("/reset")
    fields = {"email": email, "csrf_token": browser.csrf_token}
    with browser.client.post("/reset", data=fields) as answer:
        browser.response = answer  # type: ignore[assignment]
        if answer.status_code == 302:
            browser.get(answer.headers["Location"])
    return browser


def _link(app: Flask, email: str) -> str:
    """The link as the mail would hold it, without its host."""
    with app.test_request_context():
        user = db.session.scalars(select(User).where(User.email == email)).one()
        return "/" + reset.link_for(user).split("/", 3)[3]


def _choose(app: Flask, link: str, password: str = OTHER_PASSWORD) -> Browser:
    browser = Browser(app)
    browser.get(link)
    browser.submit("form:has([name=repeat])", password=password, repeat=password)
    return browser


def _password(app: Flask, email: str = "alice@exemple.fr") -> str | None:
    with app.app_context():
        return db.session.scalars(select(User.password).where(User.email == email)).one()


def test_the_mail_goes_to_the_console_and_its_link_gives_a_new_password(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    make_user(app, "alice@exemple.fr")
    thief = logged_in(app, "alice@exemple.fr")
    browser = _ask(app, "ALICE@exemple.fr")
    assert SENT in browser.text
    mail = capsys.readouterr().err
    found = re.search(r"http://localhost(/reset/\S+)", mail)
    assert found, mail
    assert "alice@exemple.fr" in mail
    _choose(app, found[1])
    assert not is_in(thief), "the old sessions are over"
    browser.log_in("alice@exemple.fr", PASSWORD)
    assert browser.path == "/login"
    browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
    assert browser.path == "/"
    assert [after for _, after in facts(app, "password")] == ["•••", "reset_sent", "•••", "reset"]


def test_the_answer_is_the_same_for_an_address_that_nobody_has(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    make_user(app, "alice@exemple.fr")
    make_user(app, "partie@exemple.fr")
    change(app, "partie@exemple.fr", active=False)
    answers = {
        _ask(app, email).text for email in ("alice@exemple.fr", "personne@exemple.fr", "partie@exemple.fr")
    }
    assert len(answers) == 1
    assert capsys.readouterr().err.count("--- e-mail ---") == 1


def test_an_account_is_looked_for_once_the_answer_has_gone_out(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is done for an account alone would be told by the time of the answer."""
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.get("/reset")
    fields = {"email": "alice@exemple.fr", "csrf_token": browser.csrf_token}
    with browser.client.post("/reset", data=fields) as answer:
        assert answer.status_code == 302
        assert facts(app, "password")[-1][1] == "•••"
    assert facts(app, "password")[-1] == ("visiteur", "reset_sent")
    assert "/reset/" in capsys.readouterr().err


def test_a_link_serves_once(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    link = _link(app, "alice@exemple.fr")
    _choose(app, link)
    before = _password(app)
    browser = Browser(app)
    browser.get(link)
    assert browser.path == "/reset"
    assert DEAD in browser.text
    assert _password(app) == before


def test_the_link_in_the_mail_to_a_wrong_address_is_dead_once_the_address_is_corrected(app: Flask) -> None:
    make_user(app, "alixe@exemple.fr", password_hash=None)
    link = _link(app, "alixe@exemple.fr")
    change(app, "alixe@exemple.fr", email="alice@exemple.fr")
    browser = Browser(app)
    browser.get(link)
    assert browser.path == "/reset"
    assert DEAD in browser.text
    browser.get(_link(app, "alice@exemple.fr"))
    assert browser.path.startswith("/reset/")


def test_of_two_who_use_a_link_at_once_one_chooses_the_password(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    link = _link(app, "alice@exemple.fr")
    browsers = [Browser(app), Browser(app)]
    for browser in browsers:
        browser.get(link)

    def send(browser: Browser, password: str) -> None:
        gate.wait()
        browser.submit("form:has([name=repeat])", password=password, repeat=password)

    gate = threading.Barrier(2)
    passwords = ("premier mot de passe choisi", "second mot de passe choisi")
    threads = [threading.Thread(target=send, args=pair) for pair in zip(browsers, passwords, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(browser.path == "/login" for browser in browsers) == 1


@pytest.mark.parametrize(("age", "works"), [(59, True), (61, False)])
def test_a_link_is_valid_for_an_hour(
    app: Flask, monkeypatch: pytest.MonkeyPatch, age: int, works: bool
) -> None:
    make_user(app, "alice@exemple.fr")
    link = _aged_link(app, monkeypatch, timedelta(minutes=age))
    browser = Browser(app)
    browser.get(link)
    assert (DEAD not in browser.text) == works


@pytest.mark.parametrize(("age", "works"), [(2, True), (4, False)])
def test_an_invitation_is_valid_for_three_days(
    app: Flask, monkeypatch: pytest.MonkeyPatch, age: int, works: bool
) -> None:
    make_user(app, "alice@exemple.fr", password_hash=None)
    browser = Browser(app)
    browser.get(_aged_link(app, monkeypatch, timedelta(days=age)))
    assert (DEAD not in browser.text) == works


def _aged_link(app: Flask, monkeypatch: pytest.MonkeyPatch, age: timedelta) -> str:
    link = _link(app, "alice@exemple.fr")
    stock = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: int(stock(self) + age.total_seconds()))
    return link


def test_an_invited_person_chooses_a_password_and_gets_in(app: Flask) -> None:
    make_user(app, "alice@exemple.fr", password_hash=None)
    browser = _choose(app, _link(app, "alice@exemple.fr"))
    browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
    assert browser.path == "/"


def test_the_pages_before_and_after_ones_time_here_are_in_ones_own_language(app: Flask) -> None:
    make_user(app, "alice@exemple.fr", password_hash=None, locale="en")
    stranger = Browser(app)
    stranger.get("/login")
    assert "Connexion" in stranger.text

    invited = _choose(app, _link(app, "alice@exemple.fr"))
    assert invited.path == "/login"
    assert "Password saved. Log in." in invited.text
    invited.log_in("alice@exemple.fr", OTHER_PASSWORD)
    invited.submit("form[action='/logout']")
    assert invited.path == "/login"
    assert invited.page.select_one("html[lang=en]")

    invited.log_in("alice@exemple.fr", OTHER_PASSWORD)
    change(app, "alice@exemple.fr", active=False)
    invited.get("/client/")
    assert "Your session has ended" in invited.text


@pytest.mark.parametrize("token", ["x", "a.b.c", "%00", "x" * 3000, "é"])
def test_a_false_link_is_nobodys(app: Flask, token: str) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.get(f"/reset/{token}")
    assert DEAD in browser.text


def test_the_link_of_somebody_who_has_left_is_dead(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    link = _link(app, "alice@exemple.fr")
    change(app, "alice@exemple.fr", active=False)
    browser = Browser(app)
    browser.get(link)
    assert DEAD in browser.text


WRONG = [
    ({"password": "court", "repeat": "court"}, "password", "Choisissez au moins 15 caractères"),
    ({"password": OTHER_PASSWORD, "repeat": "autre"}, "repeat", "Les deux mots de passe diffèrent"),
    ({"password": "aaaaaaaaaaaaaaaaaaaa", "repeat": "aaaaaaaaaaaaaaaaaaaa"}, "password", "se devine"),
    ({"password": "", "repeat": ""}, "password", "Saisissez un mot de passe"),
]


@pytest.mark.parametrize(("typed", "field", "sentence"), WRONG)
def test_a_weak_or_mistyped_password_is_refused_and_the_link_still_serves(
    app: Flask, typed: dict[str, str], field: str, sentence: str
) -> None:
    make_user(app, "alice@exemple.fr")
    link = _link(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.get(link)
    browser.submit("form:has([name=repeat])", **typed)
    assert sentence in browser.error_of(field)
    assert _password(app) == cheap_hash()
    browser.get(link)
    assert DEAD not in browser.text


def test_links_can_be_asked_for_three_times_an_hour(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    make_user(app, "alice@exemple.fr")
    for _ in range(3):
        assert _ask(app, "alice@exemple.fr").status == 200
    refused = _ask(app, "alice@exemple.fr")
    assert refused.status == 429
    assert 3500 < int(refused.response.headers["Retry-After"]) <= 3600
    assert capsys.readouterr().err.count("--- e-mail ---") == 3


def test_the_form_needs_its_token(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    client = app.test_client()
    assert client.post("/reset", data={"email": "alice@exemple.fr"}).status_code == 400
    link = _link(app, "alice@exemple.fr")
    answer = client.post(link, data={"password": OTHER_PASSWORD, "repeat": OTHER_PASSWORD})
    assert answer.status_code == 400
    assert _password(app) == cheap_hash()
    assert count(app, User) == 1


def test_links_bear_the_address_that_users_type(make_app: Any) -> None:
    app = make_app(PUBLIC_URL="https://clients.exemple.fr")
    make_user(app, "alice@exemple.fr")
    with app.test_request_context(base_url="http://localhost"):
        user = db.session.scalars(select(User)).one()
        assert reset.link_for(user).startswith("https://clients.exemple.fr/reset/")
