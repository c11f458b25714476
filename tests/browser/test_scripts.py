"""What the pages' own scripts add to plain forms and lists."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Dialog, Page, Request, expect

from tests.browser.conftest import Visit
from tests.clients.cast import add_client
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only

PHONE = {"width": 390, "height": 844}


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.id || ''"))


def test_rows_are_added_under_numbers_counted_over_the_whole_form(visit: Visit) -> None:
    """The main contact is row 0 of the same relation, though it stands in another card."""
    page = visit("gestionnaire")
    page.goto("/client/new/")

    page.click("[data-rows=contacts] [data-add-row]")
    page.click("[data-rows=contacts] [data-add-row]")
    page.click("[data-rows=addresses] [data-add-row]")
    assert [row.get_attribute("id") for row in page.locator(".row").all()] == [
        "contacts-1",
        "contacts-2",
        "addresses-0",
    ]
    assert _focused(page) == "addresses-0-label"

    page.click("#contacts-2 [data-remove-row]")
    expect(page.locator("#contacts-2")).to_have_count(0)
    assert _focused(page).startswith("contacts-1-")


def test_the_billing_address_opens_when_its_box_is_off(visit: Visit) -> None:
    page = visit("gestionnaire")
    page.goto("/client/new/")
    street = page.locator("[name=billing_street]")
    expect(street).to_be_hidden()

    page.uncheck("input[type=checkbox][name=billing_same_address]")
    expect(street).to_be_visible()

    page.check("input[type=checkbox][name=billing_same_address]")
    expect(street).to_be_hidden()


def test_the_keyboard_saves_and_is_led_to_what_is_wrong(visit: Visit) -> None:
    page = visit("gestionnaire")
    page.goto("/client/new/")
    page.fill("[name=siret]", "812 345 676 00018")
    page.keyboard.press("Control+s")

    expect(page.locator("#summary")).to_be_focused()
    page.locator("#summary a", has_text="SIRET").press("Enter")
    expect(page.locator("#siret")).to_be_focused()
    assert page.input_value("#siret") == "812 345 676 00018"


def test_leaving_what_was_typed_asks_and_leaving_an_untouched_form_does_not(visit: Visit) -> None:
    page = visit("gestionnaire")
    page.goto("/")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)

    page.goto("/client/new/")
    page.click("nav.side a:has-text('Contacts')")
    page.wait_for_url("**/contact/")
    assert asked == []

    page.goto("/client/new/")
    page.fill("[name=name]", "Atelier")
    page.click("nav.side a:has-text('Contacts')")
    page.wait_for_url("**/contact/")
    assert asked == ["beforeunload"]


def test_two_clicks_send_a_form_once(visit: Visit) -> None:
    page = visit("gestionnaire")
    page.goto("/")
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    page.goto("/client/new/")
    page.fill("[name=name]", "Atelier Lefèvre")
    page.fill("[name=contacts-0-email]", "helene@lefevre.example")

    page.locator(".head .btn.main").dblclick()

    page.wait_for_url("**/client/details/**")
    assert len(sent) == 1


def test_a_parent_company_is_picked_by_keyboard_and_cleared(app: Flask, visit: Visit) -> None:
    id_ = add_client(app, "Groupe Lefèvre", city="Lyon")
    page = visit("gestionnaire")
    page.goto("/client/new/")
    box = page.locator("#parent")

    box.press_sequentially("lefe")
    expect(page.locator("[role=option]")).to_have_text(["Groupe Lefèvre (Lyon)"])
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "parent-list-0")
    box.press("Enter")
    expect(box).to_have_value("Groupe Lefèvre (Lyon)")
    assert page.input_value("[name=parent]") == str(id_)

    page.click(".picker .clear")
    expect(box).to_have_value("")
    assert page.input_value("[name=parent]") == ""


def test_what_is_typed_into_a_picker_and_not_chosen_is_said_to_be_no_choice(app: Flask, visit: Visit) -> None:
    add_client(app, "Groupe Lefèvre")
    page = visit("gestionnaire")
    page.goto("/client/new/")
    box, status = page.locator("#parent"), page.locator(".picker [data-status]")

    box.press_sequentially("zzz")
    expect(status).to_have_text("Aucun résultat.")
    box.press("Tab")

    expect(status).to_contain_text("« zzz » n’y est pas")
    expect(box).to_have_value("")

    box.press_sequentially("lef")
    expect(page.locator("[role=option]")).to_have_count(1)
    box.press("Escape")
    expect(page.locator(".picker [role=listbox]")).to_be_hidden()


def test_the_menu_of_a_phone_works_by_keyboard(visit: Visit) -> None:
    page = visit("lecture")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/client/")
    button, menu = page.locator("[data-menu]"), page.locator("#menu")
    expect(menu).to_be_hidden()

    button.press("Enter")
    expect(menu).to_be_visible()
    expect(page.locator("#menu a[aria-current]")).to_be_focused()

    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_filters_that_were_left_blank_stay_out_of_the_address(visit: Visit) -> None:
    page = visit("lecture")
    page.goto("/client/")
    page.click(".chips summary:has-text('Filtre')")
    panel = page.locator(".chips .wide")
    names = panel.locator("[name^=flt_]").evaluate_all("all => all.map((one) => one.name)")
    assert len(names) > 2
    chosen = panel.locator("select[name^=flt_]").first
    chosen.select_option(index=1)
    name = chosen.get_attribute("name")
    panel.get_by_role("button", name="Appliquer").click()

    page.wait_for_url(f"**{name}=**")
    assert [other for other in names if other != name and f"{other}=" in page.url] == []


def test_no_page_scrolls_sideways_on_a_phone(app: Flask, visit: Visit) -> None:
    name = "Établissements" * 12
    id_ = add_client(
        app, name, f"{'a' * 60}@{'b' * 60}.example", city="Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson"
    )
    page = visit("administrateur")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    for path in (
        "/",
        "/client/",
        f"/client/details/?id={id_}",
        f"/client/edit/?id={id_}",
        "/companytype/",
        "/account/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        for panel in page.locator("details[data-popover] > summary").all():
            panel.click()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            page.keyboard.press("Escape")
