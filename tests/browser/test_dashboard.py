"""The first page in a real browser: figures and bars lead to the lists they count, by keyboard and on a phone."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from playwright.sync_api import Page, expect

from backoffice.core.db import now
from tests.browser.conftest import Visit
from tests.clients.cast import add_clients
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only


def with_clients(app: Flask) -> None:
    old = now() - timedelta(days=70)
    add_clients(
        app,
        [
            {"name": "Atelier Lefèvre", "city": "Lyon", "email": "helene@lefevre.example"},
            {"name": "Maison Girard", "created_at": old},
            {"name": "Comptoir Moreau", "created_at": old, "country": "CH", "street": "Rue du Rhône 1", "city": "Genève", "postal_code": "1204"},
        ],
    )  # fmt: skip


def rows(page: Page) -> list[str]:
    expect(page.locator("table.list")).to_be_visible()
    return sorted(page.locator("table.list tbody th a").all_inner_texts())


def test_figures_and_what_is_missing_lead_to_the_lists_that_they_count(app: Flask, visit: Visit) -> None:
    with_clients(app)
    page = visit("gestionnaire")
    page.goto("/")

    page.get_by_role("link", name="Clients actifs").click()
    assert rows(page) == ["Atelier Lefèvre", "Comptoir Moreau", "Maison Girard"]
    page.goto("/")
    page.get_by_role("link", name="Nouveaux ce mois-ci").click()
    assert rows(page) == ["Atelier Lefèvre"]
    page.goto("/")
    page.get_by_role("link", name="Fiches à compléter").click()
    assert rows(page) == ["Atelier Lefèvre", "Maison Girard"]
    page.goto("/")
    page.get_by_role("link", name="Sans SIREN").click()
    assert rows(page) == ["Atelier Lefèvre", "Maison Girard"]


def test_an_opened_card_stands_among_those_opened_last(app: Flask, visit: Visit) -> None:
    with_clients(app)
    page = visit("lecture")
    page.goto("/")
    expect(page.get_by_text("Rien d’ouvert pour l’instant.")).to_be_visible()

    page.goto("/client/")
    page.get_by_role("link", name="Atelier Lefèvre").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Atelier Lefèvre")
    page.goto("/")

    opened = page.get_by_role("region", name="Derniers clients consultés")
    expect(opened.get_by_role("link", name="Atelier Lefèvre")).to_contain_text(
        "Lyon · helene@lefevre.example"
    )


def test_the_months_are_a_table_by_keyboard_and_lead_to_their_clients(app: Flask, visit: Visit) -> None:
    with_clients(app)
    page = visit("gestionnaire")
    page.goto("/")
    table = page.locator("table.figures")
    expect(table).to_be_hidden()

    page.locator(".months summary").focus()
    page.keyboard.press("Enter")

    expect(table).to_be_visible()
    expect(page.locator("svg.chart")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(table.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    assert rows(page) == ["Atelier Lefèvre"]


def test_a_bar_leads_to_the_clients_of_its_month_by_keyboard(app: Flask, visit: Visit) -> None:
    with_clients(app)
    page = visit("gestionnaire")
    page.goto("/")

    page.locator("svg.chart a").last.focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/client/**")
    assert rows(page) == ["Atelier Lefèvre"]


def test_on_a_phone_nothing_is_wider_than_the_screen_and_months_are_reached_by_the_table(
    app: Flask, visit: Visit
) -> None:
    with_clients(app)
    page = visit("gestionnaire")
    page.goto("/")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator("svg.chart a").first).to_be_hidden()

    page.get_by_text("Voir en tableau").click()

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    row = page.locator("table.figures tbody a").first.bounding_box()
    assert row is not None
    assert row["height"] >= 44
