"""Journeys in a real Chromium, against the whole product served in this process.

live    the address of the product; its app and database are those of `app`
page    a page of Chromium, in French; a script error, a console error or a CSP report fails the test
visit   visit("gestionnaire"): the page of somebody with that role, logged in
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from tests.users.people import PASSWORD, make_user

#: Chromium of the system, by the names that it has on Debian, Fedora and macOS.
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
#: It asks nobody anything beyond this machine.
_QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
WIDE = {"width": 1440, "height": 900}

Visit = Callable[[str], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    # Chromium's own cage does not work for root.
    cage = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*_QUIET, *cage])
        yield browser
        browser.close()


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, live: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=live, locale="fr-FR", timezone_id="Europe/Paris", viewport=WIDE)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # An answer like 404 or 409 is an error to the console, and what some tests are about.
        if message.type == "error" and "the server responded with a status" not in message.text:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def visit(app: Flask, page: Page) -> Visit:
    def log_in(role: str) -> Page:
        make_user(app, f"{role}@exemple.fr", role)
        page.goto("/login")
        page.fill("[name=email]", f"{role}@exemple.fr")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    return log_in
