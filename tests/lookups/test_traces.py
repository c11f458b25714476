"""Who keeps the lists of choices and the settings leaves facts; what is refused leaves none, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Client
from backoffice.lookups.models import LOOKUPS, CompanyType, OfficeSettings, PaymentTerm
from tests.clients.cast import add_client, browser_of, facts, row, rows
from tests.lookups.test_admin import add, choices_of, id_of
from tests.lookups.test_services import USES
from tests.web import Browser

ADA = "Ada Lovelace"
KEPT: tuple[Any, ...] = (*LOOKUPS, OfficeSettings)


@pytest.fixture
def ada(app: Flask) -> Browser:
    return browser_of(app, "administrateur", name=ADA)


def all_facts(app: Flask) -> list[tuple[Any, ...]]:
    return [
        fact
        for model in KEPT
        for operation in ("create", "update", "delete")
        for fact in facts(app, model.__tablename__, operation=operation)
    ]


def open_row(browser: Browser, model: Any, row_id: int) -> None:
    browser.get(f"/{model.__name__.lower()}/edit/?id={row_id}")


def test_a_new_choice_leaves_a_fact_of_each_field(app: Flask, ada: Browser) -> None:
    add(ada, "companytype", label="Fournisseur", label_en="Supplier", position="9")
    told = facts(app, "company_type", operation="create")
    assert {fact[0] for fact in told} == {ADA}
    assert {fact[1]: fact[3] for fact in told} == {
        "label": "Fournisseur",
        "label_en": "Supplier",
        "position": 9,
        "is_active": True,
        "is_default": False,
    }


def test_a_change_leaves_one_fact_for_each_field_that_changed(app: Flask, ada: Browser) -> None:
    term = id_of(app, PaymentTerm, "45 jours nets")
    open_row(ada, PaymentTerm, term)
    ada.submit("#record", days="40", label="40 jours nets")
    assert sorted(facts(app, "payment_term", term)) == [
        (ADA, "days", 45, 40),
        (ADA, "label", "45 jours nets", "40 jours nets"),
    ]


def test_the_settings_leave_facts_too(app: Flask, ada: Browser) -> None:
    ada.get("/settings/")
    ada.submit("#record", default_country="Belgique", company_name="L'Office")
    assert sorted(facts(app, "office_settings", 1)) == [
        (ADA, "company_name", None, "L'Office"),
        (ADA, "default_country", "FR", "BE"),
    ]


def test_settings_and_choices_sent_back_as_they_came_leave_none(app: Flask, ada: Browser) -> None:
    before = [rows(app, model) for model in KEPT]
    ada.get("/settings/")
    ada.submit("#record")
    for model in LOOKUPS:
        open_row(ada, model, 1)
        ada.submit("#record")
        assert ada.status == 200
    assert all_facts(app) == []
    assert [rows(app, model) for model in KEPT] == before


@pytest.mark.parametrize("model", LOOKUPS)
def test_a_new_label_leaves_its_fact_in_every_table(app: Flask, ada: Browser, model: Any) -> None:
    before = row(app, model, 2)["label"]
    open_row(ada, model, 2)
    ada.submit("#record", label="Autrement dit")
    assert facts(app, model.__tablename__, 2) == [(ADA, "label", before, "Autrement dit")]


@pytest.mark.parametrize(("model", "used_by"), USES, ids=[model.__tablename__ for model, _ in USES])
def test_a_used_row_of_any_table_is_not_deleted(app: Flask, ada: Browser, model: Any, used_by: Any) -> None:
    client = add_client(app, "EDF", **used_by(2))
    before, used = rows(app, model), row(app, Client, client)
    ada.get(f"/{model.__name__.lower()}/")
    ada.post(f"/{model.__name__.lower()}/delete/", {"id": 2})
    assert "est utilisé : désactivez-le, il restera visible là où il sert." in ada.text
    assert rows(app, model) == before
    assert row(app, Client, client) == used
    assert all_facts(app) == []


def test_the_default_cannot_be_switched_off_while_it_is_one(app: Flask, ada: Browser) -> None:
    client = id_of(app, CompanyType, "Client")
    before = rows(app, CompanyType)
    open_row(ada, CompanyType, client)
    ada.submit("#record", is_active=False)
    assert "Un choix inactif ne peut pas être celui par défaut" in ada.error_of("is_default")
    assert rows(app, CompanyType) == before
    ada.submit("#record", is_default=False)
    after = row(app, CompanyType, client)
    assert (after["is_active"], after["is_default"]) == (False, False)
    assert {fact[:2] for fact in all_facts(app)} == {(ADA, "is_active"), (ADA, "is_default")}


def test_a_label_cannot_be_changed_into_another_row_s(app: Flask, ada: Browser) -> None:
    before = rows(app, CompanyType)
    open_row(ada, CompanyType, id_of(app, CompanyType, "Prospect"))
    ada.submit("#record", label="ORGANISMÉ  public")
    assert "« Organisme public » existe déjà : choisissez-en un autre." in ada.error_of("label")
    assert ada.fields("#record")["label"] == "ORGANISMÉ  public"
    assert rows(app, CompanyType) == before
    assert all_facts(app) == []


def test_the_order_of_the_table_is_that_of_the_forms(app: Flask, ada: Browser) -> None:
    open_row(ada, CompanyType, id_of(app, CompanyType, "Association"))
    ada.submit("#record", position="-5")
    ada.get("/companytype/")
    assert next(tag.get_text(strip=True) for tag in ada.page.select("tbody th a")) == "Association"
    ada.get("/client/new/")
    assert choices_of(ada, "type")[:2] == ["", "Association"]


def test_an_inactive_row_cannot_be_chosen_by_its_id_and_stays_on_the_card(app: Flask, ada: Browser) -> None:
    partner = id_of(app, CompanyType, "Partenaire")
    edf = add_client(app, "EDF", type_id=partner)
    open_row(ada, CompanyType, partner)
    ada.submit("#record", is_active=False)
    ada.get(f"/client/details/?id={edf}")
    assert "Partenaire" in ada.text
    ada.get("/client/")
    assert "Partenaire" in " ".join(line.get_text() for line in ada.page.select("tbody tr"))
    ada.get("/client/new/")
    ada.submit("#record", name="Engie", type=str(partner), **{"contacts-0-email": "contact@engie.fr"})
    assert "Ce choix n'existe plus : choisissez-en un autre." in ada.error_of("type")
    assert [client["name"] for client in rows(app, Client)] == ["EDF"]


def test_a_new_client_begins_with_the_defaults_and_is_stored_with_them(app: Flask, ada: Browser) -> None:
    prospect = id_of(app, CompanyType, "Prospect")
    open_row(ada, CompanyType, prospect)
    ada.submit("#record", is_default=True)
    ada.get("/settings/")
    ada.submit("#record", default_country="Belgique")
    ada.get("/client/new/")
    ada.submit("#record", name="Solvay", **{"contacts-0-email": "contact@solvay.be"})
    (client,) = rows(app, Client)
    assert (client["type_id"], client["country"], client["payment_term_id"]) == (prospect, "BE", None)


def test_an_english_reader_reads_them_on_the_card_too(app: Flask) -> None:
    edf = add_client(app, "EDF", type_id=id_of(app, CompanyType, "Organisme public"))
    browser = browser_of(app, "lecture", locale="en")
    browser.get(f"/client/details/?id={edf}")
    assert "Public body" in browser.text
    assert "Organisme public" not in browser.text
