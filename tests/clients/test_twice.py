"""The same form sent twice makes one record (at the same moment: tests/races)."""

from __future__ import annotations

from typing import Any

from flask import Flask

from backoffice.clients.models import Address, Client, Contact
from backoffice.core.idempotency import IdempotencyKey
from tests.clients.cast import add_client, browser_of, rows, state
from tests.web import Browser

FORM = {"name": "EDF", "contacts-0-email": "contact@edf.fr"}


def same_cookie(app: Flask, browser: Browser) -> Browser:
    """A second window of the same person."""
    cookie = browser.client.get_cookie("session")
    assert cookie is not None
    window = Browser(app)
    window.client.set_cookie("session", cookie.value)
    return window


def new_form(browser: Browser, **more: str) -> dict[str, Any]:
    browser.get("/client/new/")
    return as_sent(browser) | FORM | more


def as_sent(browser: Browser) -> dict[str, Any]:
    """The form that is shown, to be sent as often as one likes: of a box and its hidden 0 the last one counts."""
    return {name: values[-1] for name, values in browser.fields("#record").lists()}


def test_a_form_sent_twice_makes_one_client_and_shows_it_both_times(app: Flask) -> None:
    browser = browser_of(app)
    form = new_form(browser)
    browser.post("/client/new/", form)
    first, once = browser.path, state(app)
    browser.post("/client/new/", form)
    assert browser.path == first == f"/client/details/?id={rows(app, Client)[0]['id']}"
    assert "Client créé : EDF." in browser.text
    assert state(app) == once
    assert len(rows(app, IdempotencyKey)) == 1


def test_a_form_without_a_name_of_its_own_is_carried_out_each_time(app: Flask) -> None:
    """A script that sends no key says that it wants two."""
    browser = browser_of(app)
    browser.get("/client/new/")
    browser.post("/client/new/", FORM)
    browser.get("/client/new/")
    browser.post("/client/new/", FORM | {"contacts-0-email": "other@edf.fr"})
    assert [client["name"] for client in rows(app, Client)] == ["EDF", "EDF"]


def test_a_refused_form_uses_no_key_up(app: Flask) -> None:
    browser = browser_of(app)
    form = new_form(browser)
    browser.post("/client/new/", form | {"name": ""})
    assert rows(app, IdempotencyKey) == []
    browser.post("/client/new/", form)
    assert len(rows(app, Client)) == 1


def test_the_key_of_one_person_is_nothing_to_another(app: Flask) -> None:
    alice, bruno = browser_of(app, name="Alice Durand"), browser_of(app, name="Bruno Petit")
    form = new_form(alice)
    alice.post("/client/new/", form)
    bruno.get("/client/new/")
    stolen = form | {"contacts-0-email": "b@b.fr", "csrf_token": bruno.csrf_token}
    bruno.post("/client/new/", stolen)
    assert [client["created_by"] for client in rows(app, Client)] == ["Alice Durand", "Bruno Petit"]


def test_an_odd_key_is_no_key(app: Flask) -> None:
    browser = browser_of(app)
    odd = ("", "x", "a" * 65, "a" * 4000, "clé-qui-n-en-est-pas-une", "0\x00" * 16)
    for number, key in enumerate(odd):
        email = {"contacts-0-email": f"c{number}@edf.fr"}
        browser.post("/client/new/", new_form(browser, idempotency_key=key, **email))
    assert len(rows(app, Client)) == len(odd)
    assert rows(app, IdempotencyKey) == []


def test_contacts_and_addresses_sent_twice_are_made_once(app: Flask) -> None:
    client_id = add_client(app, "EDF")
    browser = browser_of(app)
    for address, typed in (
        (f"/contact/new/?client={client_id}", {"email": "paul@edf.fr"}),
        (f"/address/new/?client={client_id}", {"label": "Usine", "city": "Lyon"}),
    ):
        browser.get(address)
        form = as_sent(browser) | typed
        browser.post(address, form)
        once = state(app)
        browser.post(address, form)
        assert browser.path == f"/client/details/?id={client_id}"
        assert state(app) == once
    assert (len(rows(app, Contact)), len(rows(app, Address))) == (2, 1)
