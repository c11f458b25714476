"""Two people on one record: whoever saves second is told, keeps what was typed, and may then save knowingly."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Address, Client, Contact
from tests.clients.cast import add_client, browser_of, contact_ids, facts, row, rows, state
from tests.web import Browser

PAUL = {"email": "paul@edf.fr", "first_name": "Paul"}
PORT = {"label": "Entrepôt", "street": "3 rue du Port", "postal_code": "13002", "city": "Marseille"}


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", contacts=[PAUL], addresses=[PORT])


def two_editors(app: Flask) -> tuple[Browser, Browser]:
    return browser_of(app, name="Alice Durand"), browser_of(app, name="Bruno Petit")


def open_form(browser: Browser, client_id: int) -> Browser:
    browser.get(f"/client/edit/?id={client_id}")
    return browser


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(app: Flask, edf: int) -> None:
    alice, bruno = two_editors(app)
    open_form(alice, edf)
    open_form(bruno, edf).submit("#record", city="Lyon")
    before = state(app)
    alice.submit("#record", city="Paris", **{"contacts-1-first_name": "Paulin"})
    assert alice.status == 409
    assert "Bruno Petit a modifié cette fiche à" in alice.text
    assert "Votre saisie est conservée" in alice.text
    assert alice.fields("#record")["city"] == "Paris"
    assert alice.fields("#record")["contacts-1-first_name"] == "Paulin"
    assert state(app) == before


def test_the_warning_of_one_fact_says_what_it_was_and_is(app: Flask, edf: int) -> None:
    alice, bruno = two_editors(app)
    alice.get(f"/client/field/?id={edf}&name=phone")
    open_form(bruno, edf).submit("#record", city="Lyon", phone="01 42 00 00 01")
    alice.submit("#record", phone="01 42 00 00 02")
    assert alice.status == 409
    assert "Bruno Petit a modifié cette fiche à" in alice.text
    assert [tag.get_text(" ", strip=True) for tag in alice.page.select(".three > div")] == [
        "Avant —",
        "Enregistré 01 42 00 00 01",
        "Votre saisie 01 42 00 00 02",
    ]


def test_after_the_warning_one_may_save_knowingly(app: Flask, edf: int) -> None:
    alice, bruno = two_editors(app)
    open_form(alice, edf)
    open_form(bruno, edf).submit("#record", city="Lyon")
    alice.submit("#record", city="Paris")
    alice.submit("#record", **{"_keep-city": "mine"})
    assert alice.path == f"/client/details/?id={edf}"
    assert row(app, Client, edf)["city"] == "Paris"
    assert [fact for fact in facts(app, "client", edf) if fact[1] == "city"] == [
        ("Bruno Petit", "city", None, "Lyon"),
        ("Alice Durand", "city", "Lyon", "Paris"),
    ]


def test_a_third_change_between_the_warning_and_the_save_warns_again(app: Flask, edf: int) -> None:
    alice, bruno = two_editors(app)
    open_form(alice, edf)
    open_form(bruno, edf).submit("#record", city="Lyon")
    alice.submit("#record", city="Paris")
    open_form(bruno, edf).submit("#record", city="Lille")
    alice.submit("#record", **{"_keep-city": "mine"})
    assert alice.status == 409
    assert row(app, Client, edf)["city"] == "Lille"


@pytest.mark.parametrize(
    "change",
    [
        {"contacts-1-first_name": "Pierre"},
        {"addresses-0-city": "Aix"},
        {"contacts-2-email": "new@edf.fr"},
        {"del-contacts-1": True},
        {"del-addresses-0": True},
    ],
    ids=["a contact", "an address", "a new contact", "a contact less", "an address less"],
)
def test_a_change_of_a_row_alone_makes_the_other_form_an_old_one(
    app: Flask, edf: int, change: dict[str, Any]
) -> None:
    alice, bruno = two_editors(app)
    open_form(alice, edf)
    open_form(bruno, edf).submit("#record", **change)
    assert bruno.path == f"/client/details/?id={edf}"
    before = state(app)
    alice.submit("#record", city="Paris")
    assert alice.status == 409
    assert "Bruno Petit a modifié cette fiche" in alice.text
    assert state(app) == before


def elsewhere(app: Flask, edf: int) -> dict[str, tuple[str, dict[str, str], dict[str, str]]]:
    """What changes a client or what belongs to it from another page: (address, fields, how the form is filled)."""
    paul, port = str(contact_ids(app, edf)[1]), str(rows(app, Address)[0]["id"])
    return {
        "the page of a contact": (f"/contact/edit/?id={paul}", {}, {"first_name": "Pierre"}),
        "a contact added": (f"/contact/new/?client={edf}", {}, {"email": "new@edf.fr"}),
        "the page of an address": (f"/address/edit/?id={port}", {}, {"city": "Aix"}),
        "an address added": (f"/address/new/?client={edf}", {}, PORT | {"label": "Usine"}),
        "the default address": ("/address/default/", {"id": port}, {}),
        "the star": ("/contact/star/", {"id": paul}, {}),
        "a contact switched off": ("/contact/deactivate/", {"id": paul}, {}),
        "a contact deleted": ("/contact/delete/", {"id": paul}, {}),
        "the client switched off": ("/client/deactivate/", {"id": str(edf)}, {}),
    }


@pytest.mark.parametrize("way", range(9))
def test_a_change_from_another_page_makes_the_open_form_an_old_one(app: Flask, edf: int, way: int) -> None:
    name, (address, fields, filled) = list(elsewhere(app, edf).items())[way]
    alice, bruno = two_editors(app)
    open_form(alice, edf)
    start = state(app)
    bruno.get(address if filled else f"/client/details/?id={edf}")
    if filled:
        bruno.submit("#record", **filled)
    else:
        bruno.post(address, fields)
    before = state(app)
    assert before != start, name
    alice.submit("#record", city="Paris")
    assert alice.status == 409, name
    assert "Bruno Petit a modifié cette fiche" in alice.text
    assert state(app) == before


def test_a_form_sent_back_as_it_came_changes_nothing_and_no_version(app: Flask, edf: int) -> None:
    alice, bruno = two_editors(app)
    before = state(app)
    open_form(alice, edf)
    open_form(bruno, edf).submit("#record")
    alice.submit("#record")
    assert alice.path == f"/client/details/?id={edf}"
    assert state(app) == before


def test_an_old_form_of_a_contact_is_refused_too(app: Flask, edf: int) -> None:
    alice, bruno = two_editors(app)
    paul = contact_ids(app, edf)[1]
    alice.get(f"/contact/edit/?id={paul}")
    open_form(bruno, edf).submit("#record", **{"contacts-1-first_name": "Pierre"})
    alice.submit("#record", first_name="Paulin")
    assert alice.status == 409
    assert alice.fields("#record")["first_name"] == "Paulin"
    assert row(app, Contact, paul)["first_name"] == "Pierre"
    alice.submit("#record", **{"_keep-first_name": "mine"})
    assert row(app, Contact, paul)["first_name"] == "Paulin"


def test_two_contacts_of_one_client_can_be_edited_at_the_same_time(app: Flask, edf: int) -> None:
    alice, bruno = two_editors(app)
    main, paul = contact_ids(app, edf)
    alice.get(f"/contact/edit/?id={paul}")
    bruno.get(f"/contact/edit/?id={main}")
    bruno.submit("#record", first_name="Jeanne")
    alice.submit("#record", first_name="Paulin")
    assert (row(app, Contact, main)["first_name"], row(app, Contact, paul)["first_name"]) == (
        "Jeanne",
        "Paulin",
    )


def test_a_forged_version_is_an_old_one(app: Flask, edf: int) -> None:
    browser, before = browser_of(app), state(app)
    own = str(row(app, Client, edf)["version"])
    for forged in ("", "0", f"{own}0", "999", "-1", "abc", f"{own}.0", f" {own}", str(10**24)):
        open_form(browser, edf)
        browser.submit("#record", row_version=forged, city="Paris")
        assert browser.status == 409, forged
    assert state(app) == before


def test_a_record_that_was_deleted_under_the_form_is_not_found(app: Flask, edf: int) -> None:
    alice, bruno = two_editors(app)
    open_form(alice, edf)
    bruno.get(f"/client/details/?id={edf}")
    bruno.post("/client/delete/", {"id": str(edf)})
    assert rows(app, Client) == []
    alice.submit("#record", city="Paris")
    assert alice.status == 404
    assert rows(app, Client) == []
