"""Two people, each in a window of their own, on the form of one client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from backoffice.clients.models import Address, Client
from backoffice.users.models import OpenForm
from tests.browser.conftest import WIDE, Visit
from tests.browser.test_accessibility import AXE, PHONE
from tests.clients.cast import add_client, change, row, rows
from tests.conftest import on_sqlite_only
from tests.users.people import make_user, session_cookie

pytestmark = on_sqlite_only


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", phone="+33142000000")


@pytest.fixture
def other(app: Flask, chromium: Browser, live: str) -> Iterator[Page]:
    """The window of Luc Martin."""
    make_user(app, "luc@exemple.fr", first_name="Luc", last_name="Martin")
    name, value = session_cookie(app, "luc@exemple.fr")
    context = chromium.new_context(base_url=live, locale="fr-FR", viewport=WIDE)  # type: ignore[arg-type]
    context.add_cookies([{"name": name, "value": value, "url": live}])
    yield context.new_page()
    context.close()


def test_the_banner_comes_with_the_other_and_goes_without_moving_the_form(
    app: Flask, visit: Visit, other: Page, edf: int
) -> None:
    page = visit("gestionnaire")
    page.clock.install()
    page.goto(f"/client/edit/?id={edf}")
    line, at = page.locator("p.also"), page.locator("#name").bounding_box()
    expect(line).to_have_text("")
    other.goto(f"/client/edit/?id={edf}")
    page.clock.run_for(26_000)
    expect(line).to_contain_text("Luc Martin a aussi ouvert ce formulaire (depuis ")
    assert page.locator("#name").bounding_box() == at
    other.goto("/client/")
    while len(rows(app, OpenForm)) > 1:  # what a page says as it is left is on its way
        other.wait_for_timeout(20)
    page.clock.run_for(26_000)
    expect(line).to_have_text("")


def test_the_second_compares_by_keyboard_and_saves_both(
    app: Flask, visit: Visit, other: Page, edf: int
) -> None:
    page = visit("gestionnaire")
    page.on("dialog", lambda dialog: dialog.accept())
    for one in (page, other):
        one.goto(f"/client/edit/?id={edf}")
    other.fill("#city", "Lyon")
    other.fill("#street", "1 rue de Luc")
    other.keyboard.press("Control+s")
    other.wait_for_url("**/client/details/**")
    page.fill("#city", "Paris")
    page.fill("#phone", "01 42 00 00 99")
    page.keyboard.press("Control+s")
    expect(page.locator("#conflict")).to_be_focused()
    expect(page.locator("#conflict")).to_contain_text("Luc Martin a modifié cette fiche à ")
    page.evaluate(AXE)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert page.evaluate("axe.run().then((found) => found.violations.map((each) => each.id))") == []
    page.keyboard.press("Control+s")
    expect(page.locator("#summary")).to_be_focused()
    page.get_by_role("radiogroup", name="Ville").get_by_label("Garder la mienne").press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/client/details/**")
    saved = row(app, Client, edf)
    assert [saved[name] for name in ("city", "street", "phone")] == ["Paris", "1 rue de Luc", "+33142000099"]


def test_a_form_inside_a_card_is_compared_there_and_comes_back_with_what_was_typed(
    app: Flask, visit: Visit
) -> None:
    edf = add_client(app, "EDF", addresses=[{"label": "Usine", "city": "Pau"}])
    (usine,) = rows(app, Address)
    page = visit("gestionnaire")
    page.goto(f"/client/details/?id={edf}")
    page.locator(f"[hx-get*='/address/edit/?id={usine['id']}']").click()
    page.fill("#record [name=city]", "Dax")
    change(app, Address, usine["id"], city="Aix")
    page.keyboard.press("Control+s")
    expect(page.locator("#record.inside #conflict")).to_be_focused()
    page.get_by_role("button", name="Revenir au formulaire").click()
    expect(page.locator("#conflict")).to_have_count(0)
    expect(page.locator("#record.inside [name=city]")).to_have_value("Dax")
    page.keyboard.press("Control+s")
    expect(page.locator("#conflict")).to_be_focused()
    page.get_by_label("Garder la valeur de système").check()
    page.locator("#record").get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#record")).to_have_count(0)
    assert rows(app, Address)[0]["city"] == "Aix"
