"""Each form that makes something makes it once, however often and however fast it is sent."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backoffice.activity.models import Entry
from backoffice.admin import saving
from backoffice.clients.models import Address, Client, Contact
from backoffice.core.db import db
from backoffice.core.idempotency import IdempotencyKey
from backoffice.events.models import Event
from backoffice.lookups.models import LOOKUPS, Source
from backoffice.users.models import User
from tests.clients.cast import add_client, browser_of
from tests.clients.together import at_once, meet_after
from tests.conftest import on_sqlite_only
from tests.web import Browser

#: address of the form, what it makes, what is typed.
FORMS: dict[str, tuple[str, Any, dict[str, str]]] = {
    "client": ("/client/new/", Client, {"name": "Engie", "contacts-0-email": "a@engie.example"}),
    "contact": ("/contact/new/?client=1", Contact, {"email": "paul@edf.example"}),
    "address": ("/address/new/?client=1", Address, {"label": "Usine", "city": "Pau"}),
    "event": ("/event/new/?client=1", Event, {"name": "Gala", "starts_on": "31/12/2030"}),
    "note": ("/note/new/?client=1", Entry, {"body": "Texte"}),
    "call": ("/call/new/?client=1", Entry, {"body": "Texte"}),
    "task": ("/task/new/?client=1", Entry, {"title": "Rappeler", "due_on": "31/12/2030"}),
    "email": ("/email/new/?contact=1", Entry, {"subject": "Bonjour", "body": "Texte"}),
    "user": ("/user/new/", User, {"email": "neuf@exemple.fr"}),
    "choice": ("/source/new/", Source, {"label": "Foire de Pau"}),
}


@pytest.fixture
def boss(app: Flask) -> Browser:
    add_client(app, "EDF")
    return browser_of(app, "administrateur")


def count(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def filled(browser: Browser, address: str, typed: dict[str, str]) -> dict[str, Any]:
    browser.get(address)
    form = {name: values[-1] for name, values in browser.fields("#record").lists()} | typed
    assert set(typed) <= set(browser.fields("#record")), form
    return form


#: Those whose own services do something beside; the others are saved the same way on both engines.
BOTH_ENGINES = {"client", "email", "user", "choice"}


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in BOTH_ENGINES else on_sqlite_only) for kind in FORMS]
)
def test_a_form_sent_twice_at_once_and_once_more_makes_one_record(
    app: Flask, boss: Browser, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Both have asked whether it was carried out, and heard no, before either goes on."""
    address, model, typed = FORMS[kind]
    form, before = filled(boss, address, typed), count(app, model)
    cookie = boss.client.get_cookie("session")
    assert cookie is not None
    other = Browser(app)
    other.client.set_cookie("session", cookie.value)
    with monkeypatch.context() as patch:
        meet_after(patch, saving, "is_made")
        at_once(*(lambda one=one: one.post(address, form) for one in (boss, other)))
    assert (boss.status, other.status) == (200, 200)
    assert boss.path == other.path != address, boss.text
    boss.post(address, form)
    assert boss.path == other.path
    assert (count(app, model), count(app, IdempotencyKey)) == (before + 1, 1)


@on_sqlite_only
def test_every_table_of_choices_has_that_form(app: Flask, boss: Browser) -> None:
    for model in LOOKUPS:
        boss.get(f"/{model.__name__.lower()}/new/")
        assert boss.fields("#record")["idempotency_key"], model
