"""Each guard taken out: the attack that its tests refuse then succeeds. (CSRF and rights: tests/house.)"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from backoffice.admin import inline, saving
from backoffice.clients import services
from backoffice.clients.models import Client, Contact
from backoffice.core import idempotency
from backoffice.core.db import db
from tests.clients.cast import add_client, browser_of, contact_ids, row, rows
from tests.conftest import on_sqlite_only


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "contact@edf.example")


def test_without_the_version_the_second_editor_would_undo_the_first(
    app: Flask, edf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "_refuse_old_form", lambda form, record: None)
    first, second = browser_of(app, name="Luc Martin"), browser_of(app, name="Zoé Faure")
    first.get(f"/client/edit/?id={edf}")
    second.get(f"/client/edit/?id={edf}")
    first.submit("#record", city="Lyon")
    second.submit("#record", street="1 rue de la Paix")
    assert second.status == 200
    assert row(app, Client, edf)["city"] is None  # Lyon is lost


def test_without_the_key_a_form_sent_twice_would_make_two_clients(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "made_by", lambda *_: None)
    monkeypatch.setattr(idempotency, "keep", lambda *_: None)
    monkeypatch.setattr(services, "_taken_emails", lambda *_: iter(()))
    browser = browser_of(app)
    browser.get("/client/new/")
    sent = browser.fields("#record")
    for number in range(2):
        sent["name"], sent["contacts-0-email"] = "Deux fois", f"fois{number}@deux.example"
        browser.post("/client/new/", sent)
    assert len(rows(app, Client, name="Deux fois")) == 2


def test_without_pairing_by_id_the_contact_of_another_client_would_be_copied(
    app: Flask, edf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = add_client(app, "Danone", "contact@danone.example")
    foreign = contact_ids(app, other)[0]
    told = inline.InlineRows._tell

    def believe(entry: Any, record: Any = None, is_foreign: bool = False, is_blank: bool = False) -> None:
        told(entry, record, False, is_blank)

    monkeypatch.setattr(inline.InlineRows, "_tell", staticmethod(believe))
    browser = browser_of(app)
    browser.get(f"/client/edit/?id={edf}")
    sent = browser.fields("#record")
    sent["contacts-1-id"], sent["contacts-1-email"] = str(foreign), "mien@edf.example"
    browser.post(f"/client/edit/?id={edf}", sent)
    assert [found["email"] for found in rows(app, Contact, client_id=edf)][1:] == ["mien@edf.example"]


def test_without_the_look_upwards_two_companies_would_be_each_other_s_parent(
    app: Flask, edf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_parent_loop", lambda session, client: iter(()))
    daughter = add_client(app, "Enedis", "contact@enedis.example", parent_id=edf)
    browser = browser_of(app)
    browser.get(f"/client/edit/?id={edf}")
    browser.submit("#record", parent=daughter)
    assert row(app, Client, edf)["parent_id"] == daughter


@on_sqlite_only
def test_without_the_pointer_s_key_a_client_could_have_another_s_main_contact(app: Flask, edf: int) -> None:
    foreign = contact_ids(app, add_client(app, "Danone", "contact@danone.example"))[0]
    with app.app_context(), db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            statement = text("UPDATE client SET main_contact_id = :contact WHERE id = :client")
            connection.execute(statement, {"contact": foreign, "client": edf})
            connection.commit()
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
    assert row(app, Client, edf)["main_contact_id"] == foreign
