"""What administrators do with their lists of choices and their settings, by pointer and by keyboard."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Page, expect

from backoffice.clients.models import Client
from backoffice.lookups.models import CompanyType, OfficeLogo
from tests.browser.conftest import Visit
from tests.clients.cast import add_client, row, rows
from tests.conftest import on_sqlite_only
from tests.lookups.test_settings import png

pytestmark = on_sqlite_only

PHONE = {"width": 390, "height": 844}


def shown(page: Page) -> list[str]:
    return [cell.inner_text() for cell in page.locator(".choices tbody th a").all()]


def stored(app: Flask) -> list[str]:
    return [row["label"] for row in sorted(rows(app, CompanyType), key=lambda row: row["position"])]


def drag(page: Page, row_id: int, past: int) -> None:
    """Take a row by its handle and let it go beyond another one."""
    page.locator(f"#move-{row_id}").hover()
    page.mouse.down()
    box = page.locator(f"#choice-{past}").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=4)
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 3, steps=4)
    page.mouse.up()


def test_a_choice_is_moved_by_the_keyboard_and_said_aloud(app: Flask, visit: Visit) -> None:
    page = visit("administrateur")
    page.goto("/companytype/")
    handle = page.get_by_role("button", name="Déplacer « Prospect »")
    handle.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#spoken")).to_have_text("« Prospect » : place 4 sur 5.")
    expect(page.locator(".notice.good")).to_contain_text("Ordre enregistré.")
    expect(handle).to_be_focused()
    after = ["Client", "Partenaire", "Organisme public", "Prospect", "Association"]
    assert shown(page) == stored(app) == after

    page.locator(".notice.good").evaluate("(notice) => notice.classList.add('old')")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(page.locator(".choices tbody tr").nth(2)).to_have_id("choice-2")
    expect(page.locator(".notice.good:not(.old)")).to_contain_text("Ordre enregistré.")
    assert stored(app)[2] == "Prospect"
    page.locator(".notice.good button", has_text="Annuler").click()
    expect(page.locator(".choices tbody tr").nth(3)).to_have_id("choice-2")
    assert stored(app) == after


def test_a_choice_is_dragged_to_its_place_and_back_with_one_press(app: Flask, visit: Visit) -> None:
    page = visit("administrateur")
    page.goto("/companytype/")
    before = shown(page)
    drag(page, 1, past=3)
    expect(page.locator(".notice.good")).to_contain_text("Ordre enregistré.")
    assert (
        shown(page) == stored(app) == ["Prospect", "Partenaire", "Client", "Organisme public", "Association"]
    )

    page.locator(".notice.good button", has_text="Annuler").click()
    expect(page.locator(".choices tbody tr").first).to_have_id("choice-1")
    assert stored(app) == before


def test_a_drag_that_is_broken_off_changes_nothing(app: Flask, visit: Visit) -> None:
    page = visit("administrateur")
    page.goto("/companytype/")
    before = shown(page)
    page.locator("#move-1").hover()
    page.mouse.down()
    page.mouse.move(300, 600, steps=4)
    assert shown(page) != before
    page.keyboard.press("Escape")
    page.mouse.up()
    assert shown(page) == stored(app) == before


def test_the_arrows_of_a_row_move_it_without_leaving_the_page(app: Flask, visit: Visit) -> None:
    page = visit("administrateur")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/companytype/")
    page.get_by_role("button", name="Monter « Prospect »").click()
    expect(page.locator(".choices tbody tr").first).to_have_id("choice-2")
    expect(page.locator("#move-2")).to_be_focused()
    assert stored(app)[:2] == ["Prospect", "Client"]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_used_choice_is_replaced_from_the_list_and_then_deleted(app: Flask, visit: Visit) -> None:
    clients = [add_client(app, f"Société {number}", type_id=2) for number in range(3)]
    page = visit("administrateur")
    page.goto("/companytype/")
    page.locator("#choice-2").get_by_role("link", name="Remplacer par…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 fiches portent « Prospect ».")
    dialog.get_by_label("Remplacer par", exact=True).select_option("Client")
    expect(dialog.get_by_label("Puis désactiver « Prospect »")).to_be_checked()
    dialog.get_by_role("button", name="Remplacer").click()

    expect(page.locator(".notice.good")).to_contain_text(
        "3 fiches portent maintenant « Client » au lieu de « Prospect »."
    )
    assert {row(app, Client, id_)["type_id"] for id_ in clients} == {1}
    page.get_by_role("button", name="Supprimer « Prospect »").click()
    page.wait_for_url("**/companytype/")
    assert "Prospect" not in shown(page)


def test_the_tab_of_a_form_closes_on_the_way_back(app: Flask, visit: Visit) -> None:
    page = visit("administrateur")
    page.goto("/client/new/")
    page.evaluate("window.open('/companytype/?from=form')")
    page.wait_for_timeout(300)
    tab = page.context.pages[-1]
    tab.wait_for_load_state()
    with tab.expect_event("close"):
        tab.get_by_role("button", name="Revenir au formulaire").click()

    page.goto("/companytype/?from=form")
    expect(page.get_by_text("Fermez cet onglet pour y revenir.")).to_be_hidden()
    page.evaluate("window.close = () => {}")
    page.get_by_role("button", name="Revenir au formulaire").click()
    expect(page.get_by_text("Fermez cet onglet pour y revenir.")).to_be_visible()


def test_the_printed_identity_follows_what_is_typed_and_the_logo_stays(app: Flask, visit: Visit) -> None:
    page = visit("administrateur")
    page.goto("/settings/")
    preview = page.locator("[data-preview]")
    for name, typed in (
        ("company_name", "Atelier Lefèvre"),
        ("street", "12 rue des Lilas"),
        ("postal_code", "69003"),
        ("city", "Lyon"),
        ("siren", "812345676"),
        ("iban", "fr1420041010050500013m02606"),
    ):
        page.fill(f"[name={name}]", typed)
    expect(preview).to_contain_text("Atelier Lefèvre")
    expect(preview).to_contain_text("69003 Lyon")
    expect(preview).to_contain_text("SIREN 812 345 676")
    expect(preview).to_contain_text("IBAN FR14 2004 1010 0505 0001 3M02 606")

    page.set_input_files("[name=logo]", {"name": "logo.png", "mimeType": "image/png", "buffer": png(120, 40)})
    expect(preview.locator("img")).to_have_attribute("src", re.compile("^data:image/png"))
    page.keyboard.press("Control+s")
    expect(page.locator(".notice.good")).to_contain_text("Réglages enregistrés.")
    image = preview.locator("img")
    expect(image).to_have_attribute("src", re.compile("^/settings/logo/"))
    assert image.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [120, 40]

    page.check("input[type=checkbox][name=remove_logo]")
    expect(image).to_be_hidden()
    page.keyboard.press("Control+s")
    expect(page.locator("[name=remove_logo]")).to_have_count(0)
    assert rows(app, OfficeLogo) == []
