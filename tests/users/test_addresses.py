"""From where somebody comes: the address that tries are counted for, and that lists of sessions show."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.core.db import db
from backoffice.users.models import SignInAttempt, UserSession
from tests.conftest import MakeApp, on_sqlite_only
from tests.users.people import PASSWORD, make_user
from tests.web import Browser

pytestmark = on_sqlite_only


def _try(app: Flask, forwarded: str, email: str = "alice@exemple.fr", password: str = "x") -> int:
    """The status of a log-in that comes with this X-Forwarded-For."""
    browser = Browser(app)
    browser.get("/login")
    fields = {"email": email, "password": password, "csrf_token": browser.csrf_token}
    return browser.client.post("/login", data=fields, headers={"X-Forwarded-For": forwarded}).status_code


def _networks(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(SignInAttempt.network)))


def test_behind_a_proxy_tries_are_counted_for_the_address_that_the_proxy_saw(make_app: MakeApp) -> None:
    app = make_app(TRUSTED_PROXIES="1")
    make_user(app, "alice@exemple.fr")
    for number in range(20):
        assert _try(app, f"9.9.9.{number}, 203.0.113.7", f"personne{number}@exemple.fr") == 200
    assert _try(app, "9.9.9.99, 203.0.113.7", password=PASSWORD) == 429, "what comes before it is made up"
    assert _try(app, "203.0.113.8", password=PASSWORD) == 302
    assert _networks(app) == {"203.0.113.7", "203.0.113.8"}
    with app.app_context():
        assert db.session.scalars(select(UserSession.address)).all() == ["203.0.113.8"]


def test_without_a_proxy_nobody_chooses_their_address(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    _try(app, "203.0.113.7")
    assert _networks(app) == {"127.0.0.1"}


def test_two_proxies_say_it_in_the_last_place_but_one(make_app: MakeApp) -> None:
    app = make_app(TRUSTED_PROXIES="2")
    make_user(app, "alice@exemple.fr")
    _try(app, "9.9.9.9, 203.0.113.7, 10.0.0.1")
    assert _networks(app) == {"203.0.113.7"}


@pytest.mark.parametrize("odd", ["x", "", ",", "1.2.3.4.5", "\u00e9" * 500, "<script>"])
def test_an_address_that_is_none_is_counted_with_all_others_of_that_kind(make_app: MakeApp, odd: str) -> None:
    app = make_app(TRUSTED_PROXIES="1")
    make_user(app, "alice@exemple.fr")
    assert _try(app, odd) == 200
    assert _networks(app) <= {"unknown", "127.0.0.1"}


def test_a_host_that_a_proxy_names_must_be_ours_as_well(make_app: MakeApp) -> None:
    app = make_app(TRUSTED_PROXIES="1")
    answer = app.test_client().get("/login", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 400
