"""The client's form as people use it: typed into, helped along, corrected, left."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import Dialog, Page, expect

from backoffice.clients.models import Client, Contact
from tests.browser.conftest import Visit
from tests.clients.cast import add_client, row, rows
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only


def open_form(visit: Visit, path: str = "/client/new/") -> Page:
    page = visit("gestionnaire")
    page.goto(path)
    return page


def said(page: Page, field: str) -> str:
    return page.locator(f"#{field}-proposed").inner_text()


def test_values_follow_from_others_and_say_so(visit: Visit) -> None:
    page = open_form(visit)
    page.locator("#name").press_sequentially("L'Oréal SA")
    page.locator("#siret").press_sequentially("552 081 317 66522")
    page.locator("#postal_code").press_sequentially("69002")

    expect(page.locator("#siren")).to_have_value("552 081 317")
    expect(page.locator("#vat_number")).to_have_value("FR 03 552081317")
    expect(page.locator("#account_code")).to_have_value("411LOREAL")
    expect(page.locator("#city")).to_have_value("Lyon")
    assert said(page, "siren") == "Complété d'après le SIRET."
    assert said(page, "vat_number") == "Proposé d'après le SIREN."

    page.fill("#siret", "732 829 320 00074")
    expect(page.locator("#vat_number")).to_have_value("FR 44 732829320")


def test_what_a_person_has_typed_is_never_written_over(visit: Visit) -> None:
    page = open_form(visit)
    page.fill("#city", "Villeurbanne")
    page.fill("#vat_number", "DE136695976")
    page.fill("#siret", "552 081 317 66522")
    page.fill("#postal_code", "69002")
    expect(page.locator("#siren")).to_have_value("552 081 317")
    page.fill("#siren", "")
    page.fill("#siret", "732 829 320 00074")
    page.fill("#name", "EDF")
    expect(page.locator("#account_code")).to_have_value("411EDF")
    values = [page.input_value(field) for field in ("#city", "#vat_number", "#siren")]
    assert values == ["Villeurbanne", "DE136695976", ""]


def test_a_proposal_that_comes_late_gives_way_to_what_is_typed_there(visit: Visit) -> None:
    page = open_form(visit)
    page.fill("[name=siren]", "552 081 317")
    page.focus("[name=vat_number]")
    expect(page.locator("[name=vat_number]")).to_have_value("FR 03 552081317")
    page.keyboard.insert_text("FR53000004605")
    expect(page.locator("[name=vat_number]")).to_have_value("FR53000004605")


def test_what_was_proposed_is_still_a_proposal_after_a_refusal(visit: Visit) -> None:
    page = open_form(visit)
    page.fill("#name", "EDF")
    expect(page.locator("#account_code")).to_have_value("411EDF")
    page.keyboard.press("Control+s")
    expect(page.locator("#summary")).to_be_focused()
    expect(page.locator("#account_code-proposed")).to_have_text("Proposé d'après le nom.")
    page.fill("#name", "Engie")
    expect(page.locator("#account_code")).to_have_value("411ENGIE")


def test_one_chooses_among_towns_and_activities_by_keyboard(visit: Visit) -> None:
    page = open_form(visit)
    page.fill("#postal_code", "01090")
    expect(page.locator("#city-proposed")).to_contain_text("6 communes")
    page.press("#postal_code", "Tab")
    expect(page.locator("#city-list [role=option]")).to_have_count(6)
    page.keyboard.type("gue")
    expect(page.locator("#city-list [role=option]")).to_have_text(["Guéreins"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#city")).to_have_value("Guéreins")

    page.locator("#ape_code").press_sequentially("conseil info")
    page.locator("#ape_code-list [role=option]", has_text="62.02A").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#ape_code")).to_have_value("62.02A")
    expect(page.locator("#ape_code-proposed")).to_contain_text("Conseil en systèmes")


def test_towns_are_proposed_in_every_address_of_the_form(visit: Visit) -> None:
    page = open_form(visit)
    page.uncheck("#billing_same_address")
    page.fill("[name=billing_postal_code]", "31000")
    page.click("[data-rows=addresses] [data-add-row]")
    page.fill("#addresses-0-postal_code", "67000")
    expect(page.locator("[name=billing_city]")).to_have_value("Toulouse")
    expect(page.locator("#addresses-0-city")).to_have_value("Strasbourg")
    expect(page.locator("#city")).to_have_value("")


def test_an_unsound_identifier_is_said_as_one_leaves_it(visit: Visit) -> None:
    page = open_form(visit)
    page.locator("#siret").press_sequentially("812 345 676 00018")
    expect(page.locator("#siret-error")).to_have_count(0)
    page.press("#siret", "Tab")
    expect(page.locator("#siret-error")).to_contain_text("La clé de contrôle ne correspond pas")
    assert page.get_attribute("#siret", "aria-invalid") == "true"
    assert "siret-error" in str(page.get_attribute("#siret", "aria-describedby"))
    page.fill("#siret", "552 081 317 66522")
    expect(page.locator("#siret-error")).to_have_count(0)


def test_likely_duplicates_are_shown_and_an_inactive_one_comes_back(app: Flask, visit: Visit) -> None:
    add_client(app, "Atelier Lefebvre")
    inactive = add_client(app, "Ateliers Lefèvre", is_active=False)
    page = open_form(visit)
    page.locator("#name").press_sequentially("Atelier Lefèvre")
    shown = page.locator("[data-live=likely]")
    expect(shown).to_contain_text("2 clients portent un nom proche :")
    expect(shown).to_contain_text("Ateliers Lefèvre existe mais est inactive.")

    shown.get_by_role("button", name="Réactiver").click()
    expect(shown).not_to_contain_text("inactive.")
    assert page.input_value("#name") == "Atelier Lefèvre"
    assert row(app, Client, inactive)["is_active"] is True


def test_three_errors_are_put_right_from_the_summary(app: Flask, visit: Visit) -> None:
    page = open_form(visit)
    page.fill("#siret", "812 345 676 00018")
    page.click("[data-rows=contacts] [data-add-row]")
    page.fill("#contacts-0-email", "helene@lefevre.example")
    page.fill("#contacts-1-last_name", "Faure")
    page.keyboard.press("Control+s")
    expect(page.locator("#summary")).to_be_focused()
    right = {"Nom de la société": "Lefèvre", "SIRET": "", "Contact 2 · E-mail": "luc@lefevre.example"}
    assert page.locator("#summary a").all_inner_texts() == list(right)
    for label, value in right.items():
        page.locator("#summary a", has_text=label).press("Enter")
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(value) if value else page.keyboard.press("Delete")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/client/details/**")
    assert [contact["email"] for contact in rows(app, Contact)] == [
        "helene@lefevre.example",
        "luc@lefevre.example",
    ]


def test_twenty_contacts_are_added_without_slowing(app: Flask, visit: Visit) -> None:
    page = open_form(visit)
    page.fill("#name", "Lefèvre")
    page.fill("#contacts-0-email", "c0@lefevre.example")
    each = page.evaluate(
        """() => Array.from({ length: 20 }, () => {
          const began = performance.now();
          document.querySelector("[data-rows=contacts] [data-add-row]").click();
          return performance.now() - began;
        })"""
    )
    for number in range(1, 21):
        page.fill(f"#contacts-{number}-email", f"c{number}@lefevre.example")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/client/details/**")
    assert len(rows(app, Contact)) == 21
    assert min(each[-5:]) < 50  # milliseconds: the last as quick as the first, on a busy machine too


def test_a_row_has_the_name_that_is_typed_and_can_be_taken_back(visit: Visit) -> None:
    page = open_form(visit)
    page.click("[data-rows=contacts] [data-add-row]")
    page.locator("#contacts-1-first_name").press_sequentially("Luc")
    page.locator("#contacts-1-last_name").press_sequentially("Faure")
    expect(page.locator("#contacts-1-title")).to_have_text("Luc Faure")
    page.click("#contacts-1 [data-remove-row]")
    expect(page.locator(".gone")).to_contain_text("Luc Faure : retiré de cette saisie.")
    page.click("[data-rows=contacts] [data-add-row]")
    page.click("[data-restore-row]")
    expect(page.locator("#contacts-1-last_name")).to_have_value("Faure")
    assert [one.get_attribute("id") for one in page.locator("[data-rows=contacts] .row").all()] == [
        "contacts-1",
        "contacts-2",
    ]


def test_a_client_with_its_contact_by_keyboard_alone(app: Flask, visit: Visit) -> None:
    """From the dashboard: the keys beside the text that is typed are counted, and few."""
    page = visit("gestionnaire")
    page.goto("/")
    keys = 0

    def press(key: str, times: int = 1) -> None:
        nonlocal keys
        keys += times
        for _ in range(times):
            page.keyboard.press(key)

    def go_to(name: str) -> None:
        for _ in range(12):
            if page.evaluate("document.activeElement.name") == name:
                return
            press("Tab")
        raise AssertionError(f"{name} is too far")

    page.get_by_role("link", name="Nouveau client").first.focus()
    press("Enter")
    page.wait_for_url("**/client/new/**")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type("Atelier Lefèvre")
    for name, text in (
        ("contacts-0-first_name", "Hélène"),
        ("contacts-0-last_name", "Garnier"),
        ("contacts-0-email", "helene@lefevre.example"),
    ):
        go_to(name)
        page.keyboard.type(text)
    press("Control+s")
    page.wait_for_url("**/client/details/**")
    assert [client["name"] for client in rows(app, Client)] == ["Atelier Lefèvre"]
    assert keys <= 12


def test_leaving_asks_after_a_row_a_choice_or_a_picked_company(app: Flask, visit: Visit) -> None:
    add_client(app, "Groupe Lefèvre")
    page = visit("gestionnaire")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)

    def pick() -> None:
        page.locator("#parent").press_sequentially("lefe")
        page.locator("[role=option]").click()

    for change in (
        lambda: page.click("[data-rows=contacts] [data-add-row]"),
        lambda: page.select_option("#vat_regime", "export"),
        pick,
    ):
        page.goto("/client/new/")
        asked.clear()
        page.click("#name")
        change()
        page.goto("/contact/")
        assert asked == ["beforeunload"]


def test_a_list_that_was_changed_in_another_tab_is_offered_on_coming_back(app: Flask, visit: Visit) -> None:
    page = visit("administrateur")
    page.goto("/client/new/")
    page.select_option("#type", label="Prospect")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Gérer la liste : Type").click()
    opened.value.goto("/companytype/new/")
    opened.value.fill("#label", "Fournisseur")
    opened.value.keyboard.press("Control+s")
    opened.value.wait_for_url(re.compile(r"/companytype/(?!new)"))
    opened.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#type option", has_text="Fournisseur")).to_have_count(1)
    assert page.locator("#type option:checked").inner_text() == "Prospect"


def test_a_stored_siren_follows_its_siret_to_another_company(app: Flask, visit: Visit) -> None:
    stored = {"siren": "552081317", "siret": "55208131766522", "vat_number": "FR03552081317"}
    page = open_form(visit, f"/client/edit/?id={add_client(app, 'EDF', **stored)}")
    page.fill("#siret", "")
    page.locator("#siret").press_sequentially("732 829 320 00074")
    expect(page.locator("#siren")).to_have_value("732 829 320")
    expect(page.locator("#vat_number")).to_have_value("FR 44 732829320")
    assert said(page, "siren") == "Complété d'après le SIRET."
    page.keyboard.press("Control+s")
    page.wait_for_url("**/details/**")


def test_what_is_stored_gives_way_to_nothing_less(app: Flask, visit: Visit) -> None:
    stored = {"siren": "552081317", "siret": "55208131766522", "vat_number": "DE136695976"}
    page = open_form(visit, f"/client/edit/?id={add_client(app, 'EDF', **stored)}")
    for typed in ("", "732 829"):
        with page.expect_response("**/proposals/**"):
            page.fill("#siret", typed)
        expect(page.locator("#siren")).to_have_value("552 081 317")
    page.fill("#siret", "732 829 320 00074")
    expect(page.locator("#siren")).to_have_value("732 829 320")
    expect(page.locator("#vat_number")).to_have_value("DE 136695976")


def test_a_company_that_was_typed_and_not_chosen_is_said_before_saving(app: Flask, visit: Visit) -> None:
    page = open_form(visit)
    page.fill("#name", "Enedis")
    page.fill("#contacts-0-email", "contact@enedis.example")
    for key in ("Enter", "Control+s"):
        page.fill("#parent", "Inconnue")
        page.keyboard.press(key)
        expect(page.locator("#parent")).to_be_focused()
        expect(page.locator("[data-status]")).to_have_text(
            "Choisissez dans la liste : « Inconnue » n’y est pas."
        )
        assert rows(app, Client) == []
    page.keyboard.press("Control+s")
    page.wait_for_url("**/details/**")
