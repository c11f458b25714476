"""Entries and tasks for tests, and the eyes to read a feed."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from backoffice.activity import services
from backoffice.activity.models import Call, Entry, Note, Task
from backoffice.core.audit import SYSTEM, Actor, act_as
from backoffice.core.db import db, for_writing
from backoffice.users.models import User
from backoffice.users.rights import LECTURE
from tests.users.people import make_user
from tests.web import Browser

_MODELS: dict[str, type[Entry]] = {"note": Note, "call": Call, "task": Task}


def add_entry(app: Flask, client: int, body: str | None, **values: Any) -> int:
    """An entry of somebody else's, unless `author` names one; returns its id."""
    author = values.pop("author", None) or _somebody(app)
    kind, contact = values.pop("kind", "note"), values.pop("contact", None)
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        entry = _MODELS[kind](client_id=client, body=body, contact_id=contact, **values)
        services.begin(entry, Actor(author, "Quelqu’un"))
        db.session.add(entry)
        db.session.commit()
        return entry.id


def add_task(app: Flask, client: int, title: str = "À faire", **values: Any) -> int:
    """A task of somebody else's, unless `owner` and `author` name one; returns its id."""
    owner = values.pop("owner", None) or _somebody(app)
    due_on = values.pop("due_on", date(2027, 1, 5))
    body = values.pop("body", None)
    more = {"title": title, "due_on": due_on, "owner_id": owner, "priority": "normal", **values}
    return add_entry(app, client, body, kind="task", **more)


def _somebody(app: Flask) -> int:
    """A colleague who has written what nobody in the test has."""
    email = "quelquun@office.example"
    with app.app_context():
        known = db.session.scalar(select(User.id).where(User.email == email))
    return known or make_user(app, email, LECTURE, first_name="Quelqu’un", last_name="Autre")


def id_of(app: Flask, browser: Browser) -> int:
    """The account of who sits in front of a browser."""
    with browser.client.session_transaction() as session:
        uniquifier = session["_user_id"]
    with app.app_context():
        found = db.session.scalar(select(User.id).where(User.fs_uniquifier == str(uniquifier)))
    assert found is not None
    return found


def open_tab(browser: Browser, client: int, **more: object) -> Browser:
    """Show the feed of a client."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    browser.get(f"/client/details/?id={client}&tab=activity{query}")
    assert browser.status == 200
    return browser


def press(browser: Browser, form: str, record: int) -> None:
    """Press the button of a row, which stands outside its form."""
    id_ = form.removeprefix("#")
    assert browser.page.select_one(f'button[form="{id_}"][value="{record}"]'), f"no {form} of {record}"
    browser.post(str(browser.form(form)["action"]), {**browser.fields(form), "id": record})


def feed_of(browser: Browser) -> list[str]:
    """The words of each entry of the feed that is shown."""
    return [" ".join(tag.get_text(" ").split()) for tag in browser.page.select("#feed .entry")]
