"""The card of a client in Chromium: everything is done on it, without the page being loaded anew."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from backoffice.clients.models import Address, Client, Contact
from tests.browser.conftest import Visit, stay, stayed
from tests.clients.cast import add_client, add_clients, contact_ids, row, rows
from tests.conftest import on_sqlite_only
from tests.users.people import PASSWORD

pytestmark = on_sqlite_only


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(
        app,
        "EDF",
        "jeanne@edf.fr",
        phone="+33142000000",
        city="Paris",
        contacts=[{"email": "paul@edf.fr", "last_name": "Paul"}, {"email": "zoe@edf.fr", "last_name": "Zoé"}],
        addresses=[{"label": "Entrepôt", "street": "3 rue du Port", "city": "Lyon", "postal_code": "69002"}],
    )


@pytest.fixture
def card(edf: int, visit: Visit) -> Page:
    page = visit("gestionnaire")
    page.goto(f"/client/details/?id={edf}")
    stay(page)
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_a_fact_is_edited_by_keyboard_alone(app: Flask, edf: int, card: Page) -> None:
    pencil = card.get_by_role("link", name="Modifier : Tél. standard")
    pencil.focus()
    card.keyboard.press("Enter")
    expect(card.get_by_label("Tél. standard", exact=True)).to_be_focused()
    card.keyboard.type("01 42 99 99 99")
    card.keyboard.press("Escape")
    expect(card.locator("#fact-phone")).to_have_text("01 42 00 00 00")
    expect(pencil).to_be_focused()

    card.keyboard.press("Enter")
    expect(card.get_by_label("Tél. standard", exact=True)).to_be_focused()
    card.keyboard.type("12")
    card.keyboard.press("Enter")
    expect(card.locator("[name=phone][aria-invalid=true]")).to_be_focused()
    card.keyboard.press("Control+A")
    card.keyboard.type("01 42 00 00 01")
    card.keyboard.press("Enter")
    expect(card.locator(".notice.good")).to_contain_text("Tél. standard : 01 42 00 00 01.")
    expect(card.get_by_role("link", name="Modifier : Tél. standard")).to_be_focused()
    expect(card.locator("#spoken")).to_contain_text("Tél. standard : 01 42 00 00 01.")
    assert row(app, Client, edf)["phone"] == "+33142000001"

    card.locator(".notice button", has_text="Annuler").click()
    expect(card.locator("#fact-phone")).to_have_text("01 42 00 00 00")
    assert stayed(card)


def test_an_empty_fact_is_told_and_what_was_typed_is_not_lost_by_another_click(
    app: Flask, edf: int, card: Page
) -> None:
    card.locator("#edit-website").click()
    expect(card.locator("[name=website]")).to_be_focused()
    card.keyboard.type("edf.fr")
    card.locator("#edit-siren").click()
    expect(card.locator("[name=website]")).to_have_value("edf.fr")
    expect(card.locator("[name=website]")).to_be_focused()
    card.keyboard.press("Enter")
    expect(card.locator("#fact-website")).to_contain_text("edf.fr")
    assert row(app, Client, edf)["website"] == "https://edf.fr"

    card.locator("#edit-siren").click()
    expect(card.locator("[name=siren]")).to_be_focused()
    card.locator("#edit-vat_number").click()  # nothing was typed: the first one closes
    expect(card.locator("[name=vat_number]")).to_be_focused()
    assert card.locator("form[data-in-place]").count() == 1
    assert stayed(card)


def test_a_star_and_a_euro_move_where_they_are_pressed(app: Flask, edf: int, card: Page) -> None:
    jeanne, paul, _zoe = contact_ids(app, edf)
    card.locator(f"#star-{paul}").click()
    expect(card.locator(f"#star-{paul}")).to_have_attribute("aria-pressed", "true")
    expect(card.locator(f"#star-{paul}")).to_be_focused()
    expect(card.locator("#contact-rows .person").first).to_have_attribute("id", f"contact-{paul}")
    assert row(app, Client, edf)["main_contact_id"] == paul
    card.locator(".notice button", has_text="Annuler").click()
    expect(card.locator(f"#star-{jeanne}")).to_have_attribute("aria-pressed", "true")

    depot = rows(app, Address)[0]["id"]
    card.locator(f"#euro-{depot}").focus()
    card.keyboard.press("Enter")
    expect(card.locator(f"#euro-{depot}")).to_have_attribute("aria-pressed", "true")
    expect(card.locator(f"#euro-{depot}")).to_be_focused()
    assert row(app, Client, edf)["billing_address_id"] == depot
    card.locator("#euro-main").click()
    expect(card.locator("#euro-main")).to_have_attribute("aria-pressed", "true")
    assert row(app, Client, edf)["billing_address_id"] is None
    assert stayed(card)


def test_a_contact_is_added_edited_switched_and_deleted_on_the_card(app: Flask, edf: int, card: Page) -> None:
    card.locator("#add-contact").click()
    form = card.locator("#new-contact #record")
    form.locator("[name=last_name]").fill("Zola")
    form.locator("[name=email]").fill("pas une adresse")
    form.locator("[name=email]").press("Enter")
    expect(
        form.locator("#summary")
    ).to_be_visible()  # the server's own word: the field is judged before it too
    expect(form.locator("[name=email][aria-invalid=true]")).to_be_visible()
    form.locator("[name=email]").fill("zola@edf.fr")
    form.locator("[name=email]").press("Enter")
    expect(card.locator(".notice.good")).to_contain_text("Contact ajouté : Zola.")
    new = contact_ids(app, edf)[-1]
    line = card.locator(f"#contact-{new}")

    line.get_by_role("link", name="Modifier Zola").click()
    line.locator("[name=job_title]").fill("Romancier")
    line.locator("[name=job_title]").press("Enter")
    expect(card.locator(".notice.good")).to_contain_text("Contact enregistré : Zola.")
    expect(line).to_contain_text("Romancier")
    expect(card.locator(f"#edit-contact-{new}")).to_be_focused()

    line.locator(".menu > summary").focus()
    card.keyboard.press("Enter")
    line.get_by_role("button", name="Désactiver").click()
    expect(line).to_contain_text("Inactif")
    line.locator(".menu > summary").click()
    line.locator(".menu details > summary").click()
    expect(line).to_contain_text("Supprimer le contact « Zola » ?")
    line.get_by_role("button", name="Supprimer").click()
    expect(card.locator(".notice.good")).to_contain_text("Contact supprimé : Zola.")
    expect(line).to_have_count(0)
    expect(card.locator("#add-contact")).to_be_focused()
    assert new not in contact_ids(app, edf)
    assert stayed(card)


def test_a_contact_is_duplicated_with_all_but_its_email(app: Flask, edf: int, card: Page) -> None:
    line = card.locator(".person", has_text="paul@edf.fr")
    line.locator(".menu > summary").click()
    line.get_by_role("link", name="Dupliquer", exact=True).click()
    form = card.locator("#new-contact #record")
    expect(form.locator("[name=last_name]")).to_have_value("Paul")
    expect(form.locator("[name=email]")).to_have_value("")
    form.locator("[name=email]").press("Escape")
    expect(form).to_have_count(0)
    assert len(rows(app, Contact)) == 3
    assert stayed(card)


def test_what_is_copied_is_said(card: Page) -> None:
    card.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card.locator(".facts > div", has_text="Tél. standard").hover()
    card.get_by_role("button", name="Copier : Tél. standard").click()
    expect(card.locator("#spoken")).to_have_text("Copié : 01 42 00 00 00")
    assert card.evaluate("navigator.clipboard.readText()") == "01 42 00 00 00"


def slowly(page: Page, paths: str) -> None:
    """Answers to these addresses take as long as on a bad day."""

    def answer_late(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route(paths, answer_late)


def test_escape_after_enter_does_not_hide_what_is_being_saved(app: Flask, edf: int, card: Page) -> None:
    card.locator("#edit-phone").click()
    expect(card.locator("[name=phone]")).to_be_focused()
    slowly(card, "**/client/field/**")
    card.keyboard.type("01 42 00 00 02")
    card.keyboard.press("Enter")
    card.keyboard.press("Escape")
    expect(card.locator(".notice.good")).to_contain_text("Tél. standard : 01 42 00 00 02.")
    expect(card.locator("#fact-phone")).to_have_text("01 42 00 00 02")


def test_a_double_click_opens_one_form_and_escape_leaves_it(card: Page) -> None:
    slowly(card, "**/client/field/**")
    card.evaluate("for (let n = 0; n < 2; n++) document.getElementById('edit-phone').click()")
    expect(card.locator("[name=phone]")).to_be_focused()
    card.wait_for_timeout(700)
    card.keyboard.press("Escape")
    expect(card.locator("#fact-phone")).to_have_text("01 42 00 00 00")
    expect(card.locator("#edit-phone")).to_be_focused()


def test_escape_in_the_form_of_a_row_brings_the_row_back_at_once(app: Flask, edf: int, card: Page) -> None:
    paul = contact_ids(app, edf)[1]
    card.locator(f"#edit-contact-{paul}").click()
    expect(card.locator("#record [name=civility]")).to_be_focused()
    card.route(lambda url: "/client/details/?" in url.split("&url=")[0], lambda route: route.abort())
    card.keyboard.press("Escape")
    expect(card.locator(f"#edit-contact-{paul}")).to_be_focused()
    card.locator("#edit-phone").click()
    expect(card.locator("[name=phone]")).to_be_focused()


def test_a_switch_pressed_twice_is_sent_once_and_keeps_the_focus(app: Flask, edf: int, card: Page) -> None:
    sent: list[str] = []
    card.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    card.locator("#switch").click()
    slowly(card, "**/client/deactivate/**")
    expect(card.locator("#dialog button.main")).to_be_visible()
    card.evaluate("for (let n = 0; n < 2; n++) document.querySelector('#dialog button.main').click()")
    expect(card.locator(".notice.good")).to_contain_text("EDF est inactive.")
    expect(card.locator("#switch")).to_be_focused()
    card.wait_for_timeout(500)
    assert len(sent) == 1
    card.keyboard.press("Enter")
    expect(card.locator(".notice.good")).to_contain_text("EDF est de nouveau active.")
    expect(card.locator("#switch")).to_be_focused()


def test_a_click_that_is_refused_leaves_nothing_waiting(card: Page) -> None:
    card.locator("#edit-phone").click()
    expect(card.locator("[name=phone]")).to_be_focused()
    card.keyboard.type("01 4")
    card.locator("#edit-website").click()
    card.wait_for_timeout(1300)
    expect(card.locator("#progress")).to_be_hidden()


def test_what_was_typed_beside_a_fact_outlives_the_session(app: Flask, edf: int, card: Page) -> None:
    card.locator("#edit-phone").click()
    expect(card.locator("[name=phone]")).to_be_focused()
    card.keyboard.type("01 42 00 00 03")
    card.context.clear_cookies()
    card.keyboard.press("Enter")
    card.locator("[name=_resume_email]").fill("gestionnaire@exemple.fr")
    card.locator("[name=_resume_password]").fill(PASSWORD)
    card.keyboard.press("Enter")
    expect(card.locator("[name=phone]")).to_have_value("01 42 00 00 03")
    assert row(app, Client, edf)["phone"] == "+33142000000"
    card.locator("[name=phone]").press("Enter")
    expect(card.locator("#fact-phone")).to_have_text("01 42 00 00 03")


def test_one_contact_is_found_among_fifteen(app: Flask, visit: Visit) -> None:
    people = [{"email": f"p{n}@big.example", "last_name": f"Nom{n:02}"} for n in range(14)]
    big = add_client(app, "Big", contacts=people)
    page = visit("gestionnaire")
    page.goto(f"/client/details/?id={big}")
    stay(page)
    expect(page.locator(".person")).to_have_count(10)
    page.get_by_role("link", name="Afficher les 5 autres").click()
    expect(page.locator(".person")).to_have_count(15)
    expect(page.locator(".person").nth(10).locator("a").first).to_be_focused()
    page.locator("#who").press_sequentially("nom13")
    expect(page.locator(".person")).to_have_count(1)
    expect(page.locator("#who")).to_be_focused()
    expect(page.locator("#contact-rows")).to_contain_text("1 contact trouvé")
    page.locator(".person .icon").click()
    expect(page.locator(".notice.good")).to_contain_text("Nom13 est maintenant le contact principal.")
    expect(page.locator("#who")).to_have_value("nom13")
    assert stayed(page)


def test_one_goes_through_the_list_one_came_from(app: Flask, visit: Visit) -> None:
    add_clients(app, [{"name": name} for name in ("Alpha", "Bêta", "Gamma")])
    page = visit("gestionnaire")
    page.goto("/client/?sort=name&desc=1")
    page.get_by_role("link", name="Bêta", exact=True).first.click()
    page.locator("#next").click()
    expect(page.locator("h1")).to_have_text("Alpha")
    page.locator("#previous").click()
    expect(page.locator("h1")).to_have_text("Bêta")
    page.locator("#previous").click()
    expect(page.locator("h1")).to_have_text("Gamma")


def test_a_contact_takes_two_rows_of_a_phone(app: Flask, edf: int, card: Page) -> None:
    card.set_viewport_size({"width": 390, "height": 844})
    box = card.locator(f"#contact-{contact_ids(app, edf)[1]}").bounding_box()
    assert box is not None
    assert box["height"] < 2.5 * 44


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_the_card_fits_its_screen_and_its_targets_the_finger(card: Page, width: int) -> None:
    card.set_viewport_size({"width": width, "height": 844})
    wide = card.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    least = 44 if width < 820 else 24
    small = card.evaluate(
        """least => [...document.querySelectorAll('main a, main button, main summary')].filter(
            (found) => found.offsetParent && !found.closest('.crumbs')
                && Math.min(found.offsetHeight, found.offsetWidth) < least
        ).map((found) => `${found.outerHTML.slice(0, 90)} ${found.offsetWidth}x${found.offsetHeight}`)""",
        least,
    )
    assert small == []
