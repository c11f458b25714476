"""An e-mail belongs to one contact: within one form it may go from one to another."""

from __future__ import annotations

from typing import Any

from flask import Flask

from backoffice.clients.models import Contact
from tests.clients.cast import browser_of, contact_ids, facts, row, rows, state
from tests.clients.test_rows import form_of, two_clients


def test_two_contacts_exchange_their_emails(app: Flask) -> None:
    edf, _engie = two_clients(app)
    main, paul = contact_ids(app, edf)
    before = row(app, Contact, main)["email"]
    browser = form_of(browser_of(app, name="Alice Durand"), edf)
    browser.submit("#record", **{"contacts-0-email": "paul@edf.fr", "contacts-1-email": before})
    assert browser.path == f"/client/details/?id={edf}"
    assert row(app, Contact, main) | {"email": "paul@edf.fr", "email_key": "paul@edf.fr"} == row(
        app, Contact, main
    )
    assert row(app, Contact, paul) | {"email": before, "email_key": before} == row(app, Contact, paul)
    assert facts(app, "contact", main) == [("Alice Durand", "email", before, "paul@edf.fr")]


def test_an_email_goes_to_a_new_contact_from_one_that_changes_or_leaves(app: Flask) -> None:
    edf, _engie = two_clients(app)
    browser = form_of(browser_of(app), edf)
    browser.submit("#record", **{"contacts-1-email": "p@edf.fr", "contacts-2-email": "paul@edf.fr"})
    assert [contact["email"] for contact in rows(app, Contact, client_id=edf)][1:] == [
        "p@edf.fr",
        "paul@edf.fr",
    ]
    form_of(browser, edf)
    ticked: dict[str, Any] = {"del-contacts-2": True}
    browser.submit("#record", **ticked, **{"contacts-3-email": "paul@edf.fr"})
    assert [contact["email"] for contact in rows(app, Contact, client_id=edf)][1:] == [
        "p@edf.fr",
        "paul@edf.fr",
    ]


def test_emails_stay_where_they_are_when_an_exchange_is_refused(app: Flask) -> None:
    edf, _engie = two_clients(app)
    browser, before = form_of(browser_of(app), edf), state(app)
    swapped = {"contacts-0-email": "paul@edf.fr", "contacts-1-email": "contact@edf.example"}
    browser.submit("#record", siret="1", **swapped)
    assert state(app) == before
