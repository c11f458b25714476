"""The main job on real input: fifty French companies, typed in, found, opened, edited, switched off and on."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Fact
from backoffice.core.db import db
from backoffice.core.validators.siren import show_siren
from tests.browser.companies import Company, create, fifty_companies
from tests.browser.conftest import Visit
from tests.conftest import on_sqlite_only


def search(page: Page, words: str) -> None:
    """Search from the top bar, as on every page."""
    page.fill(".top [name=search]", words)
    page.press(".top [name=search]", "Enter")
    page.wait_for_url(lambda url: "/client/" in url)


@on_sqlite_only
def test_fifty_companies_go_in_through_the_form_and_are_found_edited_and_switched(
    app: Flask, visit: Visit
) -> None:
    page = visit("gestionnaire")
    companies = fifty_companies()
    assert len(companies) == 50

    for company in companies:
        page.goto("/client/new/")
        create(page, company)
        expect(page.locator("h1")).to_have_text(company.name)

    with app.app_context():
        assert db.session.scalar(select(func.count(Client.id))) == 50
        assert db.session.scalar(select(func.count(Contact.id))) == 50
        stored = {client.name: client for client in db.session.scalars(select(Client))}
        for company in companies:
            assert stored[company.name].siren == company.siren
            assert stored[company.name].vat_number == company.vat_number
            assert stored[company.name].main_contact.email == company.email

    for company in companies[::7]:
        find_and_open(page, company)
    find_and_open(page, companies[3])
    edit(page, companies[3])
    switch_off_and_on(page, companies[3])


def test_one_company_lives_its_whole_life_on_either_engine(app: Flask, visit: Visit) -> None:
    page = visit("gestionnaire")
    company = fifty_companies()[2]
    page.goto("/client/new/")
    create(page, company)
    find_and_open(page, company)
    edit(page, company)
    switch_off_and_on(page, company)
    with app.app_context():
        facts = db.session.scalars(select(Fact).where(Fact.owner == "client", Fact.operation == "update"))
        changed = [(fact.field, fact.after) for fact in facts]
    assert ("phone", "+33144432000") in changed
    assert ("is_active", False) in changed
    assert ("is_active", True) in changed


def find_and_open(page: Page, company: Company) -> None:
    """By its SIREN as it is printed, then by the beginnings of the words of its name."""
    search(page, show_siren(company.siren))
    expect(page.locator("h1")).to_have_text(company.name)
    expect(page.locator("main")).to_contain_text(company.vat_number[:2])
    words = " ".join(word[:5].lower() for word in re.findall(r"\w+", company.name))
    page.goto(f"/client/?search={words}")
    page.get_by_role("link", name=company.name, exact=True).click()
    expect(page.locator("h1")).to_have_text(company.name)


def edit(page: Page, company: Company) -> None:
    page.get_by_role("link", name="Modifier", exact=True).first.click()
    page.wait_for_url("**/client/edit/**")
    page.fill("[name=phone]", "01 44 43 20 00")
    page.get_by_role("button", name="Ajouter un contact").click()
    page.fill("[name=contacts-1-email]", f"second.{company.email}")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_url("**/client/details/**")
    expect(page.locator("main")).to_contain_text("01 44 43 20 00")
    expect(page.locator("main")).to_contain_text(f"second.{company.email}")


def switch_off_and_on(page: Page, company: Company) -> None:
    page.get_by_role("link", name="Désactiver", exact=True).click()
    page.check("[name=with_contacts]")
    page.get_by_role("button", name="Désactiver", exact=True).click()
    expect(page.locator(".notice.off")).to_contain_text("inactive")

    page.goto(f"/client/?search={company.siren}")
    expect(page.locator("main")).to_contain_text("Aucune société")
    page.get_by_role("link", name="Chercher parmi les inactives (1)").click()
    page.get_by_role("button", name="Réactiver").click()
    expect(page.locator(".notice.good")).to_contain_text("active")

    page.goto(f"/client/?search={company.siren}")
    page.get_by_role("link", name=company.name, exact=True).click()
    expect(page.locator(".pill.off")).to_have_count(0)
