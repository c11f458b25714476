"""Lists as people use them all day: chips, columns, rows by keyboard, several rows at once, switches taken back."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser as ChromiumBrowser
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.clients.cast import add_client, add_clients
from tests.conftest import on_sqlite_only
from tests.users.people import make_user, session_cookie

pytestmark = on_sqlite_only

ROWS = "table.list tbody tr"


@pytest.fixture
def companies(app: Flask) -> list[int]:
    return add_clients(
        app,
        [
            {"name": f"Société {number:02}", "city": "Lyon", "type_id": 1 + number % 3, "siren": "552081317"}
            for number in range(30)
        ],
    )


def opened(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('tr')?.querySelector('th a').textContent ?? ''"))


def chip(page: Page, words: str) -> None:
    page.locator(".chips summary", has_text=words).press("Enter")


def test_a_filter_opens_in_place_applies_at_one_press_and_goes_by_its_cross(
    visit: Visit, companies: list[int]
) -> None:
    page = visit("support")
    page.goto("/client/")
    chip(page, "Type")
    expect(page.locator(".popover a:visible").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator(".popover:visible")).to_have_count(0)
    chip(page, "Type")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".chip.on", has_text="Type : Prospect")).to_be_visible()
    expect(page.locator(ROWS)).to_have_count(10)

    page.locator(".chip.on", has_text="Type").locator("a.cross").press("Enter")
    expect(page.locator(ROWS)).to_have_count(30)
    chip(page, "Ville")
    page.keyboard.type("bre")
    page.keyboard.press("Enter")
    expect(page.locator(".nothing")).to_be_visible()
    assert page.url.endswith("/client/?flt_city=bre")


def test_countries_are_proposed_once_they_are_asked_for(visit: Visit, companies: list[int]) -> None:
    page = visit("lecture")
    page.goto("/client/")
    expect(page.locator("#countries")).to_have_count(0)
    chip(page, "Pays")
    expect(page.locator("#countries option")).not_to_have_count(0)
    page.keyboard.type("france")
    page.keyboard.press("Enter")
    expect(page.locator(".chip.on", has_text="Pays : France")).to_be_visible()


def test_columns_are_chosen_without_leaving_the_list_and_stay(visit: Visit, companies: list[int]) -> None:
    page = visit("lecture")
    page.goto("/client/")
    page.locator("summary", has_text="Colonnes").click()
    page.check("[name=column][value=siren]")
    page.uncheck("[name=column][value=siret]")
    page.locator(".tools form button", has_text="Appliquer").click()
    expect(page.locator("thead th.siren")).to_be_visible()
    expect(page.locator("thead th.siret")).to_have_count(0)
    page.reload()
    expect(page.locator(ROWS).first).to_contain_text("552 081 317")
    page.locator("summary", has_text="Colonnes").click()
    page.locator("button[name=usual]").click()
    expect(page.locator("thead th.siret")).to_be_visible()


def test_arrows_move_through_the_rows_and_enter_opens(visit: Visit, companies: list[int]) -> None:
    page = visit("support")
    page.goto("/client/")
    page.locator(f"{ROWS} th a").first.focus()
    for key, name in (
        ("ArrowDown", "Société 01"),
        ("ArrowDown", "Société 02"),
        ("ArrowUp", "Société 01"),
        ("End", "Société 29"),
        ("Home", "Société 00"),
        ("ArrowUp", "Société 00"),
    ):
        page.keyboard.press(key)
        assert opened(page) == name, key
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    expect(page.locator(".selection output")).to_have_text("2 sociétés cochées")
    page.keyboard.press("x")
    expect(page.locator(".selection output")).to_have_text("1 société cochée")
    page.keyboard.press("Enter")
    page.wait_for_url("**/client/details/?id=*&in=")
    expect(page.locator("h1")).to_have_text("Société 01")


def test_a_letter_ticks_nothing_for_whoever_has_switched_single_keys_off(
    visit: Visit, companies: list[int]
) -> None:
    page = visit("support")
    page.goto("/account/")
    page.locator("button[name=shortcuts]").click()
    expect(page.locator("button[name=shortcuts]")).to_have_text("Activer les raccourcis")
    page.goto("/client/")
    page.locator(f"{ROWS} th a").first.focus()
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    expect(page.locator(".selection output")).to_have_text("1 société cochée")
    expect(page.locator(f"{ROWS} input:checked")).to_have_value(str(companies[1]))


def test_support_deactivates_several_at_once_and_takes_it_back(visit: Visit, companies: list[int]) -> None:
    page = visit("support")
    page.goto("/client/?sort=name&desc=1")
    boxes = page.locator(f"{ROWS} th input")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator(".selection output")).to_have_text("3 sociétés cochées")
    everything = page.locator("[data-tick-all]")
    assert everything.evaluate("box => box.indeterminate") is True
    everything.click()
    expect(page.locator(".selection output")).to_have_text("30 sociétés cochées")
    page.locator("[data-untick]").click()
    expect(page.locator(".selection")).to_be_hidden()

    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    page.locator(".selection button", has_text="Désactiver").click()
    expect(page.locator("#dialog h1")).to_have_text("Désactiver 3 sociétés ?")
    expect(page.locator("#dialog .names")).to_contain_text("Société 27")
    page.check("#dialog [name=with_contacts]")
    page.locator("#dialog button.main").click()
    expect(page.locator(".notice.good")).to_contain_text("3 sociétés désactivées, 3 contacts avec elles.")
    expect(page.locator(ROWS)).to_have_count(27)
    expect(page.locator("#dialog")).to_be_hidden()
    assert page.url.endswith("?sort=name&desc=1")

    page.locator(".notice form button").click()
    expect(page.locator(".notice.good")).to_contain_text("3 sociétés réactivées, 3 contacts avec elles.")
    expect(page.locator(ROWS)).to_have_count(30)


def test_without_a_script_the_bar_of_a_selection_is_in_sight(
    app: Flask, chromium: ChromiumBrowser, live: str, companies: list[int]
) -> None:
    make_user(app, "support@exemple.fr", "support")
    name, value = session_cookie(app, "support@exemple.fr")
    for width in (1440, 390):
        screen = {"width": width, "height": 800}
        context = chromium.new_context(base_url=live, java_script_enabled=False, viewport=screen)  # type: ignore[arg-type]
        context.add_cookies([{"name": name, "value": value, "url": live}])
        page = context.new_page()
        page.goto("/client/")
        page.locator(f"{ROWS} input").first.check()
        box = page.locator(".selection").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 800
        page.locator(".selection button", has_text="Désactiver").click()
        page.locator("main button.danger").click()
        expect(page.locator(".notice.good")).to_contain_text("est inactive.")
        context.close()


def test_one_row_is_switched_where_it_stands_and_back(visit: Visit, companies: list[int]) -> None:
    page = visit("support")
    page.goto("/client/?status=all")
    page.evaluate("scrollTo(0, 700)")
    row = page.locator(ROWS).nth(18)
    row.locator("button").click()
    expect(page.locator("#dialog h1")).to_have_text("Désactiver Société 18 ?")
    page.keyboard.press("Escape")
    expect(row.locator("button")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#dialog button.main").click()
    expect(page.locator(".notice.good")).to_contain_text("Société 18 est inactive.")
    expect(page.locator(".notice.good")).to_be_in_viewport()
    expect(row).to_contain_text("Inactive")
    assert page.evaluate("scrollY") == 700
    assert opened(page) == "Société 18"

    row.locator("button", has_text="Réactiver").click()
    expect(page.locator(".notice.good")).to_contain_text("Société 18 est de nouveau active.")
    expect(row).to_contain_text("Active")
    page.locator(".notice form button").click()
    expect(page.locator(".notice.good")).to_contain_text("Société 18 est inactive.")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_every_width_shows_the_rows_without_scrolling_sideways(
    visit: Visit, companies: list[int], width: int
) -> None:
    page = visit("support")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/client/")
    for part in (f"{ROWS} th a", f"{ROWS} th input", f"{ROWS} button", f"{ROWS} .pill"):
        expect(page.locator(part).first).to_be_in_viewport()
    for opener in page.locator(".bar summary:visible").all():
        opener.click()
        panel = page.locator(".popover:visible")
        box = panel.bounding_box()
        assert box is not None
        assert box["x"] >= 0, opener.inner_text()
        assert box["x"] + box["width"] <= width, opener.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("Escape")
    if width < 1100:
        page.locator("summary", has_text="Trier").click()
        page.locator(".popover:visible a", has_text="Ville").click()
        page.wait_for_url(re.compile("sort=city"))
        expect(page.locator("summary", has_text="Trier")).to_contain_text("Ville ↑")


LINES = """cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
}"""


@pytest.mark.parametrize("width", [1440, 1120])
def test_a_number_keeps_to_one_line(app: Flask, visit: Visit, width: int) -> None:
    phone = {"mobile_phone": "+262692123456", "last_name": "de La Rochefoucauld-Montbel-Saint-Aubin"}
    add_client(app, "Société coopérative des hautes vallées de la Maurienne", "a@b.fr", main=phone)
    page = visit("lecture")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/contact/")
    number = page.locator(f"{ROWS} td", has_text="+262 692 12 34 56").first
    assert number.evaluate(LINES) == 1


def test_an_email_on_a_phone_breaks_behind_its_at_sign(app: Flask, visit: Visit) -> None:
    add_client(app, "Hôtel Bellerive", "communication@bellerive.example", city="Saint-Pierre-et-Miquelon")
    page = visit("lecture")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/client/")
    email = page.locator(f"{ROWS} small", has_text="communication@")
    for part in range(2):
        assert email.evaluate(f"(small) => ({LINES})(small.childNodes[{part} * 2])") == 1


def test_titles_stay_under_the_head_of_the_page(visit: Visit, companies: list[int]) -> None:
    page = visit("support")
    page.goto("/client/")
    page.evaluate("scrollTo(0, 900)")
    head = page.locator("main > .head").bounding_box()
    titles = page.locator("thead th").first.bounding_box()
    assert head is not None
    assert titles is not None
    assert abs(titles["y"] - (head["y"] + head["height"])) <= 2
