"""The frame of every page: its keys, its menus, its help, and what it says when something fails or takes long."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.pages import add_cast, addresses
from tests.clients.cast import add_client
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only

PHONE = {"width": 390, "height": 844}


def test_single_keys_lead_where_they_say(visit: Visit) -> None:
    page = visit("gestionnaire")
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()

    page.locator("h1").first.click()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/client/")
    page.keyboard.press("n")
    page.wait_for_url("**/client/new/")


def test_single_keys_rest_while_one_writes_holds_another_key_or_has_switched_them_off(visit: Visit) -> None:
    page = visit("gestionnaire")
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("n/?")
    assert page.input_value("[data-search]") == "n/?"
    expect(page.locator("#dialog")).to_be_hidden()

    page.locator("h1").first.click()
    page.keyboard.press("Alt+n")
    page.goto("/help/shortcuts/")
    page.get_by_role("button", name="Désactiver les touches seules").click()
    expect(page.get_by_role("button", name="Activer les touches seules")).to_be_visible()
    for key in ("/", "n", "?"):
        page.keyboard.press(key)
    expect(page.locator("[data-search]")).not_to_be_focused()
    expect(page.locator("#dialog")).to_be_hidden()
    assert page.url.endswith("/help/shortcuts/")


def test_the_help_of_a_page_opens_over_it_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit("lecture")
    page.goto("/client/")
    page.locator("header [data-help]").first.press("Enter")
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("h1")).to_have_text("Liste des clients")
    expect(dialog.get_by_role("button", name="Fermer")).to_be_focused()
    assert page.title().startswith("Clients")

    dialog.get_by_role("link", name="Toute l’aide").click()
    dialog.get_by_role("link", name="Bien chercher").click()
    expect(dialog.locator("h1")).to_have_text("Bien chercher")

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("header [data-help]").first).to_be_focused()
    assert page.url.endswith("/client/")


def test_the_help_follows_the_tab_of_a_card(app: Flask, visit: Visit) -> None:
    page = visit("lecture")
    page.goto(f"/client/details/?id={add_client(app, 'EDF')}&tab=history")
    page.locator("nav.tabs").get_by_role("link", name="Activité").click()
    expect(page.locator("#tab-panel")).to_have_attribute("aria-label", "Activité")
    page.locator("header [data-help]").first.click()
    expect(page.locator("#dialog h1")).to_have_text("Activité")


def test_keys_are_switched_off_from_the_dialog_without_leaving_the_page(visit: Visit) -> None:
    page = visit("lecture")
    page.goto("/client/")
    page.click(".who")
    page.get_by_role("link", name="Raccourcis clavier").click()
    page.get_by_role("button", name="Désactiver les touches seules").click()
    expect(page.locator("#dialog .pill")).to_have_text("Désactivées")
    page.keyboard.press("Escape")

    page.keyboard.press("/")
    expect(page.locator("[data-search]")).not_to_be_focused()
    assert page.url.endswith("/client/")


def test_the_menu_of_the_account_works_by_keyboard_and_changes_the_language(visit: Visit) -> None:
    page = visit("lecture")
    page.goto("/contact/")
    who = page.locator(".who")
    who.press("Enter")
    expect(page.get_by_role("link", name="Mon compte")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".me .popover")).to_be_hidden()
    expect(who).to_be_focused()

    who.press("Enter")
    page.get_by_role("button", name="English").press("Enter")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.url.endswith("/contact/")


def _open_deactivation(app: Flask, page: Page) -> None:
    page.goto(f"/client/details/?id={add_client(app, 'Atelier Lefèvre')}")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "Enregistrement impossible. Votre saisie est conservée. Réessayez."),
        (403, "Votre rôle ne permet pas cette action."),
        (0, "Enregistrement impossible. Votre saisie est conservée. Réessayez."),
    ],
)
def test_what_could_not_be_sent_is_said_and_the_message_can_be_closed(
    app: Flask, visit: Visit, status: int, said: str
) -> None:
    page = visit("gestionnaire")
    page.goto("/")
    _open_deactivation(app, page)

    def fail(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif status:
            route.fulfill(status=status, body="")
        else:
            route.abort()

    page.route("**/contact/**", fail)
    page.evaluate("htmx.ajax('POST', '/contact/star/', { target: '#content' }).catch(() => {})")
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text(said)

    notice.get_by_role("button", name="Fermer ce message").click()
    expect(notice).to_have_count(0)


def test_what_takes_longer_than_a_second_shows_a_bar_and_says_so(visit: Visit) -> None:
    page = visit("lecture")
    page.goto("/")
    expect(page.locator("#progress")).to_be_hidden()

    def slow(route: Route) -> None:
        time.sleep(2)
        route.continue_()

    page.route("**/help/**", slow)
    page.locator("header [data-help]").first.click()
    expect(page.get_by_role("progressbar", name="Chargement…")).to_be_visible()
    expect(page.locator("#spoken")).to_have_text("Chargement…")
    expect(page.locator("#dialog")).to_be_visible()
    expect(page.locator("#progress")).to_be_hidden()


def test_a_page_that_takes_the_place_of_another_is_known_to_all_that_stands_around_it(
    app: Flask, visit: Visit
) -> None:
    id_ = add_client(app, "Atelier Lefèvre")
    page = visit("gestionnaire")
    page.goto("/contact/")
    page.evaluate(f"htmx.ajax('GET', '/client/details/?id={id_}', '#content')")
    page.wait_for_url("**/client/details/**")
    expect(page.locator("nav.side [aria-current]")).to_have_text("Clients")
    assert page.title().startswith("Atelier Lefèvre")
    assert "client.details_view" in str(page.locator("header [data-help]").first.get_attribute("href"))

    page.go_back()
    page.wait_for_url("**/contact/")
    expect(page.locator("h1")).to_have_text("Contacts")


def test_paper_has_what_was_written_and_nothing_to_press(app: Flask, visit: Visit) -> None:
    id_ = add_client(app, "Atelier Lefèvre", city="Lyon")
    page = visit("gestionnaire")
    for path in ("/client/", f"/client/details/?id={id_}", f"/client/edit/?id={id_}"):
        page.goto(path)
        page.emulate_media(media="print")
        assert page.locator("nav.side, header.top, .head .do, #dialog").filter(visible=True).count() == 0, (
            path
        )
        pressed = page.locator("main button:not(.icon), main summary, main .btn").filter(visible=True)
        assert pressed.count() == 0, (path, pressed.evaluate_all("all => all.map(one => one.outerHTML)"))
        expect(page.locator("h1")).to_be_visible()
        page.emulate_media(media="screen")


def test_on_paper_the_contacts_of_a_card_stand_under_one_another(app: Flask, visit: Visit) -> None:
    add_cast(app)
    page = visit("gestionnaire")
    page.goto(addresses(app, {"card": "/client/details/?id={client}"})["card"])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})

    lefts = page.locator(".person > div > a").evaluate_all(
        "all => all.map(one => Math.round(one.getBoundingClientRect().left))"
    )

    assert len(lefts) > 1
    assert len(set(lefts)) == 1, lefts


def test_on_a_phone_what_opens_on_the_card_is_as_wide_as_the_screen_and_seen_from_its_title(
    app: Flask, visit: Visit
) -> None:
    id_ = add_client(app, "Atelier Lefèvre", city="Lyon")
    page = visit("gestionnaire")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"/client/details/?id={id_}")
    page.locator(".person .menu > summary").click()
    expect(page.locator(".person .menu .popover")).to_be_visible()
    menu = page.locator(".person .menu .popover").bounding_box()
    assert menu is not None
    assert menu["width"] == PHONE["width"] - 20

    page.keyboard.press("Escape")
    page.locator("#add-contact").click()
    expect(page.locator("#new-contact .input").first).to_be_focused()
    head, title = (
        page.locator(".head").first.bounding_box(),
        page.locator("#new-contact .title").bounding_box(),
    )
    assert head is not None
    assert title is not None
    assert title["y"] >= head["y"] + head["height"]


def test_on_a_phone_the_bar_holds_menu_search_new_client_and_account(visit: Visit) -> None:
    page = visit("gestionnaire")
    page.goto("/")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    boxes = [
        page.locator(f"header {part}").bounding_box()
        for part in ("[data-menu]", ".search", "[data-new]", ".who")
    ]
    assert all(box and box["y"] < 60 and box["height"] >= 32 for box in boxes)
    page.click(".who")
    page.locator(".me [data-help]").click()
    expect(page.locator("#dialog h1")).to_have_text("Tableau de bord")
