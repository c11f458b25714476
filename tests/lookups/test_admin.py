"""The lists of choices and the settings, as administrators keep them."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from backoffice.clients.models import Client
from backoffice.core.db import db, for_writing
from backoffice.lookups.models import CompanyType, Language, OfficeSettings, PaymentTerm, Source
from tests.clients.cast import add_client, browser_of, facts, row, rows
from tests.web import Browser

MODELS = {"companytype": CompanyType, "source": Source, "language": Language, "paymentterm": PaymentTerm}


@pytest.fixture
def admin(app: Flask) -> Browser:
    return browser_of(app, "administrateur")


def id_of(app: Flask, model: Any, label: str) -> int:
    with app.app_context():
        found: int = db.session.scalars(select(model.id).where(model.label == label)).one()
        return found


def add(browser: Browser, table: str, **fields: Any) -> None:
    browser.get(f"/{table}/new/")
    browser.submit("#record", **fields)


def choices_of(browser: Browser, field: str) -> list[str]:
    select_tag = browser.page.select_one(f"select[name={field}]")
    assert select_tag is not None
    return [option.get_text(strip=True) for option in select_tag.select("option")]


def title_of(line: Tag) -> str:
    """What a row of a list is called."""
    cell = line.select_one("th a")
    assert cell is not None
    return cell.get_text(strip=True)


def test_a_new_choice_is_offered_in_its_place(app: Flask, admin: Browser) -> None:
    add(admin, "companytype", label="Fournisseur", position="0")
    assert "Choix ajouté : Fournisseur." in admin.text
    assert ("companytype", "label") not in [fact[:2] for fact in facts(app, "company_type")]
    admin.get("/client/new/")
    assert choices_of(admin, "type")[:2] == ["", "Fournisseur"]


@pytest.mark.parametrize(
    ("typed", "said"), [("", "obligatoire"), ("   ", "obligatoire"), ("cLIÉNT", "existe déjà")]
)
def test_a_blank_or_taken_label_is_refused_beside_its_field(
    app: Flask, admin: Browser, typed: str, said: str
) -> None:
    before = rows(app, CompanyType)
    add(admin, "companytype", label=typed)
    assert said in admin.error_of("label")
    assert rows(app, CompanyType) == before


def test_an_inactive_choice_cannot_be_the_default(app: Flask, admin: Browser) -> None:
    add(admin, "source", label="Cocktail", is_active=False, is_default=True)
    assert "inactif" in admin.error_of("is_default")
    assert rows(app, Source, label="Cocktail") == []


def test_a_new_default_steps_the_old_one_back(app: Flask, admin: Browser) -> None:
    prospect = id_of(app, CompanyType, "Prospect")
    admin.get(f"/companytype/edit/?id={prospect}")
    admin.submit("#record", is_default=True)
    assert [found["label"] for found in rows(app, CompanyType, is_default=True)] == ["Prospect"]
    assert [fact[1:] for fact in facts(app, "company_type")] == [
        ("is_default", True, False),
        ("is_default", False, True),
    ]


def test_the_database_itself_allows_one_default(app: Flask) -> None:
    with app.app_context(), for_writing(), pytest.raises(IntegrityError):
        db.session.execute(update(CompanyType).values(is_default=True))


def test_a_used_choice_stays_and_an_unused_one_goes(app: Flask, admin: Browser) -> None:
    used, unused = id_of(app, CompanyType, "Partenaire"), id_of(app, CompanyType, "Association")
    add_client(app, "EDF", type_id=used)
    admin.get("/companytype/")
    cells = {title_of(line): line.get_text(" ", strip=True) for line in admin.page.select("tbody tr")}
    assert "Supprimer" in cells["Association"]
    assert "Supprimer" not in cells["Partenaire"]

    admin.post("/companytype/delete/", {"id": used})
    assert "« Partenaire » est utilisé : désactivez-le" in admin.text
    admin.get("/companytype/")
    admin.post("/companytype/delete/", {"id": unused})
    labels = [found["label"] for found in rows(app, CompanyType)]
    assert "Partenaire" in labels
    assert "Association" not in labels


def test_an_inactive_choice_is_not_offered_but_stays_where_it_is_used(app: Flask, admin: Browser) -> None:
    partner = id_of(app, CompanyType, "Partenaire")
    client = add_client(app, "EDF", type_id=partner)
    admin.get(f"/companytype/edit/?id={partner}")
    admin.submit("#record", is_active=False)
    admin.get("/client/new/")
    assert "Partenaire" not in " ".join(choices_of(admin, "type"))
    admin.get(f"/client/edit/?id={client}")
    assert "Partenaire (inactif)" in choices_of(admin, "type")
    admin.submit("#record", city="Lyon")
    assert row(app, Client, client)["type_id"] == partner


@pytest.mark.parametrize(
    ("field", "typed"), [("days", "-1"), ("days", "366"), ("days", "trente"), ("day_of_month", "32")]
)
def test_a_payment_term_out_of_range_is_refused(app: Flask, admin: Browser, field: str, typed: str) -> None:
    before = rows(app, PaymentTerm)
    add(admin, "paymentterm", label="Sur mesure", **{field: typed})
    assert admin.error_of(field)
    assert rows(app, PaymentTerm) == before


def test_a_payment_term_over_the_legal_cap_is_kept_with_a_warning(app: Flask, admin: Browser) -> None:
    add(admin, "paymentterm", label="90 jours", days="90")
    assert "L.441-10" in admin.text
    assert rows(app, PaymentTerm, label="90 jours")


def test_the_settings_are_what_a_new_client_begins_with(app: Flask, admin: Browser) -> None:
    german, term = id_of(app, Language, "Allemand"), id_of(app, PaymentTerm, "60 jours nets")
    admin.get("/settings/")
    admin.submit("#record", default_language=german, default_payment_term=term, default_country="Belgique")
    assert "Réglages enregistrés." in admin.text
    assert row(app, OfficeSettings, 1)["default_country"] == "BE"
    admin.get("/client/new/")
    fields = admin.fields("#record")
    assert (fields["language"], fields["country"], fields["payment_term"]) == (str(german), "Belgique", "")
    admin.get(f"/client/details/?id={add_client(app, 'EDF')}")
    assert "60 jours nets" in admin.text
    assert "(défaut des réglages)" in admin.text


def test_the_identity_of_the_office_is_held_to_the_same_rules(app: Flask, admin: Browser) -> None:
    admin.get("/settings/")
    admin.submit("#record", siren="552 008 444", iban="FR76 0000", company_name="L'Office")
    assert admin.error_of("siren")
    assert admin.error_of("iban")
    assert row(app, OfficeSettings, 1)["company_name"] is None
    admin.submit("#record", siren="552 008 443", iban="FR14 2004 1010 0505 0001 3M02 606")
    assert row(app, OfficeSettings, 1)["siren"] == "552008443"


def test_an_english_reader_reads_english_labels(app: Flask) -> None:
    browser = browser_of(app, "gestionnaire", locale="en")
    browser.get("/client/new/")
    assert "Public body" in choices_of(browser, "type")
