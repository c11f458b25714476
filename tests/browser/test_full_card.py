"""A client with 500 events, 200 contacts, 50 addresses and 10,000 entries, in Chromium."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import expect

from backoffice.activity.models import Entry
from tests.activity.full import ENTRIES, fill
from tests.browser.conftest import Visit, stay, stayed
from tests.clients.cast import add_client, rows
from tests.conftest import on_sqlite_only
from tests.users.people import make_user

PHONE = {"width": 390, "height": 844}


@on_sqlite_only
def test_the_full_card_fits_a_phone_and_its_feed_goes_on_page_by_page(app: Flask, visit: Visit) -> None:
    client = add_client(app, "Pleine")
    fill(app, client, make_user(app, "auteur@office.example"))
    page = visit("gestionnaire")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"/client/details/?id={client}")
    stay(page)
    for name, lines in (("Voir plus (495)", 25), ("Voir plus (475)", 45)):
        page.get_by_role("link", name=name).press("Enter")
        expect(page.locator("#event-rows > .line")).to_have_count(lines)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    page.get_by_role("link", name="Activité").press("Enter")
    entries = page.locator("#feed .entry")
    for shown in (20, 40, 60):
        expect(entries).to_have_count(shown)
        more = page.get_by_role("link", name="Voir plus")
        expect(more).to_have_count(1)
        more.press("Enter")
        expect(entries.nth(shown)).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    page.get_by_label("Texte", exact=True).fill("Une de plus")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#feed .text").first).to_have_text("Une de plus")
    assert stayed(page)
    assert len(rows(app, Entry)) == ENTRIES + 1
