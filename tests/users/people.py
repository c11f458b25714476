"""People for tests: an account of each role, whose hash is made cheaply so that logging in costs no time."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from flask import Flask, session
from flask_security.utils import login_user
from sqlalchemy import select, update

from backoffice.core.audit import SYSTEM, Fact, act_as
from backoffice.core.db import db, for_writing, now
from backoffice.users import services
from backoffice.users.models import SignInAttempt, User, UserSession
from tests.web import Browser

PASSWORD = "cheval pile agrafe correcte"
OTHER_PASSWORD = "tortue velours bassine dix-huit"

ROLES = ("lecture", "support", "gestionnaire", "administrateur")


@cache
def cheap_hash(password: str = PASSWORD) -> str:
    """An argon2id hash of the smallest size."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


def make_user(app: Flask, email: str, role: str = "gestionnaire", **more: Any) -> int:
    """Make an account and return its id."""
    new = services.NewUser(email, role, **{"password_hash": cheap_hash(), **more})
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        user = services.create_user(db.session(), new)
        db.session.commit()
        return user.id


def change(app: Flask, email: str, /, **values: Any) -> None:
    """Change an account the way a service does."""
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        user = db.session.scalars(select(User).where(User.email == email)).one()
        for name, value in values.items():
            setattr(user, name, value)
        db.session.commit()


def logged_in(app: Flask, email: str) -> Browser:
    """Somebody in front of a browser, logged in."""
    browser = Browser(app)
    browser.log_in(email, PASSWORD)
    assert browser.path == "/", browser.text
    return browser


def signed_in(app: Flask, email: str) -> Browser:
    """Somebody who has logged in before the test begins: the same session and cookie, without the pages."""
    browser = Browser(app)
    browser.client.set_cookie(*session_cookie(app, email))
    return browser


def session_cookie(app: Flask, email: str) -> tuple[str, str]:
    """Name and value of the cookie of somebody who has just logged in."""
    with app.test_request_context("/login", method="POST"):
        login_user(db.session.scalars(select(User).where(User.email == email)).one(), authn_via=["password"])
        response = app.response_class()
        app.session_interface.save_session(app, session, response)
    (sent,) = response.headers.getlist("Set-Cookie")
    name, _, value = sent.partition(";")[0].partition("=")
    return name, value


def is_in(browser: Browser) -> bool:
    """Is this browser still logged in?"""
    browser.get("/account/")
    return browser.path == "/account/" and browser.status == 200


def make_older(app: Flask, column: Any, by: timedelta) -> None:
    """Move the moments of a column into the past, instead of waiting."""
    with app.app_context(), for_writing():
        db.session.execute(update(column.class_).values({column.key: now() - by}))
        db.session.commit()


def let_time_pass(app: Flask, by: timedelta) -> None:
    """Everything about tries and sessions happened that much earlier."""
    make_older(app, SignInAttempt.at, by)
    make_older(app, UserSession.last_seen_at, by)


def facts(app: Flask, field: str) -> list[tuple[Any, Any]]:
    """Who did what to a field of accounts, in order: (actor, after)."""
    with app.app_context():
        statement = select(Fact.actor_name, Fact.after).where(Fact.entity == "user", Fact.field == field)
        return [(row[0], row[1]) for row in db.session.execute(statement.order_by(Fact.id))]


def count(app: Flask, model: Any) -> int:
    """How many rows a table has."""
    with app.app_context():
        return len(db.session.scalars(select(model)).all())
