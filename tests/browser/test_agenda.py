"""The address of one's own calendar, made, copied, replaced and revoked without a mouse."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page, expect

from tests.agenda.cast import entries, read
from tests.browser.conftest import Visit
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only

PHONE = {"width": 390, "height": 844}


def press(page: Page, name: str) -> None:
    """Reach a button by its name and press it by keyboard, as `details` are opened too."""
    page.get_by_text(name, exact=True).filter(visible=True).press("Enter")


def make(page: Page, live: str) -> str:
    """The path of the address that is shown."""
    expect(page.locator("h1")).to_have_text("Adresse d’agenda")
    shown = page.locator("#address").inner_text()
    assert shown.startswith(f"{live}/agenda/")
    return shown.removeprefix(live)


def test_an_address_is_made_copied_replaced_and_revoked_by_keyboard(
    app: Flask, visit: Visit, live: str
) -> None:
    page = visit("lecture")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/account/")
    press(page, "Créer mon adresse d’agenda")
    old = make(page, live)
    press(page, "Copier l’adresse")
    expect(page.locator("#spoken")).to_have_text("Copié")
    assert page.evaluate("navigator.clipboard.readText()") == f"{live}{old}"
    assert entries(app, old) == {}

    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    press(page, "Terminer")
    expect(page.get_by_text("Dernière lecture à")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    press(page, "Remplacer l’adresse")
    expect(page.get_by_text("Remplacer l’adresse de votre agenda ?")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    new = make(page, live)
    assert [read(app, address).status_code for address in (old, new)] == [404, 200]

    page.goto("/account/")
    press(page, "Révoquer")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Révoquer l’adresse de votre agenda ?")).to_be_hidden()
    press(page, "Révoquer")
    press(page, "Révoquer l’adresse")
    expect(page.get_by_text("Adresse d’agenda révoquée")).to_be_visible()
    assert read(app, new).status_code == 404
    expect(page.get_by_role("button", name="Créer mon adresse d’agenda")).to_be_visible()
