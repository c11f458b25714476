"""A contact goes to another client with its past, or is copied for one: traced on both, and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Fact
from backoffice.core.db import db
from backoffice.core.search_text import SearchText
from tests.clients.cast import add_client, browser_of, change, contact_ids, notices, row, rows, state


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "jeanne@edf.fr", contacts=[{"email": "paul@edf.fr", "last_name": "Petit"}])


@pytest.fixture
def acme(app: Flask) -> int:
    return add_client(app, "Acme", "zoe@acme.example", city="Lyon")


def text_of(app: Flask, client_id: int) -> str:
    return str(rows(app, SearchText, record_id=client_id)[0]["text"])


def history_of(app: Flask, client_id: int) -> list[tuple[Any, ...]]:
    with app.app_context():
        of_client = select(Fact).where(
            Fact.owner == "client", Fact.owner_id == client_id, Fact.operation == "update"
        )
        return [
            (fact.actor_name, fact.field, fact.before, fact.after) for fact in db.session.scalars(of_client)
        ]


def test_a_contact_moves_is_traced_on_both_and_comes_back(app: Flask, edf: int, acme: int) -> None:
    paul = contact_ids(app, edf)[1]
    before = row(app, Contact, paul)
    browser = browser_of(app, name="Alice Durand")
    browser.get(f"/client/details/?id={edf}")
    link = browser.page.select_one(f"#contact-{paul} a[href^='/contact/move/']")
    assert link is not None
    page = browser.get(str(link["href"]))
    assert page.select_one("[data-dialog-part] [data-picker]")
    browser.post("/contact/move/", {"id": paul, "client": acme, "url": f"/client/details/?id={edf}"})

    assert "Petit est maintenant chez Acme." in notices(browser)
    assert browser.path == f"/client/details/?id={edf}"
    assert row(app, Contact, paul)["client_id"] == acme
    assert history_of(app, edf) == [("Alice Durand", "contacts", "Petit", None)]
    assert history_of(app, acme) == [("Alice Durand", "client_id", edf, acme)]
    assert "petit" in text_of(app, acme)
    assert "petit" not in text_of(app, edf)
    assert row(app, Client, edf)["version"] == row(app, Client, acme)["version"] == 2

    browser.submit(".notice form")
    assert "Petit est maintenant chez EDF." in notices(browser)
    assert browser.page.select(".notice form") == []
    assert {**row(app, Contact, paul), "version": 0} == {**before, "version": 0}
    assert "petit" in text_of(app, edf)
    assert "petit" not in text_of(app, acme)


def test_without_script_the_other_client_is_searched_and_chosen_on_the_page(
    app: Flask, edf: int, acme: int
) -> None:
    paul = contact_ids(app, edf)[1]
    browser = browser_of(app)
    browser.get(f"/contact/move/?id={paul}")
    browser.submit("noscript form", q="acm")
    assert "Acme (Lyon)" in browser.text
    browser.submit("form[method=post][action='/contact/move/']")
    assert "Choisissez une société dans la liste." in browser.text
    browser.get(f"/contact/move/?id={paul}&q=acm")
    browser.submit("form[method=post][action='/contact/move/']", client=acme)
    assert row(app, Contact, paul)["client_id"] == acme
    assert browser.path == f"/contact/details/?id={paul}"


def test_what_cannot_be_moved_is_said_and_nothing_changes(app: Flask, edf: int, acme: int) -> None:
    jeanne, paul = contact_ids(app, edf)
    asleep = add_client(app, "Endormie")
    change(app, Client, asleep, is_active=False)
    browser = browser_of(app)
    before = state(app)
    for contact, client, sentence in (
        (jeanne, acme, "Choisissez d'abord un autre contact principal."),
        (paul, edf, "Ce contact est déjà chez cette société : choisissez-en une autre."),
        (paul, asleep, "Choisissez une société dans la liste."),
        (paul, 99_999, "Choisissez une société dans la liste."),
        (paul, "x", "Choisissez une société dans la liste."),
        (paul, "", "Choisissez une société dans la liste."),
    ):
        browser.get("/")
        browser.post("/contact/move/", {"id": contact, "client": client})
        assert sentence in browser.text, (contact, client)
        assert browser.status == 200
    browser.get(f"/contact/move/?id={jeanne}")
    assert "Choisissez d'abord un autre contact principal." in browser.text
    assert browser.page.select("form[action='/contact/move/']") == []
    assert state(app) == before


def test_a_move_that_is_taken_back_gives_way_to_what_was_done_since(app: Flask, edf: int, acme: int) -> None:
    paul, third = contact_ids(app, edf)[1], add_client(app, "Tierce")
    browser = browser_of(app)
    browser.get("/")
    browser.post("/contact/move/", {"id": paul, "client": acme})
    other = browser_of(app, name="Bob Noir")
    other.get("/")
    other.post("/contact/move/", {"id": paul, "client": third})
    browser.submit(".notice form")
    assert "Ce contact a changé de société entre-temps : rien n'a été modifié." in notices(browser)
    assert row(app, Contact, paul)["client_id"] == third


def test_a_move_is_taken_back_to_a_client_that_has_become_inactive(app: Flask, edf: int, acme: int) -> None:
    paul = contact_ids(app, edf)[1]
    browser = browser_of(app)
    browser.get("/")
    browser.post("/contact/move/", {"id": paul, "client": acme})
    change(app, Client, edf, is_active=False)
    browser.submit(".notice form")
    assert row(app, Contact, paul)["client_id"] == edf


def test_a_contact_is_copied_for_another_client_with_an_email_of_its_own(
    app: Flask, edf: int, acme: int
) -> None:
    paul = contact_ids(app, edf)[1]
    browser = browser_of(app)
    browser.get(f"/contact/copy/?id={paul}&client=x")
    assert "Choisissez une société dans la liste." in browser.text
    browser.get(f"/contact/copy/?id={paul}&client={acme}")
    assert browser.path == f"/contact/new/?client={acme}&like={paul}"
    assert browser.page.select_one(f".crumbs a[href='/client/details/?id={acme}']")
    sent = browser.fields("#record")
    assert (sent["last_name"], sent["email"]) == ("Petit", "")
    browser.submit("#record", email="paul@edf.fr")
    assert "Cette adresse est déjà celle de Petit" in browser.error_of("email")
    browser.submit("#record", email="paul@acme.example")
    assert browser.path == f"/client/details/?id={acme}"
    assert len(contact_ids(app, acme)) == len(contact_ids(app, edf)) == 2
