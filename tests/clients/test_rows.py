"""Contacts and addresses as rows of their client's form: paired by id, and only with the client's own."""

from __future__ import annotations

from typing import Any

from flask import Flask

from backoffice.clients.models import Address, Client, Contact
from tests.clients.cast import (
    add_client,
    add_clients,
    browser_of,
    contact_ids,
    facts,
    row,
    rows,
    state,
    summary_of,
)
from tests.web import Browser

VANISHED = "Cette ligne n'existe plus dans cette fiche"
PORT = {"label": "Entrepôt", "street": "3 rue du Port", "postal_code": "13002", "city": "Marseille"}


def form_of(browser: Browser, client_id: int) -> Browser:
    browser.get(f"/client/edit/?id={client_id}")
    assert browser.status == 200
    return browser


def post(browser: Browser, client_id: int, **more: str) -> Browser:
    """Post the form with fields that it does not show, as an attacker does."""
    sent = form_of(browser, client_id).fields("#record")
    for name, typed in more.items():
        sent.setlist(name, [typed])
    browser.post(f"/client/edit/?id={client_id}", sent)
    return browser


def two_clients(app: Flask) -> tuple[int, int]:
    edf, engie = add_clients(
        app,
        [
            {"name": "EDF", "contacts": [{"email": "paul@edf.fr"}], "addresses": [PORT]},
            {"name": "Engie", "contacts": [{"email": "zoe@engie.fr"}], "addresses": [PORT]},
        ],
    )
    return edf, engie


def test_the_contact_of_another_client_is_not_moved_by_its_id(app: Flask) -> None:
    edf, engie = two_clients(app)
    browser, before = browser_of(app), state(app)
    for foreign in contact_ids(app, engie):
        post(browser, edf, **{"contacts-5-id": str(foreign), "contacts-5-email": "pris@edf.fr"})
        assert VANISHED in browser.text
        assert state(app) == before


def test_the_contact_of_another_client_is_not_deleted_by_its_id(app: Flask) -> None:
    edf, engie = two_clients(app)
    browser, before = browser_of(app), state(app)
    foreign = str(contact_ids(app, engie)[1])
    post(browser, edf, **{"contacts-5-id": foreign, "contacts-5-email": "x@y.fr", "del-contacts-5": "1"})
    assert state(app) == before


def test_the_address_of_another_client_is_not_moved_by_its_id(app: Flask) -> None:
    edf, engie = two_clients(app)
    browser, before = browser_of(app), state(app)
    foreign = str(rows(app, Address, client_id=engie)[0]["id"])
    post(browser, edf, **{"addresses-5-id": foreign, "addresses-5-label": "Pris"})
    assert VANISHED in browser.text
    post(browser, edf, **{"addresses-5-id": foreign, "addresses-5-label": "Pris", "del-addresses-5": "1"})
    assert state(app) == before


def test_a_new_client_cannot_take_a_contact_by_its_id(app: Flask) -> None:
    edf, _engie = two_clients(app)
    browser, before = browser_of(app), state(app)
    browser.get("/client/new/")
    taken = {"contacts-0-id": str(contact_ids(app, edf)[1]), "contacts-0-email": "new@total.fr"}
    browser.post("/client/new/", {"name": "Total", **taken})
    assert VANISHED in browser.text
    assert state(app) == before


def test_a_row_that_somebody_has_deleted_is_refused_and_what_was_typed_stays(app: Flask) -> None:
    edf, _engie = two_clients(app)
    main, paul = contact_ids(app, edf)
    browser, other = browser_of(app), browser_of(app, name="Alice Durand")
    form_of(browser, edf)
    form_of(other, edf)
    other.post("/contact/delete/", {"id": str(paul)})
    assert contact_ids(app, edf) == [main]
    before = state(app)
    browser.submit("#record", **{"contacts-1-first_name": "Paulin"})
    assert browser.status == 409
    assert browser.fields("#record")["contacts-1-first_name"] == "Paulin"
    assert state(app) == before


def vanished(app: Flask) -> tuple[Browser, int, int]:
    """A form whose row of Paul has been deleted by somebody else, once refused."""
    edf, _engie = two_clients(app)
    main, paul = contact_ids(app, edf)
    browser, other = browser_of(app), browser_of(app, name="Alice Durand")
    form_of(other, edf)
    other.post("/contact/delete/", {"id": str(paul)})
    gone = {"contacts-1-id": str(paul), "contacts-1-email": "paul@edf.fr", "contacts-1-first_name": "Paulin"}
    post(browser, edf, **gone)
    assert VANISHED in browser.text
    return browser, edf, main


