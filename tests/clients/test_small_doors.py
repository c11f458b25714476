"""Ways round the rules that a sceptic has found, closed."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.clients.models import Address, Client, Contact
from tests.clients.cast import add_client, browser_of, contact_ids, row, rows


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", contacts=[{"email": "luc@edf.example"}])


def test_the_main_contact_stays_active_while_its_client_is_away(app: Flask, edf: int) -> None:
    main = contact_ids(app, edf)[0]
    browser = browser_of(app)
    browser.get(f"/client/deactivate/?id={edf}")
    browser.post("/client/deactivate/", {"id": edf})
    browser.get(f"/contact/edit/?id={main}")
    browser.submit("#record", is_active=False)
    assert "Choisissez d'abord un autre contact principal" in browser.text
    assert row(app, Contact, main)["is_active"]


def test_a_contact_switched_by_hand_in_its_form_no_longer_follows_its_client(app: Flask, edf: int) -> None:
    luc = contact_ids(app, edf)[1]
    browser = browser_of(app)
    browser.get(f"/client/deactivate/?id={edf}")
    browser.post("/client/deactivate/", {"id": edf, "with_contacts": "1"})
    for wanted in (True, False):
        browser.get(f"/contact/edit/?id={luc}")
        browser.submit("#record", is_active=wanted)
    browser.get(f"/client/details/?id={edf}")
    browser.post("/client/activate/", {"id": edf})
    assert not row(app, Contact, luc)["is_active"]
    assert row(app, Contact, contact_ids(app, edf)[0])["is_active"]


def test_the_billing_block_is_not_asked_while_its_box_is_on(app: Flask) -> None:
    browser = browser_of(app)
    browser.get("/client/new/")
    browser.submit("#record", name="EDF", billing_street="x" * 300, **{"contacts-0-email": "c@edf.example"})
    assert browser.path.startswith("/client/details/")
    assert rows(app, Address) == []


def test_an_address_without_a_name_goes_by_its_town(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    browser.get(f"/address/new/?client={edf}")
    browser.submit("#record", street="8 quai Rambaud", city="Lyon")
    assert [address["label"] for address in rows(app, Address)] == ["Lyon"]


@pytest.mark.parametrize("asked", ["country=zz", "type=abc", "vat_regime=x", "created_to=31/13/2020"])
def test_a_filter_that_makes_no_sense_finds_nothing_and_is_shown(app: Flask, edf: int, asked: str) -> None:
    browser = browser_of(app)
    browser.get(f"/client/?{asked}")
    assert browser.page.select("tbody tr") == []
    assert asked.partition("=")[2] in browser.text
    assert len(rows(app, Client)) == 1


@pytest.mark.parametrize("path", ["/login", "/reset"])
def test_who_is_logged_in_is_not_told_to_lack_a_right_on_public_pages(app: Flask, path: str) -> None:
    browser = browser_of(app, "administrateur")
    browser.get(path)
    assert browser.status == 200


def test_the_english_label_of_a_choice_is_its_own_too(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    browser.get("/companytype/new/")
    browser.submit("#record", label="Neuf", label_en="CLIENT")
    assert "existe déjà" in browser.error_of("label_en")
