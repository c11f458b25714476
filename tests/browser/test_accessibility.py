"""Every page passes axe, fits a phone without sideways scrolling, and works in a strict browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.companies import create, fifty_companies
from tests.browser.conftest import Visit
from tests.conftest import on_sqlite_only

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "/",
    "/account/",
    "/client/",
    "/client/?search=xyzzy",
    "/client/?status=all&flt_country=FR",
    "/client/new/",
    "/client/edit/?id=1",
    "/client/details/?id=1",
    "/client/deactivate/?id=1",
    "/contact/",
    "/contact/details/?id=1",
    "/contact/edit/?id=1",
    "/contact/new/?client=1",
    "/address/new/?client=1",
    "/companytype/",
    "/companytype/new/",
    "/paymentterm/",
    "/paymentterm/edit/?id=2",
    "/settings/",
    "/user/",
    "/user/new/",
    "/nulle-part",
)

pytestmark = on_sqlite_only


def violations(page: Page) -> list[str]:
    """What axe finds on the page that is shown. Run outside the page's own policy, which lets no script in."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_passes_axe_and_fits_its_screen(app: Flask, visit: Visit, width: int) -> None:
    page = visit("administrateur")
    page.goto("/client/new/")
    create(page, fifty_companies()[0])
    page.set_viewport_size({"width": width, "height": 900})
    wrong = {}
    for path in PAGES:
        page.goto(path)
        found = violations(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append("scrolls sideways")
        if found:
            wrong[path] = found
    assert wrong == {}


def test_a_form_with_errors_passes_axe_and_leads_to_each_of_them(visit: Visit) -> None:
    page = visit("gestionnaire")
    page.goto("/client/new/")
    page.fill("[name=siret]", "732 829 320 00075")
    page.get_by_role("button", name="Créer", exact=True).click()
    summary = page.locator("#summary")
    assert "3 champs à corriger" in summary.inner_text()
    assert violations(page) == []
    summary.get_by_role("link", name="SIRET").click()
    assert page.evaluate("document.activeElement.name") == "siret"