def test_a_row_that_was_deleted_meanwhile_can_be_saved_as_a_new_one(app: Flask) -> None:
    browser, edf, main = vanished(app)
    browser.submit("#record")
    assert browser.path == f"/client/details/?id={edf}"
    first, second = rows(app, Contact, client_id=edf)
    assert (first["id"], second["email"], second["first_name"]) == (main, "paul@edf.fr", "Paulin")


def test_a_row_that_was_deleted_meanwhile_can_be_dropped(app: Flask) -> None:
    browser, edf, main = vanished(app)
    ticked: dict[str, Any] = {"del-contacts-1": True}
    browser.submit("#record", name="EDF SA", **ticked)
    assert contact_ids(app, edf) == [main]
    assert row(app, Client, edf)["name"] == "EDF SA"


def test_odd_ids_are_refused(app: Flask) -> None:
    edf, _engie = two_clients(app)
    browser, before = browser_of(app), state(app)
    for odd in ("0", "-1", "abc", str(10**24), "1.5", "²", "1 OR 1=1"):
        post(browser, edf, **{"contacts-5-id": odd, "contacts-5-email": "x@y.fr"})
        assert browser.status == 200
        assert VANISHED in browser.text
    assert state(app) == before


def test_the_same_id_twice_is_refused(app: Flask) -> None:
    edf, _engie = two_clients(app)
    browser, before = browser_of(app), state(app)
    paul = str(contact_ids(app, edf)[1])
    post(browser, edf, **{"contacts-5-id": paul, "contacts-5-email": "deux@edf.fr"})
    assert VANISHED in browser.text
    assert state(app) == before


def test_exchanged_ids_exchange_what_is_written_and_nothing_else(app: Flask) -> None:
    """Rows are paired by id: their order in the form says nothing."""
    edf, _engie = two_clients(app)
    main, paul = contact_ids(app, edf)
    browser = browser_of(app)
    browser.get(f"/client/edit/?id={edf}")
    browser.post(
        f"/client/edit/?id={edf}",
        {
            "contacts-0-id": str(paul),
            "contacts-0-email": "paul@edf.fr",
            "contacts-0-first_name": "Paul",
            "contacts-1-id": str(main),
            "contacts-1-email": "contact@edf.example",
        },
    )
    assert row(app, Contact, paul)["first_name"] == "Paul"
    assert row(app, Contact, main)["first_name"] is None
    assert row(app, Client, edf)["main_contact_id"] == main


def test_a_row_is_deleted_with_its_fact_and_the_others_stay(app: Flask) -> None:
    edf, engie = two_clients(app)
    main, paul = contact_ids(app, edf)
    browser = browser_of(app, name="Alice Durand")
    form_of(browser, edf)
    ticked: dict[str, Any] = {"del-contacts-1": True, "del-addresses-0": True}
    browser.submit("#record", **ticked)
    assert contact_ids(app, edf) == [main]
    assert rows(app, Address, client_id=edf) == []
    assert len(contact_ids(app, engie)) == 2
    assert len(rows(app, Address, client_id=engie)) == 1
    assert ("Alice Durand", "email", "paul@edf.fr", None) in facts(app, "contact", paul, "delete")
    texts = {text["record_id"]: text["text"] for text in state(app)["search_text"]}
    assert "paul" not in texts[edf]


def test_the_main_contact_cannot_be_deleted_by_its_row(app: Flask) -> None:
    edf, _engie = two_clients(app)
    browser, before = browser_of(app), state(app)
    post(browser, edf, **{"del-contacts-0": "1"})
    assert "Choisissez d'abord un autre contact principal." in summary_of(browser)
    assert state(app) == before


def test_the_main_contact_of_a_new_client_cannot_be_marked_as_deleted(app: Flask) -> None:
    browser = browser_of(app)
    before = state(app)
    browser.get("/client/new/")
    browser.post("/client/new/", {"name": "EDF", "contacts-0-email": "a@edf.fr", "del-contacts-0": "1"})
    assert browser.status == 200
    assert browser.path == "/client/new/"
    assert state(app) == before


