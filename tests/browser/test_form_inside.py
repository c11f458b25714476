"""A form inside another page: it takes its own place, gives it back, and loses nothing that was typed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import delete

from backoffice.clients.models import Contact
from backoffice.core.db import db, for_writing
from backoffice.users.models import UserSession
from tests.browser.conftest import Visit
from tests.clients.cast import add_client, rows
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only


def open_inside(app: Flask, visit: Visit) -> Page:
    """The form of a contact brought into the card of its client, as the card does."""
    id_ = add_client(app, "EDF")
    page = visit("gestionnaire")
    page.goto(f"/client/details/?id={id_}")
    page.evaluate(
        """(address) => {
          const place = Object.assign(document.createElement("div"), { id: "elsewhere" });
          document.getElementById("content").append(place);
          return htmx.ajax("GET", address, { target: place, select: "#record", swap: "innerHTML" });
        }""",
        f"/contact/new/?client={id_}",
    )
    expect(page.locator("#record.inside")).to_be_visible()
    return page


def test_a_form_inside_a_page_is_corrected_and_saved_there(app: Flask, visit: Visit) -> None:
    page = open_inside(app, visit)
    expect(page.locator("#civility")).to_be_focused()
    page.fill("#record #email", "luc")
    page.keyboard.press("Control+s")
    expect(page.locator("#summary")).to_be_focused()
    page.fill("#record #email", "luc@edf.example")
    page.keyboard.press("Control+s")
    expect(page.locator("#record")).to_have_count(0)
    assert [contact["email"] for contact in rows(app, Contact)][1:] == ["luc@edf.example"]


def test_escape_closes_a_form_inside_a_page_and_asks_before_text_is_lost(app: Flask, visit: Visit) -> None:
    page = open_inside(app, visit)
    answers = [False, True]
    page.on("dialog", lambda dialog: dialog.accept() if answers.pop(0) else dialog.dismiss())
    page.fill("#record #email", "luc@edf.example")
    page.keyboard.press("Escape")
    expect(page.locator("#record")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#record")).to_have_count(0)
    assert answers == []


def unheard(page: Page) -> Page:
    """htmx tells the console of each answer that is none: here that is what is tested."""
    page.evaluate("console.error = () => undefined")
    return page


def test_what_cannot_be_saved_now_stays_typed(app: Flask, visit: Visit) -> None:
    page = unheard(open_inside(app, visit))
    page.fill("#record #email", "luc@edf.example")
    notice = page.locator("#record [role=alert]")

    def fail(route: Route) -> None:
        route.fulfill(status=500, body="")

    page.route("**/contact/new/**", fail)
    page.keyboard.press("Control+s")
    expect(notice).to_have_text("Enregistrement impossible. Votre saisie est conservée. Réessayez.")
    page.unroute("**/contact/new/**")
    page.keyboard.press("Control+s")
    expect(page.locator("#record")).to_have_count(0)
    assert len(rows(app, Contact)) == 2


def answering(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body="")


def test_what_no_other_try_can_mend_is_said_as_it_is(app: Flask, visit: Visit) -> None:
    page = unheard(open_inside(app, visit))
    page.fill("#record #email", "luc@edf.example")
    for status, words in (
        (404, "Cette fiche n’existe plus. Rechargez la page."),
        (403, "Votre rôle ne permet pas cette action."),
    ):
        page.unroute_all()
        page.route("**/contact/new/**", answering(status))
        page.keyboard.press("Control+s")
        expect(page.locator("#record [role=alert]")).to_have_text(words)
    expect(page.locator("#record #email")).to_have_value("luc@edf.example")


def test_a_session_that_is_over_leads_to_the_log_in_with_what_was_typed(app: Flask, visit: Visit) -> None:
    page = unheard(open_inside(app, visit))
    page.fill("#record #email", "luc@edf.example")
    with app.app_context(), for_writing():
        db.session.execute(delete(UserSession))
        db.session.commit()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Votre session est terminée")).to_be_visible()
    assert page.locator("input[type=hidden][value='luc@edf.example']").count() >= 1
