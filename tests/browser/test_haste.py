"""Whoever is faster than the browser, or has a slow one, loses neither the focus nor a letter."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Route, expect

from backoffice.clients.models import Client
from tests.browser.conftest import Visit, stay, stayed
from tests.clients.cast import add_client, row
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only


def test_a_refused_fact_that_is_sent_again_at_once_is_answered_in_its_place(app: Flask, visit: Visit) -> None:
    edf = add_client(app, "EDF", phone="+33142000000")
    card = visit("gestionnaire")
    card.goto(f"/client/details/?id={edf}")
    stay(card)
    card.locator("#edit-phone").press("Enter")
    expect(card.locator("[name=phone]")).to_be_focused()
    card.keyboard.type("12")
    # Faster than any hand: as soon as the refused form stands there it is corrected and sent.
    card.evaluate(
        """() => new MutationObserver((_changes, observer) => {
             const phone = document.querySelector("[name=phone][aria-invalid=true]");
             if (!phone) return;
             observer.disconnect();
             phone.value = "01 42 00 00 01";
             phone.form.requestSubmit();
           }).observe(document.body, { childList: true, subtree: true })"""
    )
    card.keyboard.press("Enter")
    expect(card.locator(".notice.good")).to_contain_text("Tél. standard : 01 42 00 00 01.")
    expect(card.locator("#edit-phone")).to_be_focused()
    assert stayed(card)
    assert row(app, Client, edf)["phone"] == "+33142000001"


def test_what_is_typed_right_after_a_filter_opens_is_not_lost(visit: Visit) -> None:
    page = visit("lecture")
    page.goto("/client/")
    # In one go, as on a machine that is busy: the next key is there before the browser says that it has opened.
    opens = "summary => { summary.click(); return document.activeElement.name }"
    summary = page.locator(".chips summary", has_text="Ville")
    assert summary.evaluate(opens) == "flt_city"
    page.keyboard.type("bre")
    expect(page.locator("[name=flt_city]:visible")).to_have_value("bre")
    summary.click()
    expect(page.locator(".popover:visible")).to_have_count(0)


def test_what_is_pressed_while_an_answer_is_on_its_way_is_answered_too(visit: Visit) -> None:
    page = visit("administrateur")
    page.goto("/companytype/")
    page.locator("#move-2").press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator(".notice.good")).to_contain_text("Ordre enregistré.")
    expect(page.locator(".choices tbody tr").nth(2)).to_have_id("choice-2")
    sent: list[str] = []

    def second_one_late(route: Route) -> None:
        sent.append(route.request.url)
        if len(sent) == 2:
            page.wait_for_timeout(800)
        route.continue_()

    page.route("**/companytype/order/", second_one_late)
    page.evaluate(
        """() => {
             document.getElementById("order").requestSubmit();
             document.querySelector(".notice.good form button").click();
           }"""
    )
    expect(page.locator(".choices tbody tr").nth(1)).to_have_id("choice-2")
    assert len(sent) == 2
