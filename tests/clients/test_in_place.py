"""Single facts edited on the card: the rules, rights, versions and traces of the whole form."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Client, Contact
from backoffice.lookups.models import CompanyType
from tests.clients.cast import (
    add_client,
    browser_of,
    change,
    contact_ids,
    facts,
    notices,
    row,
    rows,
    state,
)
from tests.web import Browser


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(
        app,
        "EDF",
        "jeanne@edf.fr",
        phone="+33142000000",
        siren="552081317",
        siret="55208131766522",
        contacts=[{"email": "paul@edf.fr"}],
    )


def field(browser: Browser, id_: int, name: str, kind: str = "client") -> Browser:
    browser.get(f"/{kind}/field/?id={id_}&name={name}")
    return browser


def test_a_fact_is_changed_traced_and_said(app: Flask, edf: int) -> None:
    browser = field(browser_of(app, name="Alice Durand"), edf, "phone")
    assert browser.fields("#record")["phone"] == "01 42 00 00 00"
    browser.submit("#record", phone="01 42 00 00 01")
    assert browser.path == f"/client/details/?id={edf}"
    assert "Tél. standard : 01 42 00 00 01." in notices(browser)
    assert facts(app, "client", edf) == [("Alice Durand", "phone", "+33142000000", "+33142000001")]
    assert row(app, Client, edf)["version"] == 2


def test_a_change_is_taken_back(app: Flask, edf: int) -> None:
    browser = field(browser_of(app), edf, "phone")
    browser.submit("#record", phone="")
    assert "Tél. standard : effacé." in notices(browser)
    browser.submit(".notice form")
    assert row(app, Client, edf)["phone"] == "+33142000000"
    assert "Tél. standard : 01 42 00 00 00." in notices(browser)


def test_what_changed_meanwhile_is_not_taken_back(app: Flask, edf: int) -> None:
    browser = field(browser_of(app), edf, "phone")
    browser.submit("#record", phone="01 42 00 00 01")
    change(app, Client, edf, phone="+33142000002")
    before = state(app)
    browser.submit(".notice form")
    assert "Trop tard pour annuler : la fiche a changé depuis. Rien n'est modifié." in notices(browser)
    assert browser.path == f"/client/details/?id={edf}"
    assert state(app) == before


def test_what_stays_the_same_says_nothing_and_leaves_no_trace(app: Flask, edf: int) -> None:
    browser, before = field(browser_of(app), edf, "phone"), state(app)
    browser.submit("#record")
    assert notices(browser) == []
    assert state(app) == before


def test_what_is_wrong_stands_beside_the_field_with_what_was_typed(app: Flask, edf: int) -> None:
    browser, before = field(browser_of(app), edf, "phone"), state(app)
    browser.submit("#record", phone="12")
    assert browser.status == 200
    assert "Ce numéro de téléphone n'est pas possible" in browser.error_of("phone")
    assert browser.fields("#record")["phone"] == "12"
    assert state(app) == before


def test_what_becomes_wrong_elsewhere_is_said_with_the_way_to_the_whole_form(app: Flask, edf: int) -> None:
    browser, before = field(browser_of(app), edf, "siren"), state(app)
    browser.submit("#record", siren="542051180")
    assert "SIRET : Ce SIRET n'est pas celui du SIREN indiqué" in browser.text
    assert browser.page.select_one(f".notice.bad a[href^='/client/edit/?id={edf}']")
    assert state(app) == before


def test_a_known_siret_is_shared_only_when_one_says_so(app: Flask, edf: int) -> None:
    other = add_client(app, "Autre")
    browser = field(browser_of(app), other, "siret")
    browser.submit("#record", siret="552 081 317 66522")
    assert "Ce SIRET est déjà connu" in browser.error_of("siret")
    browser.submit("#record", shares_siret=True)
    assert row(app, Client, other)["siret"] == "55208131766522"
    assert row(app, Client, other)["siren"] == "552081317"
    assert browser.page.select(".notice form") == []  # more than the fact has changed: nothing is taken back


def test_a_form_opened_on_an_old_version_is_not_saved_until_one_has_seen_it(app: Flask, edf: int) -> None:
    browser = field(browser_of(app), edf, "phone")
    change(app, Client, edf, city="Lyon")
    before = state(app)
    browser.submit("#record", phone="01 42 00 00 01")
    assert browser.status == 409
    assert "a modifié cette fiche" in browser.text
    assert browser.fields("#record")["phone"] == "01 42 00 00 01"
    assert state(app) == before
    browser.submit("#record")
    assert row(app, Client, edf)["phone"] == "+33142000001"


@pytest.mark.parametrize("role", ["lecture", "support"])
def test_who_may_not_write_sees_no_pencil_and_is_refused(app: Flask, edf: int, role: str) -> None:
    browser, before = browser_of(app, role), state(app)
    page = browser.get(f"/client/details/?id={edf}")
    assert page.select(".pencil, .missing, [data-place] form, .chip") == []
    browser.get(f"/client/field/?id={edf}&name=phone")
    assert browser.status == 403
    browser.get(f"/client/details/?id={edf}")
    browser.post(f"/client/field/?id={edf}&name=phone", {"phone": ""})
    assert browser.status == 403
    assert state(app) == before


@pytest.mark.parametrize("name", ["", "name", "is_active", "main_contact", "contacts", "created_by", "x"])
def test_an_unknown_fact_is_not_found(app: Flask, edf: int, name: str) -> None:
    browser, before = field(browser_of(app), edf, "phone"), state(app)
    answer = browser.client.post(
        f"/client/field/?id={edf}&name={name}", data={name: "x", "csrf_token": browser.csrf_token}
    )
    assert answer.status_code == 404
    assert field(browser, edf, name).status == 404
    assert state(app) == before


@pytest.mark.parametrize("other", ["name", "is_active", "contacts-0-email", "main_contact", "row"])
def test_other_fields_sent_along_are_refused_with_all_the_rest(app: Flask, edf: int, other: str) -> None:
    browser, before = field(browser_of(app), edf, "phone"), state(app)
    browser.post(f"/client/field/?id={edf}&name=phone", {"phone": "01 42 00 00 01", other: "0"})
    assert browser.status == 400
    assert state(app) == before


def test_warnings_are_said_of_what_is_saved(app: Flask, edf: int) -> None:
    browser = field(browser_of(app), edf, "vat_regime")
    browser.submit("#record", vat_regime="intracommunity")
    assert row(app, Client, edf)["vat_regime"] == "intracommunity"
    assert any("demande le numéro de TVA d'un autre État membre" in said for said in notices(browser))


def test_choices_parents_and_addresses_are_facts_too(app: Flask, edf: int) -> None:
    mother, kind = add_client(app, "Mère"), rows(app, CompanyType)[0]
    browser = browser_of(app)
    wanted: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("type", {"type": kind["id"]}, f"Type : {kind['label']}."),
        ("parent", {"parent": mother}, "Société mère : Mère."),
        ("website", {"website": "edf.fr"}, "Site web : https://edf.fr."),
        (
            "address",
            {"street": "1 rue A", "postal_code": "69002", "city": "Lyon"},
            "Adresse : 1 rue A, 69002",
        ),
    )
    for name, values, said in wanted:
        field(browser, edf, name).submit("#record", **values)
        assert notices(browser)[0].startswith(said.rstrip("."))
        browser.submit(".notice form")
        for stored in ("type_id", "parent_id", "website", "street", "city"):
            assert row(app, Client, edf)[stored] is None
        browser.get(f"/client/details/?id={edf}")


def test_one_parent_is_never_its_own_grandchild_by_a_single_fact(app: Flask, edf: int) -> None:
    child = add_client(app, "Fille", parent_id=edf)
    browser, before = field(browser_of(app), edf, "parent"), state(app)
    browser.submit("#record", parent=str(child))
    assert "dépend déjà de cette société" in browser.text
    assert state(app) == before


def test_an_empty_fact_is_offered_by_name_and_disappears_once_told(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    page = browser.get(f"/client/details/?id={edf}")
    offered = [chip.get_text(strip=True) for chip in page.select(".missing .chip")]
    assert "Site web" in offered
    assert not {"SIREN", "SIRET", "Tél. standard", "Régime de TVA"} & set(offered)
    field(browser, edf, "website").submit("#record", website="edf.fr")
    assert "Site web" not in [chip.get_text(strip=True) for chip in browser.page.select(".missing .chip")]


def test_one_comes_back_to_the_tab_and_the_list_one_came_from(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    page = browser.get(f"/client/details/?id={edf}&in=sort%3Dname")
    pencil = page.select_one("#edit-phone")
    assert pencil is not None
    browser.get(str(pencil["href"]))
    browser.submit("#record", phone="01 42 00 00 01")
    assert browser.path == f"/client/details/?id={edf}&in=sort%3Dname"
    assert browser.page.select_one("#next[href*='in=sort%3Dname']")


def test_facts_of_a_contact_are_edited_on_its_page(app: Flask, edf: int) -> None:
    jeanne = contact_ids(app, edf)[0]
    browser = browser_of(app, name="Alice Durand")
    offered = browser.get(f"/contact/details/?id={jeanne}").select_one("#edit-job_title")
    assert offered is not None
    browser.get(str(offered["href"]))
    browser.submit("#record", job_title="Achats")
    assert browser.path == f"/contact/details/?id={jeanne}"
    assert row(app, Contact, jeanne)["job_title"] == "Achats"
    assert row(app, Client, edf)["version"] == 2  # forms of its client opened before are old ones
    field(browser, jeanne, "email", "contact").submit("#record", email="paul@edf.fr")
    assert "Cette adresse est déjà celle de" in browser.error_of("email")


def test_a_fact_of_a_client_with_many_contacts_keeps_them_all(app: Flask) -> None:
    big = add_client(app, "Grande", contacts=[{"email": f"p{n}@grande.example"} for n in range(40)])
    before = rows(app, Contact)
    field(browser_of(app), big, "phone").submit("#record", phone="01 42 00 00 01")
    assert row(app, Client, big)["phone"] == "+33142000001"
    assert rows(app, Contact) == before
