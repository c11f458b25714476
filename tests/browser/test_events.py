"""Events in Chromium: on the card of a client without leaving it, in the form, and month by month."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, stay, stayed
from tests.clients.cast import add_client
from tests.conftest import on_sqlite_only
from tests.events.cast import add_event, add_events

pytestmark = on_sqlite_only

PHONE = {"width": 390, "height": 844}


def opened(page: Page, address: str) -> Page:
    """The page, which remembers whether it was left."""
    page.goto(address)
    stay(page)
    return page


def test_five_hundred_events_come_by_twenties_without_a_page_load(app: Flask, visit: Visit) -> None:
    client = add_client(app, "EDF")
    add_events(app, client, [{"name": f"Soirée {number}"} for number in range(500)])
    page = opened(visit("lecture"), f"/client/details/?id={client}")
    lines = page.locator("#event-rows > .line")
    expect(lines).to_have_count(5)

    page.get_by_role("link", name="Voir plus (495)").press("Enter")
    expect(lines).to_have_count(25)
    expect(page.get_by_role("link", name="Soirée 494", exact=True)).to_be_focused()
    page.get_by_role("link", name="Voir plus (475)").click()
    expect(lines).to_have_count(45)
    expect(page.get_by_role("link", name="Voir plus (455)")).to_be_visible()
    assert stayed(page)
    assert page.url.endswith(f"?id={client}")


def test_an_event_is_made_on_the_card_and_what_is_wrong_is_said_there(app: Flask, visit: Visit) -> None:
    client = add_client(app, "EDF", contacts=[{"email": "paul@edf.fr"}])
    page = opened(visit("gestionnaire"), f"/client/details/?id={client}")
    page.get_by_role("link", name="Nouvel événement").press("Enter")
    expect(page.locator("#new-event [name=name]")).to_be_focused()
    page.keyboard.type("Soirée des 20 ans")
    form = page.locator("#new-event")
    expect(form.locator("[role=combobox]")).to_have_value("EDF")
    form.get_by_label("Début", exact=False).first.fill("12/12/2026")
    form.get_by_label("Fin", exact=True).fill("11/12/2026")
    form.get_by_label("Contact client").select_option("paul@edf.fr")
    page.keyboard.press("Control+s")
    expect(form.get_by_text("L’événement finirait avant de commencer")).to_be_visible()
    expect(form.get_by_label("Fin", exact=True)).to_have_value("11/12/2026")

    form.get_by_label("Fin", exact=True).fill("13/12/2026")
    form.get_by_role("button", name="Créer", exact=True).click()
    line = page.locator("#event-rows > .line").first
    expect(line).to_contain_text("Soirée des 20 ans")
    expect(line).to_contain_text("12 – 13 décembre 2026")
    expect(line).to_contain_text("Contact : paul@edf.fr")
    expect(page.locator("#events + .n")).to_have_text("1")
    assert stayed(page)


def test_the_contacts_offered_are_those_of_the_client_that_is_chosen(app: Flask, visit: Visit) -> None:
    add_client(app, "EDF", "jeanne@edf.fr")
    add_client(app, "Engie", "zoe@engie.fr", contacts=[{"email": "yves@engie.fr"}])
    page = opened(visit("gestionnaire"), "/event/new/")
    offered = page.get_by_label("Contact client").locator("option")
    expect(offered).to_have_text([""])
    for name, contacts in (("Engie", ["zoe@engie.fr", "yves@engie.fr"]), ("EDF", ["jeanne@edf.fr"])):
        page.locator("#client").fill(name.lower())
        expect(page.locator("#client-list [role=option]")).to_have_text([name])
        page.keyboard.press("Enter")
        expect(offered).to_have_text(["", *contacts])


def test_the_state_of_an_event_is_changed_beside_its_name_and_taken_back(app: Flask, visit: Visit) -> None:
    event = add_event(app, add_client(app, "EDF"), status="Option")
    page = opened(visit("gestionnaire"), f"/event/details/?id={event}")
    page.locator("#edit-status").focus()
    page.keyboard.press("Enter")
    page.locator("#fact-status select").select_option(label="Confirmé")
    page.locator("#fact-status").get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".head .pill")).to_have_text("Confirmé")
    page.locator(".notice button", has_text="Annuler").click()
    expect(page.locator(".head .pill")).to_have_text("Option")
    assert stayed(page)


def test_one_goes_from_month_to_month_by_keyboard_and_on_a_phone_by_days(app: Flask, visit: Visit) -> None:
    client = add_client(app, "EDF")
    add_event(app, client, name="Séminaire", starts_on=date(2026, 12, 12), ends_on=date(2026, 12, 13))
    page = opened(visit("lecture"), "/event/calendar/?month=2026-11")
    expect(page.get_by_text("Aucun événement ce mois-ci.")).to_be_visible()
    page.locator("#next-month").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("décembre 2026")
    expect(page.locator("#next-month")).to_be_focused()
    expect(page.get_by_role("cell").filter(has_text="Séminaire")).to_have_count(2)
    assert page.url.endswith("month=2026-12")
    assert stayed(page)

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    expect(page.get_by_text("samedi 12 décembre")).to_be_visible()
    expect(page.get_by_text("lundi 14 décembre")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("link", name="Séminaire").first.press("Enter")
    expect(page.locator("h1")).to_have_text("Séminaire")


def test_the_first_page_leads_to_the_next_event(app: Flask, visit: Visit) -> None:
    soon = date.today() + timedelta(days=2)
    add_event(app, add_client(app, "EDF"), name="Bientôt", starts_on=soon)
    page = opened(visit("lecture"), "/")
    page.locator("[aria-labelledby=next-events]").get_by_role("link", name="Bientôt").click()
    expect(page.locator("h1")).to_have_text("Bientôt")