def test_a_blank_new_row_is_no_row(app: Flask) -> None:
    edf, _engie = two_clients(app)
    browser = browser_of(app)
    blank = {"contacts-2-email": " ", "contacts-2-id": "", "contacts-2-civility": "1"}
    post(browser, edf, **blank, **{"addresses-4-label": "", "addresses-4-country": "France"})
    assert len(contact_ids(app, edf)) == 2
    assert len(rows(app, Address, client_id=edf)) == 1
    assert browser.path == f"/client/details/?id={edf}"


def test_the_blank_row_for_browsers_without_scripts_can_be_sent_along(app: Flask) -> None:
    edf, _engie = two_clients(app)
    browser = form_of(browser_of(app), edf)
    offered = [name for name in browser.fields("#record") if name == "contacts-2-email"]
    assert offered == ["contacts-2-email"]
    browser.submit("#record", **{"contacts-2-email": "sans@script.fr"})
    assert [contact["email"] for contact in rows(app, Contact, client_id=edf)][-1] == "sans@script.fr"


def test_thirty_rows_are_saved_and_come_back(app: Flask) -> None:
    client_id = add_client(app, "EDF")
    browser = browser_of(app)
    many: dict[str, Any] = {f"contacts-{n}-email": f"c{n}@edf.fr" for n in range(1, 31)}
    many |= {f"addresses-{n}-label": f"Dépôt {n}" for n in range(30)}
    post(browser, client_id, **many)
    assert len(contact_ids(app, client_id)) == 31
    assert [address["label"] for address in rows(app, Address)] == [f"Dépôt {n}" for n in range(30)]
    form_of(browser, client_id)
    browser.submit("#record", **{"contacts-30-first_name": "Zoé"})
    last = rows(app, Contact)[-1]
    assert (last["email"], last["first_name"]) == ("c30@edf.fr", "Zoé")
    assert len(contact_ids(app, client_id)) == 31


def test_more_rows_than_a_form_may_hold_are_refused_whole(app: Flask) -> None:
    client_id = add_client(app, "EDF")
    browser = browser_of(app)
    before = state(app)
    post(browser, client_id, **{f"addresses-{n}-label": f"Dépôt {n}" for n in range(301)})
    assert "Trop de lignes : 300 au plus par fiche." in browser.text
    assert state(app) == before


def test_rows_that_a_form_does_not_mention_stay(app: Flask) -> None:
    edf, _engie = two_clients(app)
    browser = browser_of(app)
    browser.get(f"/client/edit/?id={edf}")
    browser.post(f"/client/edit/?id={edf}", {"name": "E.D.F."})
    assert row(app, Client, edf)["name"] == "E.D.F."
    assert len(contact_ids(app, edf)) == 2
    assert len(rows(app, Address, client_id=edf)) == 1


def test_fields_that_are_nobody_s_to_type_change_nothing(app: Flask) -> None:
    edf, engie = two_clients(app)
    _main, paul = contact_ids(app, edf)
    browser, before = browser_of(app), state(app)
    of_row = ("client", "client_id", "version", "created_at", "is_active", "left_with_client", "email_key")
    forged = {f"contacts-1-{name}": str(engie) for name in of_row}
    forged |= {f"addresses-0-{name}": str(engie) for name in ("client", "client_id", "version")}
    forged |= dict.fromkeys(("id", "version", "main_contact_id", "billing_address_id"), str(paul))
    forged |= dict.fromkeys(
        ("created_at", "created_by", "deactivated_at", "name_key", "parent_id"), "2000-01-01"
    )
    post(browser, edf, **forged)
    assert browser.path == f"/client/details/?id={edf}"
    assert state(app) == before


def test_the_pages_of_contact_and_address_do_not_move_them_either(app: Flask) -> None:
    edf, engie = two_clients(app)
    paul, port = contact_ids(app, edf)[1], rows(app, Address, client_id=edf)[0]["id"]
    browser, before = browser_of(app), state(app)
    forged = dict.fromkeys(("client", "client_id", "version", "left_with_client", "id"), str(engie))
    for address in (f"/contact/edit/?id={paul}", f"/address/edit/?id={port}"):
        browser.get(address)
        browser.post(f"{address}&client={engie}", browser.fields("#record") | forged)
        assert browser.path == f"/client/details/?id={edf}"
    assert state(app) == before
