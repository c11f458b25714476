"""The tabs of a card in Chromium: opened without loading the page anew, and found again by back and forward."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from backoffice.admin import tabs
from tests.browser.conftest import Visit, stay, stayed
from tests.clients.cast import add_client
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only


@pytest.fixture
def card(app: Flask, visit: Visit) -> Iterator[Page]:
    """A card with a further tab, in a page that remembers whether it was left."""
    before = tabs._tabs["client"].pop("more", None)
    tabs.register("client", tabs.Tab("more", "Essai", "admin/flashes.html", lambda record: {}, position=15))
    page = visit("gestionnaire")
    page.goto(f"/client/details/?id={add_client(app, 'EDF')}")
    stay(page)
    yield page
    del tabs._tabs["client"]["more"]
    if before is not None:
        tabs.register("client", before)


def test_a_tab_opens_in_place_takes_the_focus_and_is_remembered(card: Page) -> None:
    first = card.url
    card.get_by_role("link", name="Essai").press("Enter")
    expect(card.locator("#tab-panel")).to_be_focused()
    expect(card.locator(".tabs [aria-current]")).to_have_text("Essai")
    expect(card.locator("#contact-rows")).to_have_count(0)
    assert card.url == f"{first}&tab=more"
    expect(card).to_have_title("EDF · Essai · Back office")
    assert "tab%3Dmore" in str(card.locator(".head a.btn.main").get_attribute("href"))

    card.go_back()
    expect(card.locator("#contact-rows")).to_be_visible()
    expect(card.locator("#tab-panel")).to_be_focused()
    assert card.url == first
    card.go_forward()
    expect(card.locator(".tabs [aria-current]")).to_have_text("Essai")
    assert card.url == f"{first}&tab=more"
    assert stayed(card)


def test_a_tab_is_not_left_with_something_typed_in_it_unless_one_says_so(card: Page) -> None:
    card.locator("#edit-phone").click()
    expect(card.locator("[name=phone]")).to_be_focused()
    card.keyboard.type("01 42 00 00 00")
    card.get_by_role("link", name="Essai").click()
    expect(card.locator("[name=phone]")).to_be_focused()
    expect(card.locator("[name=phone]")).to_have_value("01 42 00 00 00")
    assert "tab=" not in card.url
