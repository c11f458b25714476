"""Journeys in a real Chromium, against the whole product served in this process.

live    the address of the product; its app and database are those of `app`
page    a page of Chromium, in French; a script error, a console error or a CSP report fails the test
visit   visit("gestionnaire"): the page of somebody with that role, who has logged in before
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.chromium import MISSING, program, served, started
from tests.users.people import make_user, session_cookie

#: An answer like 404 or 409, or none, is an error to the console, and what some tests are about.
_REFUSED = ("the server responded with a status", "Response Status Error Code", "net::ERR_FAILED", "htmx:")
WIDE = {"width": 1440, "height": 900}

Visit = Callable[[str], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = program()
    if path is None:
        pytest.skip(MISSING)
    with started(path) as browser:
        yield browser


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, live: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=live, locale="fr-FR", timezone_id="Europe/Paris", viewport=WIDE)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in _REFUSED):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def visit(app: Flask, page: Page, live: str) -> Visit:
    def log_in(role: str) -> Page:
        make_user(app, f"{role}@exemple.fr", role)
        name, value = session_cookie(app, f"{role}@exemple.fr")
        page.context.add_cookies([{"name": name, "value": value, "url": live}])
        return page

    return log_in


def stay(page: Page) -> None:
    """From here on the page is not to be loaded anew: see `stayed`."""
    page.evaluate("window.stayed = true")


def stayed(page: Page) -> bool:
    """Is it still the page that was told to stay, whatever part of it has been exchanged?"""
    return bool(page.evaluate("window.stayed === true"))
