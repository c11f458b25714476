"""A client comes in through the form: whole from the page, or as a script posts it by CONTRACT.md."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from backoffice.clients.models import Address, Client, Contact
from backoffice.core.db import db
from backoffice.lookups.models import CompanyType, Language, PaymentTerm, Source
from tests.clients.cast import browser_of, facts, notices, row, rows, state
from tests.web import Browser

WHOLE: dict[str, Any] = {
    "name": "Électricité  de France",
    "website": "www.edf.fr",
    "phone": "01 42 68 53 00",
    "street": "22 avenue de Wagram",
    "postal_code": "75008",
    "city": "Paris",
    "siret": "552 081 317 66522",
    "vat_number": "FR 03 552081317",
    "ape_code": "3514z",
    "account_code": "411edf",
    "contacts-0-first_name": "Jeanne",
    "contacts-0-last_name": "Martin",
    "contacts-0-email": "Jeanne.Martin@EDF.fr",
    "contacts-0-job_title": "Acheteuse",
    "contacts-0-mobile_phone": "06.12.34.56.78",
}


def bare(browser: Browser, name: str = "EDF", email: str = "contact@edf.fr", **more: Any) -> None:
    """Post what CONTRACT.md asks at least, as a script does that has only fetched a token."""
    browser.get("/client/new/")
    browser.post("/client/new/", {"name": name, "contacts-0-email": email, **more})


def label(app: Flask, model: Any, id_: int | None) -> str | None:
    with app.app_context():
        return db.session.scalar(select(model.label).where(model.id == id_))


def test_a_name_and_an_email_make_a_client(app: Flask) -> None:
    browser = browser_of(app, name="Alice Durand")
    bare(browser)
    (client,), (contact,) = rows(app, Client), rows(app, Contact)
    assert browser.path == f"/client/details/?id={client['id']}"
    assert "Client créé : EDF." in notices(browser)
    assert (client["name"], client["country"], client["vat_regime"]) == ("EDF", "FR", "taxable")
    assert client["created_by"] == "Alice Durand"
    assert (contact["client_id"], contact["email"]) == (client["id"], "contact@edf.fr")
    assert client["main_contact_id"] == contact["id"]


def test_boxes_that_are_not_sent_count_as_on(app: Flask) -> None:
    bare(browser_of(app), billing_street="1 rue qui ne compte pas", billing_city="Lyon")
    (client,) = rows(app, Client)
    assert client["is_active"] is True
    assert client["billing_address_id"] is None
    assert client["shares_siret"] is False
    assert rows(app, Address) == []


def test_boxes_that_are_sent_as_0_are_off(app: Flask) -> None:
    block = {"billing_street": "1 rue Neuve", "billing_postal_code": "69001", "billing_city": "Lyon"}
    bare(browser_of(app, name="Alice Durand"), is_active="0", billing_same_address="0", **block)
    (client,), (address,) = rows(app, Client), rows(app, Address)
    assert client["is_active"] is False
    assert client["deactivated_by"] == "Alice Durand"
    assert client["deactivated_at"] is not None
    assert client["billing_address_id"] == address["id"]
    assert (address["street"], address["postal_code"], address["city"]) == ("1 rue Neuve", "69001", "Lyon")
    assert (address["country"], address["label"]) == ("FR", "Facturation")


def test_the_billing_box_off_without_a_block_is_refused(app: Flask) -> None:
    browser = browser_of(app)
    before = state(app)
    bare(browser, billing_same_address="0")
    assert browser.error_of("billing_street").startswith("Donnez l'adresse de facturation")
    assert state(app) == before


def test_the_page_s_own_form_keeps_every_field_in_its_stored_form(app: Flask) -> None:
    browser = browser_of(app)
    browser.get("/client/new/")
    browser.submit("#record", **WHOLE)
    (client,), (contact,) = rows(app, Client), rows(app, Contact)
    assert (
        client
        | {
            "name": "Électricité de France",
            "name_key": "electricite de france",
            "website": "https://www.edf.fr",
            "phone": "+33142685300",
            "street": "22 avenue de Wagram",
            "postal_code": "75008",
            "city": "Paris",
            "city_key": "paris",
            "siren": "552081317",
            "siret": "55208131766522",
            "vat_number": "FR03552081317",
            "ape_code": "35.14Z",
            "account_code": "411EDF",
        }
        == client
    )
    assert (
        contact
        | {
            "first_name": "Jeanne",
            "last_name": "Martin",
            "email": "Jeanne.Martin@edf.fr",
            "email_key": "jeanne.martin@edf.fr",
            "job_title": "Acheteuse",
            "mobile_phone": "+33612345678",
            "is_active": True,
        }
        == contact
    )


def test_the_form_begins_with_the_defaults_of_the_office(app: Flask) -> None:
    browser = browser_of(app)
    browser.get("/client/new/")
    begun = browser.fields("#record")
    assert label(app, CompanyType, int(begun["type"])) == "Client"
    assert label(app, Language, int(begun["language"])) == "Français"
    assert begun["country"] == "France"
    assert begun["payment_term"] == ""  # nothing is negotiated: the default of the settings applies
    assert begun.getlist("is_active") == ["0", "1"]
    assert begun.getlist("billing_same_address") == ["0", "1"]


def test_rows_for_further_contacts_and_addresses_are_made_with_the_client(app: Flask) -> None:
    source = rows(app, Source)[0]["id"]
    bare(
        browser_of(app),
        **{
            "contacts-1-first_name": "Paul",
            "contacts-1-email": "paul@edf.fr",
            "contacts-1-source": str(source),
            "contacts-7-email": "zoe@edf.fr",
            "addresses-0-label": "Entrepôt",
            "addresses-0-street": "3 rue du Port",
            "addresses-0-postal_code": "13002",
            "addresses-0-city": "Marseille",
        },
    )
    (client,) = rows(app, Client)
    contacts = rows(app, Contact, client_id=client["id"])
    assert [contact["email"] for contact in contacts] == ["contact@edf.fr", "paul@edf.fr", "zoe@edf.fr"]
    assert contacts[1]["source_id"] == source
    assert client["main_contact_id"] == contacts[0]["id"]
    (address,) = rows(app, Address, client_id=client["id"])
    assert (address["label"], address["city"], address["country"]) == ("Entrepôt", "Marseille", "FR")


def test_the_lowest_row_is_the_main_contact_whatever_its_number(app: Flask) -> None:
    browser = browser_of(app)
    browser.get("/client/new/")
    browser.post(
        "/client/new/", {"name": "EDF", "contacts-9-email": "neuf@edf.fr", "contacts-2-email": "deux@edf.fr"}
    )
    (client,) = rows(app, Client)
    main = row(app, Contact, client["main_contact_id"])
    assert main["email"] == "deux@edf.fr"


def test_every_fact_of_a_creation_says_who_and_through_what(app: Flask) -> None:
    bare(browser_of(app, name="Alice Durand"))
    made = facts(app, "client", operation="create")
    assert ("Alice Durand", "name", None, "EDF") in made
    assert ("Alice Durand", "email", None, "contact@edf.fr") in facts(app, "contact", operation="create")
    assert {who for who, *_ in made} == {"Alice Durand"}
    assert {fact["via"] for fact in state(app)["fact"]} == {"screen"}
    assert len({fact["action"] for fact in state(app)["fact"]}) == 1
    assert {(fact["owner"], fact["owner_id"]) for fact in state(app)["fact"]} == {
        ("client", rows(app, Client)[0]["id"])
    }


def test_create_and_add_another_leads_to_a_fresh_form(app: Flask) -> None:
    browser = browser_of(app)
    browser.get("/client/new/")
    key = browser.fields("#record")["idempotency_key"]
    browser.submit("#record", press="_add_another", name="EDF", **{"contacts-0-email": "contact@edf.fr"})
    assert browser.path == "/client/new/"
    assert browser.fields("#record")["name"] == ""
    assert browser.fields("#record")["idempotency_key"] != key
    browser.submit("#record", name="Engie", **{"contacts-0-email": "contact@engie.fr"})
    assert [client["name"] for client in rows(app, Client)] == ["EDF", "Engie"]


def test_the_name_of_a_search_without_result_begins_the_form(app: Flask) -> None:
    browser = browser_of(app)
    browser.get("/client/new/?name=%C3%89olia%20%22%3Cb%3E")
    assert browser.fields("#record")["name"] == 'Éolia "<b>'


def test_a_negotiated_term_is_kept_and_named_on_the_card(app: Flask) -> None:
    term = next(found for found in rows(app, PaymentTerm) if found["label"] == "45 jours nets")
    browser = browser_of(app)
    bare(browser, payment_term=str(term["id"]))
    assert rows(app, Client)[0]["payment_term_id"] == term["id"]
    assert "45 jours nets (négocié ; défaut : 30 jours nets)" in browser.text
    bare(browser, name="Engie", email="contact@engie.fr")
    assert "30 jours nets (défaut des réglages)" in browser.text
