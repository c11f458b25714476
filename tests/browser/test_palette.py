"""The search over everything in Chromium, by keyboard alone."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit, stay, stayed
from tests.browser.test_accessibility import PHONE, violations
from tests.clients.cast import add_client, add_clients
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only


@pytest.fixture
def lefevre(app: Flask) -> int:
    add_clients(
        app, [{"name": f"Maison {n}", "city": "Lyon", "main": {"last_name": "Max"}} for n in range(3)]
    )
    return add_client(app, "Atelier Lefèvre", "helene@atelier.example", main={"last_name": "Garnier"})


def test_a_client_is_opened_in_three_keys_from_anywhere(visit: Visit, lefevre: int) -> None:
    page = visit("lecture")
    page.goto("/contact/")
    page.locator(".top [data-search]").focus()
    page.keyboard.press("Control+k")
    words = page.get_by_role("combobox", name="Client, contact, événement, tâche…")
    expect(words).to_be_focused()
    page.keyboard.type("lefe")
    first = page.locator("#palette [role=option]").first
    expect(first).to_have_text("Atelier Lefèvre")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#palette [role=status]")).to_have_text("1 résultat")
    assert words.get_attribute("aria-activedescendant") == first.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/client/details/?id={lefevre}")


def test_arrows_choose_escape_closes_and_the_focus_goes_back(visit: Visit, lefevre: int) -> None:
    page = visit("gestionnaire")
    page.goto("/client/")
    page.locator("th a").first.focus()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette").get_by_role("option", name="Nouveau client")).to_be_visible()
    page.keyboard.type("maison")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text("Maison 0 Lyon")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text("Maison 1 Lyon")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#palette [aria-selected=true]")).to_have_text("Maison 2 Lyon")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("th a").first).to_be_focused()

    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Client, contact, événement, tâche…")).to_have_value("")
    page.keyboard.type("nouv")
    expect(page.locator("#palette").get_by_role("option", name="Nouveau client")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/client/new/")


def test_enter_waits_for_the_answer_to_what_was_typed(visit: Visit, lefevre: int) -> None:
    page = visit("gestionnaire")
    page.goto("/")
    for words, address in (("garnier", "/contact/details/"), ("lefevre", "/client/details/")):
        page.keyboard.press("Control+k")
        expect(page.locator("#palette").get_by_role("option", name="Nouveau client")).to_be_visible()
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}**")


def test_it_passes_axe_and_fits_a_phone_where_a_glass_opens_it(visit: Visit, lefevre: int) -> None:
    page = visit("gestionnaire")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/")
    page.get_by_role("button", name="Rechercher partout").click()
    page.keyboard.type("maison")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Maison 0")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    sizes = page.locator("#palette :is([role=option], button, input)").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44


def test_it_says_when_nothing_is_found_or_the_search_fails(visit: Visit, lefevre: int) -> None:
    page = visit("lecture")
    page.goto("/")
    page.locator(".top [data-palette]").click()
    page.keyboard.type("xyzzy")
    expect(page.locator("#palette [role=option]")).to_have_text(
        ["Chercher « xyzzy » dans la liste des clients"]
    )
    expect(page.locator("#palette [role=status]")).to_have_text("Aucun résultat.")

    def fail(route: Route) -> None:
        route.fulfill(status=503, body="")

    page.route("**/search/?q=*", fail)
    page.keyboard.type("x")
    expect(page.locator("#palette-hits")).to_have_text("Chargement impossible. Réessayez.")
    page.unroute("**/search/?q=*")
    page.keyboard.press("Backspace")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    page.get_by_role("button", name="Fermer").click()
    expect(page.locator("#palette")).to_be_hidden()


def test_a_contact_is_moved_by_keyboard_and_comes_back(app: Flask, visit: Visit, lefevre: int) -> None:
    edf = add_client(app, "EDF", contacts=[{"email": "paul@edf.fr", "last_name": "Petit"}])
    page = visit("gestionnaire")
    page.goto(f"/client/details/?id={edf}")
    stay(page)
    page.get_by_label("Autres actions : Petit").press("Enter")
    page.get_by_role("link", name="Déplacer vers…").press("Enter")
    expect(page.get_by_role("combobox", name="Vers quelle société ?")).to_be_focused()
    page.keyboard.type("lefe")
    expect(page.get_by_role("option", name="Atelier Lefèvre")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.good")).to_contain_text("Petit est maintenant chez Atelier Lefèvre.")
    expect(page.locator("#add-contact")).to_be_focused()
    expect(page.locator("#contact-rows .person")).to_have_count(1)
    page.locator(".notice button", has_text="Annuler").click()
    expect(page.locator("#contact-rows .person")).to_have_count(2)
    assert stayed(page)
