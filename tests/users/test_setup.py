"""The first visit: a one-time link on the console makes the first administrator; there is no default account."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.core.db import db
from backoffice.users import setup
from backoffice.users.models import SetupLink, User
from tests.users.people import PASSWORD, count, facts, make_user
from tests.web import Browser

MakeApp = Callable[..., Flask]

ALICE = {"first_name": "Alice", "last_name": "Martin", "email": "Alice@Exemple.fr", "password": PASSWORD}
FORM = "form:has([name=first_name])"


@pytest.fixture
def new_app(make_app: MakeApp) -> Flask:
    """An app on which nobody has an account, and that has never seen one."""
    return make_app()


def _link(app: Flask) -> str:
    with app.app_context():
        link = setup.setup_link(app.extensions["settings"], "http://127.0.0.1:5000")
    assert link is not None
    assert link.startswith("http://127.0.0.1:5000/setup?token=")
    return link.removeprefix("http://127.0.0.1:5000")


@pytest.mark.parametrize("address", ["/", "/login", "/reset", "/account/", "/client/", "/client/new/"])
def test_before_the_first_account_every_page_leads_to_the_explanation(new_app: Flask, address: str) -> None:
    browser = Browser(new_app)
    browser.get(address)
    assert browser.path == "/setup"
    assert "Ouvrez le lien affiché dans la console" in browser.text
    assert not browser.page.select("input[name=password]")


def test_the_link_makes_an_administrator_who_is_logged_in_at_once(new_app: Flask) -> None:
    browser = Browser(new_app)
    browser.get(_link(new_app))
    browser.submit(FORM, **ALICE)
    assert (browser.path, browser.status) == ("/", 200)
    with new_app.app_context():
        user = db.session.scalars(select(User)).one()
        assert (user.email, user.name, user.role) == ("Alice@exemple.fr", "Alice Martin", "administrateur")
        assert user.password is not None
        assert user.password.startswith("$argon2id$")
    assert facts(new_app, "password")[0][1] == "•••"


def test_the_link_serves_once(new_app: Flask) -> None:
    link = _link(new_app)
    browser = Browser(new_app)
    browser.get(link)
    token = browser.fields(FORM)["token"]
    browser.submit(FORM, **ALICE)
    other = Browser(new_app)
    other.get(link)
    assert other.path.startswith("/login")
    other.post("/setup", {**ALICE, "email": "bob@exemple.fr", "token": token})
    assert count(new_app, User) == 1
    assert count(new_app, SetupLink) == 0


def test_of_two_who_use_the_link_at_once_one_becomes_administrator(new_app: Flask) -> None:
    link = _link(new_app)
    browsers = [Browser(new_app), Browser(new_app)]
    for browser in browsers:
        browser.get(link)

    def send(browser: Browser, email: str) -> None:
        gate.wait()
        browser.submit(FORM, **{**ALICE, "email": email})

    gate = threading.Barrier(2)
    pairs = zip(browsers, ("alice@exemple.fr", "bob@exemple.fr"), strict=True)
    threads = [threading.Thread(target=send, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(new_app, User) == 1


@pytest.mark.parametrize("token", ["", "x", "\x00", "é" * 500])
def test_without_the_right_token_there_is_no_form_and_no_account(new_app: Flask, token: str) -> None:
    _link(new_app)
    browser = Browser(new_app)
    browser.get("/setup", query_string={"token": token})
    assert not browser.page.select("input[name=password]")
    browser.get("/login")
    fields = {**ALICE, "token": token}
    browser.post("/setup", fields)
    assert count(new_app, User) == 0


def test_starting_again_kills_the_link_before(new_app: Flask) -> None:
    old, new = _link(new_app), _link(new_app)
    browser = Browser(new_app)
    browser.get(old)
    assert "a été remplacé par un plus récent" in browser.text
    browser.get(new)
    assert browser.page.select("input[name=password]")


def test_there_is_no_link_once_there_is_an_account(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    with app.app_context():
        assert setup.setup_link(app.extensions["settings"], "http://127.0.0.1:5000") is None


def test_the_database_holds_no_token(new_app: Flask) -> None:
    token = _link(new_app).partition("=")[2]
    with new_app.app_context():
        assert token not in db.session.scalars(select(SetupLink.token_hash)).one()


WRONG = [
    ("email", "alice", "Il manque le @"),
    ("email", "", "Saisissez votre adresse e-mail"),
    ("email", "a" * 300 + "@exemple.fr", "trop long"),
    ("password", "court", "Choisissez au moins 15 caractères"),
    ("password", "alice martin alice martin", "se devine"),
    ("first_name", "A\u0007", "caractère invisible"),
    ("last_name", "M" * 81, "trop long"),
]


@pytest.mark.parametrize(("field", "typed", "sentence"), WRONG)
def test_a_mistake_is_named_beside_its_field_and_the_link_still_serves(
    new_app: Flask, field: str, typed: str, sentence: str
) -> None:
    browser = Browser(new_app)
    browser.get(_link(new_app))
    browser.submit(FORM, **{**ALICE, field: typed})
    assert sentence in browser.error_of(field)
    assert count(new_app, User) == 0
    browser.submit(FORM, **ALICE)
    assert browser.path == "/"


def test_demo_data_is_offered_when_there_is_some_and_added_when_ticked(
    new_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[bool] = []
    monkeypatch.setattr(setup, "on_demo", lambda: added.append(True))
    browser = Browser(new_app)
    browser.get(_link(new_app))
    browser.submit(FORM, **ALICE, demo=True)
    assert added == [True]
    assert "données de démonstration" in browser.text


def test_demo_data_is_not_offered_when_there_is_none(new_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "on_demo", None)
    browser = Browser(new_app)
    browser.get(_link(new_app))
    assert "demo" not in browser.fields(FORM)
