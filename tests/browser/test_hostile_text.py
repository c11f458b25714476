"""Whatever stands in the database is text on every page: nothing of it runs, calls, computes, or breaks the page."""

from __future__ import annotations

from typing import Any

from flask import Flask
from playwright.sync_api import Dialog, Page, Request

from backoffice.core.db import for_writing
from tests.attack import hostile
from tests.browser.conftest import Visit
from tests.browser.pages import PAGES, add_cast, addresses
from tests.conftest import on_sqlite_only

PHONE = {"width": 390, "height": 844}

#: What the page says of itself. A link may lead to a page, a mail, a call, or a site: nowhere else.
SEEN = """() => ({
  hit: window.hit ?? null,
  reports: window.reports,
  links: [...document.querySelectorAll("a[href], form[action], img[src], iframe[src]")]
    .map((found) => found.href ?? found.action ?? found.src)
    .map((address) => (typeof address === "string" ? address : ""))
    .filter((address) => address && !/^(https?|mailto|tel|data):/.test(address)),
  sideways: document.documentElement.scrollWidth - window.innerWidth,
  text: document.documentElement.outerHTML,
})"""
LISTEN = """
window.reports = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.reports.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

#: Columns of the cast that let none of it in: words of a list, numbers, addresses of sites, values of other kinds.
CLOSED = {
    "client.siren",
    "client.siret",
    "client.vat_regime",
    "client.website",
    "entry.attachments",
    "entry.kind",
    "entry.state",
    "event_status.color",
    "payment_term.end_of_month",
    "user.locale",
    "user.preferences",
    "user.role",
}

pytestmark = on_sqlite_only


def test_hostile_text_is_text_on_every_page(app: Flask, page: Page, live: str, visit: Visit) -> None:
    add_cast(app)
    visit("administrateur")
    paths = addresses(app, PAGES)
    with app.app_context(), for_writing():
        filled, refused = hostile.fill()
    strange, seen = _watch(page), dict[str, Any]()
    for name, path in paths.items():
        answer = page.goto(path)
        assert answer is not None
        if name != "not-found" and answer.status >= 400:
            seen[name] = {"status": answer.status}
        elif wrong := _wrong(page.evaluate(SEEN)):
            seen[name] = wrong
    assert (seen, strange) == ({}, [])
    assert filled > 80
    assert refused <= CLOSED


def test_a_page_that_wrote_it_as_it_stands_would_be_seen(page: Page, live: str) -> None:
    _watch(page)
    page.set_content("".join(hostile.SAMPLES) + f"<p>{hostile.RESULT}</p><a href='javascript:1'>x</a>")
    page.wait_for_function("window.hit")
    assert _wrong(page.evaluate(SEEN)).keys() >= {"hit", "links", "computed"}


def _watch(page: Page) -> list[str]:
    """From here on: dialogs that open, and addresses that are asked for, beyond those of the product."""
    strange: list[str] = []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.add_init_script(LISTEN)

    def tell(dialog: Dialog) -> None:
        strange.append(dialog.message)
        dialog.dismiss()

    def look(asked: Request) -> None:
        if "hit" in asked.url.rpartition("/")[2]:
            strange.append(asked.url)

    page.on("dialog", tell)
    page.on("request", look)
    return strange


def _wrong(said: dict[str, Any]) -> dict[str, Any]:
    found = {
        "hit": said["hit"],
        "reports": said["reports"],
        "links": said["links"],
        "sideways": max(said["sideways"], 0),
        "computed": hostile.RESULT in said["text"],
    }
    return {what: how for what, how in found.items() if how}
