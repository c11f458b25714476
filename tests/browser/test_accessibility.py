"""Every page passes axe in both languages, fits its screen, has targets that can be hit, and breaks no policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from tests.browser.conftest import WIDE, Visit
from tests.browser.pages import (
    FIRST,
    LIKE_TYPES,
    NO_PAGES,
    PAGES,
    PROTECTED,
    PUBLIC,
    add_cast,
    addresses,
    protect,
)
from tests.conftest import on_sqlite_only
from tests.house.routes import all_routes, right_of
from tests.users.people import PASSWORD, change

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1024, "height": 800}

#: Pixels that a target is wide and high at least: with a mouse (WCAG 2.2, 2.5.8), and with a finger (2.5.5).
FOR_MOUSE, FOR_FINGER = 24, 44

#: Reports of the page's own policy, kept on the page itself.
LISTEN = """
window.reports = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.reports.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""

#: What can be pressed or filled in and is smaller than `least`. A label is part of its box; a link within a
#: sentence is as high as its line (the exception of 2.5.8).
TOO_SMALL = """
(least) => {
  const open = (isOpen) => document.querySelectorAll("details").forEach((panel) => { panel.open = isOpen; });
  open(false);
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]";
  const isShown = (found) => found.checkVisibility({ checkVisibilityCSS: true }) && found.getClientRects().length;
  const isAway = (found) => {
    for (let part = found; part; part = part.parentElement)
      if (part.matches(".skip, [inert]") || getComputedStyle(part).clipPath === "inset(50%)") return true;
    return false;
  };
  const targets = () => [...document.querySelectorAll(all)].filter((found) => isShown(found) && !isAway(found));
  const inSentence = (found) => found.localName === "a" && [...found.parentElement.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && /[\\p{L}\\d]{2}/u.test(node.textContent));
  // A small box is enough where no other target is as near as it would have to be large.
  const distance = (one, other) => {
    const [own, rect] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    const [x, y] = [own.x + own.width / 2, own.y + own.height / 2];
    return Math.hypot(Math.max(rect.left - x, 0, x - rect.right), Math.max(rect.top - y, 0, y - rect.bottom));
  };
  const closed = targets();
  const alone = new Set(closed.filter((found) => found.type === "checkbox" && least < 44
    && closed.every((other) => other === found || distance(found, other) >= least / 2)));
  const size = (found) => {
    const rects = [found, ...(found.labels ?? [])].map((part) => part.getBoundingClientRect());
    return [Math.max(...rects.map((rect) => rect.width)), Math.max(...rects.map((rect) => rect.height))];
  };
  open(true);
  return targets()
    .filter((found) => !inSentence(found) && !alone.has(found))
    .map((found) => [found.outerHTML.slice(0, 110).replaceAll(/\\s+/g, " "), ...size(found).map(Math.round)])
    .filter(([, width, height]) => width < least || height < least)
    .map(([html, width, height]) => `${width}×${height} ${html}`);
}
"""

pytestmark = on_sqlite_only


def violations(page: Page, is_known: bool = False) -> list[str]:
    """What axe finds on the page that is shown. Run outside the page's own policy, which lets no script in."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        """async (isKnown) => (await axe.run({
          resultTypes: ['violations'], selectors: false, rules: {'color-contrast': {enabled: !isKnown}},
        })).violations""",
        is_known,
    )
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def _use(page: Page, is_touched: bool) -> None:
    """A finger or a mouse."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": is_touched})
    session.detach()


def _sideways(page: Page, size: dict[str, int]) -> list[str]:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"scrolls sideways: {width} > {size['width']}"] if width > size["width"] else []


def faults(page: Page, path: str, is_known: bool = False) -> list[str]:
    """What is wrong with one page, on a large screen, a tablet and a phone.

    Of a page that is known in another language axe is asked once, and not for its colours: words change neither
    these nor the structure, but they may take more room.
    """
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(path)
    found = [f"1440 {fault}" for fault in violations(page, is_known)]
    found += _sideways(page, TABLET) + _sideways(page, PHONE)
    found += [] if is_known else [f"390 {fault}" for fault in violations(page)]
    _use(page, is_touched=True)
    found += [f"390 {fault}" for fault in page.evaluate(TOO_SMALL, FOR_FINGER)]
    _use(page, is_touched=False)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    found += [f"1440 {fault}" for fault in page.evaluate(TOO_SMALL, FOR_MOUSE)]
    reports: list[str] = page.evaluate("window.reports")
    return found + reports


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_passes_axe_fits_its_screen_and_can_be_hit(
    app: Flask, visit: Visit, language: str
) -> None:
    add_cast(app)
    page = visit("administrateur")
    page.add_init_script(LISTEN)
    change(app, "administrateur@exemple.fr", locale=language)

    is_known = language != "fr"
    paths = addresses(app, PAGES).values()
    wrong = {path: found for path in paths if (found := faults(page, path, is_known))}

    assert wrong == {}
    assert page.evaluate("document.documentElement.lang") == language


def test_pages_outside_the_house_pass_axe_fit_their_screen_and_can_be_hit(
    app: Flask, page: Page, visit: Visit
) -> None:
    page.add_init_script(LISTEN)
    wrong = {path: faults(page, path) for path in FIRST.values()}
    visit("gestionnaire")
    page.context.clear_cookies()
    wrong |= {path: faults(page, path) for path in PUBLIC.values()}

    assert {path: found for path, found in wrong.items() if found} == {}


def test_pages_of_the_second_factor_pass_axe_fit_their_screen_and_can_be_hit(
    app: Flask, visit: Visit
) -> None:
    page = visit("lecture")
    page.add_init_script(LISTEN)
    protect(app, "lecture@exemple.fr")
    code, *others = PROTECTED.values()
    wrong = {path: faults(page, path) for path in others}
    page.context.clear_cookies()
    page.goto("/login")
    page.fill("[name=email]", "lecture@exemple.fr")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{code}")
    wrong[code] = faults(page, code)

    assert {path: found for path, found in wrong.items() if found} == {}


def test_no_page_is_left_out(app: Flask) -> None:
    known = set(NO_PAGES)
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for path in {**PAGES, **PROTECTED, **PUBLIC, **FIRST}.values():
            try:
                known.add(adapter.match(path.partition("?")[0])[0])
            except HTTPException:
                assert path == "/nulle-part"
    alike = {endpoint.replace("companytype.", f"{like}.") for endpoint in known for like in LIKE_TYPES}

    shown = {
        route.endpoint
        for route in all_routes(app)
        if route.method == "GET" and right_of(route.endpoint) != "nobody"
    }
    choices = {endpoint for endpoint in shown if endpoint.endswith(".choices_view")}
    assert sorted(shown - known - alike - choices) == []


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
