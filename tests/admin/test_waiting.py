"""While somebody else writes: reading goes on, and a write says within seconds that one should try again."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from backoffice.core import db as core_db
from backoffice.core.db import db, writing
from tests.clients.cast import browser_of, state
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only


@contextmanager
def somebody_writes(app: Flask) -> Iterator[None]:
    with app.app_context():
        file = db.engine.url.database
    lock = sqlite3.connect(str(file), isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        lock.execute("ROLLBACK")
        lock.close()


def test_behind_a_long_write_reading_goes_on_and_a_write_is_answered_within_six_seconds(app: Flask) -> None:
    browser = browser_of(app, "gestionnaire")
    browser.get("/client/new/")
    token, before = browser.csrf_token, state(app)

    with somebody_writes(app):
        browser.get("/client/")
        assert browser.status == 200

        begun = time.monotonic()
        browser.post("/client/new/", {"name": "Atelier", "csrf_token": token})
        waited = time.monotonic() - begun

    assert browser.status == 503
    assert browser.response.headers["Retry-After"] == "5"
    assert "n’est jamais enregistré deux fois" in browser.text
    assert core_db.SQLITE_BUSY_MS / 1000 <= waited < 6
    assert state(app) == before


def test_whether_a_request_writes_follows_from_its_method_and_ends_with_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, bool] = {}

    def look(name: str) -> str:
        seen[name] = writing.get()
        return ""

    monkeypatch.setitem(app.view_functions, "account.index", lambda: look("GET"))
    monkeypatch.setitem(app.view_functions, "account.end_other_sessions", lambda: look("POST"))
    browser = browser_of(app, "lecture")
    browser.get("/client/")
    browser.client.get("/account/")
    browser.client.post("/account/sessions/end-others/", data={"csrf_token": browser.csrf_token})

    assert seen == {"GET": False, "POST": True}
    assert writing.get() is False
