"""Somebody with an address, and the eyes to read a calendar as a calendar program does."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from icalendar import Calendar
from werkzeug.test import TestResponse

from tests.web import Browser

MAKE = "form[action='/account/agenda/']"
REVOKE = "form[action='/account/agenda/revoke/']"


def make_address(browser: Browser) -> str:
    """Press the button of the account; the address that is shown, without the host."""
    browser.get("/account/")
    browser.submit(MAKE)
    return shown_address(browser).removeprefix("http://localhost")


def shown_address(browser: Browser) -> str:
    """The address on the page that shows it this once."""
    field = browser.page.select_one("code#address")
    assert field is not None, browser.text
    return field.get_text()


def read(app: Flask, address: str, **options: Any) -> TestResponse:
    """What a calendar program gets, which has no cookie and no session."""
    return app.test_client(use_cookies=False).get(address, **options)


def entries(app: Flask, address: str) -> dict[str, Any]:
    """The entries of a calendar by their summary, read by a parser that is not ours."""
    answer = read(app, address)
    assert answer.status_code == 200, answer.status
    found = Calendar.from_ical(answer.data)
    assert isinstance(found, Calendar)
    assert not found.errors
    return {str(entry["summary"]): entry for entry in found.events}


def span(entry: Any) -> tuple[date, date]:
    """From when to when an entry is, as the parser understands it."""
    assert not entry.errors
    return entry["dtstart"].dt, entry["dtend"].dt
