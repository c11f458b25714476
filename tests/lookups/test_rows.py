"""Rows of the lists of choices: their keys, their ids, and two administrators on one of them."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.emails.models import EmailTemplate
from backoffice.lookups.models import LOOKUPS, CompanyType, OfficeSettings, PaymentTerm, Source
from tests.clients.cast import add_client, browser_of, facts, row, rows
from tests.clients.together import at_once
from tests.lookups.test_admin import title_of


@pytest.mark.parametrize("label", ["œ" * 80, "ﷺ" * 20, "ß" * 80])
def test_a_label_that_grows_when_folded_is_kept_and_recognised(app: Flask, label: str) -> None:
    browser = browser_of(app, "administrateur")
    for _ in range(2):
        browser.get("/source/new/")
        browser.submit("#record", label=label)
    assert len(rows(app, Source, label=label)) == 1
    assert "existe déjà" in browser.error_of("label")


@pytest.mark.parametrize("model", LOOKUPS)
def test_a_new_choice_never_gets_the_id_of_a_deleted_one(app: Flask, model: type) -> None:
    """An open form may still hold it, and the history speaks of it."""
    browser, table = browser_of(app, "administrateur"), model.__name__.lower()
    used = max(choice["id"] for choice in rows(app, model))
    for label in ("Premier", "Second"):
        browser.get(f"/{table}/new/")
        more = {"subject_fr": "Objet", "body_fr": "Texte"} if model is EmailTemplate else {}
        browser.submit("#record", label=label, **more)
        (made,) = rows(app, model, label=label)
        assert made["id"] > used
        used = made["id"]
        browser.get(f"/{table}/")
        browser.post(f"/{table}/delete/", {"id": str(used)})
        assert rows(app, model, label=label) == []


def test_a_deleted_choice_leaves_its_facts(app: Flask) -> None:
    browser = browser_of(app, "administrateur", name="Ada Admin")
    browser.get("/source/")
    browser.post("/source/delete/", {"id": "1"})
    assert ("Ada Admin", "label", "Site web", None) in facts(app, "source", 1, "delete")


def test_two_new_defaults_at_once_leave_one(app: Flask) -> None:
    ada, bob = (
        browser_of(app, "administrateur", name="Ada Admin"),
        browser_of(app, "administrateur", name="Bob Admin"),
    )
    ada.get("/companytype/edit/?id=2")
    bob.get("/companytype/edit/?id=3")
    at_once(lambda: ada.submit("#record", is_default=True), lambda: bob.submit("#record", is_default=True))
    assert {ada.status, bob.status} <= {200, 409}
    (default,) = rows(app, CompanyType, is_default=True)
    assert default["id"] in (2, 3)


def test_an_old_form_of_a_choice_or_of_the_settings_is_refused(app: Flask) -> None:
    ada, bob = (
        browser_of(app, "administrateur", name="Ada Admin"),
        browser_of(app, "administrateur", name="Bob Admin"),
    )
    for address, field in (("/companytype/edit/?id=2", "label_en"), ("/settings/", "company_name")):
        ada.get(address)
        bob.get(address)
        bob.submit("#record", **{field: "Of Bob"})
        ada.submit("#record", **{field: "Of Ada"})
        assert ada.status == 409, address
        assert "Bob Admin a modifié cette fiche" in ada.text
        assert ada.fields("#record")[field] == "Of Ada"
    assert row(app, CompanyType, 2)["label_en"] == row(app, OfficeSettings, 1)["company_name"] == "Of Bob"


def test_a_choice_deleted_under_an_open_form_is_said_beside_its_field(app: Flask) -> None:
    browser, admin = browser_of(app), browser_of(app, "administrateur")
    browser.get("/client/new/")
    admin.get("/companytype/")
    admin.post("/companytype/delete/", {"id": "5"})
    browser.submit("#record", name="EDF", type="5", **{"contacts-0-email": "contact@edf.fr"})
    assert "Ce choix n'existe plus" in browser.error_of("type")
    assert browser.fields("#record")["name"] == "EDF"


def test_uses_are_counted_over_all_that_points_at_a_choice(app: Flask) -> None:
    for number in range(3):
        people = [{"email": f"p{number}@x.example", "source_id": 1}]
        add_client(app, f"Société {number}", payment_term_id=2, contacts=people, main={"source_id": 1})
    browser = browser_of(app, "administrateur")
    for table, label, uses in (("source", "Site web", "6"), ("paymentterm", "30 jours nets", "3")):
        browser.get(f"/{table}/")
        lines = browser.page.select("tbody tr")
        (line,) = [tag for tag in lines if title_of(tag) == label]
        assert uses in [cell.get_text(strip=True) for cell in line.select("td")]


@pytest.mark.parametrize("typed", ["²", "--5", "1e3", "9" * 30, "٣٠", "30.5"])
def test_what_is_no_whole_number_is_refused_in_french(app: Flask, typed: str) -> None:
    browser = browser_of(app, "administrateur")
    before = rows(app, PaymentTerm)
    browser.get("/paymentterm/new/")
    browser.submit("#record", label="Sur mesure", days=typed)
    assert "nombre" in browser.error_of("days")
    assert browser.fields("#record")["days"] == typed
    assert rows(app, PaymentTerm) == before
