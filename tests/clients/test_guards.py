"""Each guard taken out: the attack that its tests refuse then succeeds. (The routes of both: tests/house.)"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import Connection

from backoffice.admin import inline, saving
from backoffice.admin.base import Guarded
from backoffice.clients import services
from backoffice.clients.models import Client, Contact
from backoffice.core import idempotency
from backoffice.core.db import db
from tests.clients.cast import add_client, browser_of, contact_ids, row, rows, state
from tests.clients.together import at_once, meet_after
from tests.databases import Databases


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


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_without_the_one_lock_two_halves_of_a_circle_at_once_would_close_it(
    app: Flask, edf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite there is one writer at a time anyway."""
    engie = add_client(app, "Engie", "contact@engie.example")
    monkeypatch.setattr(services, "text", lambda _locking: text("SELECT :key"))
    meet_after(monkeypatch, services, "_main_contact")  # both have looked upwards when they meet
    alice, bruno = browser_of(app, name="Alice Durand"), browser_of(app, name="Bruno Petit")
    alice.get(f"/client/edit/?id={edf}")
    bruno.get(f"/client/edit/?id={engie}")
    at_once(lambda: alice.submit("#record", parent=engie), lambda: bruno.submit("#record", parent=edf))
    assert (row(app, Client, edf)["parent_id"], row(app, Client, engie)["parent_id"]) == (engie, edf)


@pytest.mark.parametrize("method", ["star_view", "deactivate_view", "delete_view"])
def test_without_the_check_of_rights_who_only_reads_would_act_on_contacts(
    app: Flask, edf: int, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_client(app, "Engie", contacts=[{"email": "paul@engie.example"}])
    browser, paul = browser_of(app, "lecture"), rows(app, Contact)[-1]["id"]
    browser.get("/client/")
    before = state(app)
    post = f"/contact/{method.removesuffix('_view')}/"
    browser.post(post, {"id": paul})
    assert (browser.status, state(app)) == (403, before)
    monkeypatch.setattr(Guarded, "may", lambda self, method: True)
    browser.post(post, {"id": paul})
    assert state(app) != before


def test_without_the_token_another_site_could_delete_a_client(
    app: Flask, edf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(app)
    browser.client.post("/client/delete/", data={"id": edf})
    assert rows(app, Client) != []
    monkeypatch.setitem(app.config, "WTF_CSRF_CHECK_DEFAULT", False)
    browser.client.post("/client/delete/", data={"id": edf})
    assert rows(app, Client) == []


def test_without_the_pointer_s_key_a_client_could_have_another_s_main_contact(
    app: Flask, edf: int, databases: Databases, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(databases.recreate)
    foreign = contact_ids(app, add_client(app, "Danone", "contact@danone.example"))[0]
    point = text(f"UPDATE client SET main_contact_id = {foreign} WHERE id = {edf}")
    with app.app_context(), db.engine.connect() as connection:
        connection.detach()  # nobody else gets it, and its keys, afterwards
        _take_out_keys(connection)
        connection.execute(point)
        connection.commit()
    assert row(app, Client, edf)["main_contact_id"] == foreign


def _take_out_keys(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE client DROP CONSTRAINT fk_client_main_contact"))
        connection.commit()
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
