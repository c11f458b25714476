"""Whatever fails, the person reads a French sentence with the number of the request, and nothing of the inside."""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from flask import Flask, abort
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import TooManyRequests

from backoffice.admin import errors, saving
from backoffice.clients.admin import ClientView
from backoffice.core.db import db
from backoffice.users.rights import ENDPOINTS
from tests.clients.cast import add_client, browser_of, state, summary_of
from tests.conftest import MakeApp, on_sqlite_only
from tests.web import Browser

pytestmark = on_sqlite_only

Fail = Callable[[], Any]
SECRET = "SELECT secret FROM safe WHERE code = '4711'"
INSIDE = ("SELECT", "secret", "4711", "Traceback", "sqlalchemy", "sqlite", "psycopg", "Error:", ".py")


def _constraint() -> None:
    raise IntegrityError(SECRET, {"code": "4711"}, Exception("UNIQUE constraint failed: safe.code"))


def _no_database() -> None:
    raise OperationalError(SECRET, {"code": "4711"}, Exception("database is locked"))


def _no_connection() -> None:
    raise PoolTimeout("QueuePool limit secret")


def _full_database() -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise OperationalError(SECRET, {"code": "4711"}, full)


def _full_disk() -> None:
    raise OSError(errno.ENOSPC, "secret")


def _other_file() -> None:
    raise OSError(errno.EACCES, "secret")


def _driver() -> None:
    """What is said to PostgreSQL beside SQLAlchemy."""
    raise psycopg.OperationalError("secret")


def _stale() -> None:
    raise StaleDataError("UPDATE statement on table 'secret'")


def _real_sql() -> None:
    db.session.execute(text("SELECT secret FROM safe WHERE code = :code"), {"code": "4711"})


def _slip() -> None:
    {"secret": 1}["4711"]


def _wrong_type() -> None:
    """Flask-Admin would call the view once more, with other arguments, and hide this one."""
    raise TypeError("unexpected keyword argument 'secret'")


def _too_many() -> None:
    raise TooManyRequests(retry_after=90)


def _http(status: int) -> Fail:
    def fail() -> None:
        abort(status)

    return fail


FAILURES: dict[str, tuple[Fail, int]] = {
    "constraint": (_constraint, 409),
    "no-database": (_no_database, 503),
    "no-connection": (_no_connection, 503),
    "driver": (_driver, 503),
    "full-database": (_full_database, 507),
    "full-disk": (_full_disk, 507),
    "other-file": (_other_file, 500),
    "stale": (_stale, 409),
    "real-sql": (_real_sql, 503),
    "slip": (_slip, 500),
    "wrong-type": (_wrong_type, 500),
    "too-many": (_too_many, 429),
    **{str(status): (_http(status), status) for status in (400, 403, 404, 405, 409, 410, 413, 502)},
}


@pytest.fixture
def failing(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The product with one more address for each kind of failure."""
    app = make_app()
    for name, (fail, _status) in FAILURES.items():
        endpoint = f"fail-{name}".replace(".", "")
        app.add_url_rule(f"/fail/{name}", endpoint, fail, methods=["GET", "POST"])
        monkeypatch.setitem(ENDPOINTS, endpoint, "home.read")
    return app


def request_id_of(browser: Browser) -> str:
    tag = browser.page.select_one("main code")
    return tag.get_text() if tag else ""


def test_every_failure_is_a_page_with_the_menu_the_number_and_a_way_back(failing: Flask) -> None:
    browser = browser_of(failing, "lecture")
    for name, (_fail, status) in FAILURES.items():
        page = browser.get(f"/fail/{name}", headers={"Referer": "http://localhost/client/?search=lyon"})

        title, advice = errors.PAGES.get(status, errors.PAGES[400 if status < 500 else 500])
        assert browser.status == status, name
        assert str(title) in browser.text, name
        assert str(advice) in browser.text, name
        assert page.select("nav.side a[href='/client/']"), name
        assert page.select("main a[href='/client/?search=lyon']"), name
        assert page.select("main a[href='/']"), name
        assert request_id_of(browser) == browser.response.headers["X-Request-ID"], name
        assert [word for word in INSIDE if word in page.get_text()] == [], name


def test_a_script_gets_the_same_as_json(failing: Flask) -> None:
    browser = browser_of(failing, "lecture")
    for name, (_fail, status) in FAILURES.items():
        response = browser.client.get(f"/fail/{name}", headers={"Accept": "application/json"})

        assert response.status_code == status, name
        answer = response.get_json()
        assert answer["request_id"] == response.headers["X-Request-ID"], name
        assert answer["error"] == str(
            errors.PAGES.get(status, errors.PAGES[400 if status < 500 else 500])[0]
        ), name
        assert [word for word in INSIDE if word in response.text] == [], name


def test_details_go_to_the_log_under_the_same_number(
    failing: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    browser = browser_of(failing, "lecture")
    with caplog.at_level(logging.ERROR):
        browser.get("/fail/slip")

    assert request_id_of(browser)
    assert any(entry.exc_info for entry in caplog.records)


def test_who_has_to_wait_is_told_for_how_long(failing: Flask) -> None:
    browser = browser_of(failing, "lecture")
    waits = {
        name: browser.client.get(f"/fail/{name}").headers.get("Retry-After")
        for name in ("too-many", "no-database", "no-connection", "slip")
    }

    assert waits == {"too-many": "90", "no-database": "5", "no-connection": "5", "slip": None}


def test_a_failure_leaves_the_next_request_a_clean_session(failing: Flask) -> None:
    browser = browser_of(failing, "lecture")
    for name in FAILURES:
        browser.post(f"/fail/{name}")
        browser.get("/client/")
        assert browser.status == 200, name


def test_nobody_reads_an_error_page_without_the_menu_of_somebody(app: Flask) -> None:
    page = Browser(app).get("/login/nulle-part")

    assert page.select("nav.side a[href='/client/']") == []


def test_too_much_at_once_is_413_and_changes_nothing(app: Flask) -> None:
    browser = browser_of(app, "gestionnaire")
    browser.get("/client/new/")
    before = state(app)
    most = app.config["MAX_CONTENT_LENGTH"]

    browser.post("/client/new/", {"name": "x" * (most + 1)})

    assert browser.status == 413
    assert "Envoi trop volumineux" in browser.text
    assert state(app) == before


def test_a_wrong_method_says_which_ones_are_right(app: Flask) -> None:
    browser = browser_of(app, "gestionnaire")
    browser.get("/client/delete/?id=1")

    assert browser.status == 405
    assert "POST" in browser.response.headers["Allow"]
    assert "Action impossible par cette adresse" in browser.text


# ------------------------------------------------------------------------------- failures while saving


@pytest.mark.parametrize("fail", [_constraint, _no_database, _slip])
def test_a_failure_while_saving_shows_no_sql_and_no_values_and_stores_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, fail: Fail
) -> None:
    browser = browser_of(app, "gestionnaire")
    browser.get("/client/new/")
    before = state(app)
    monkeypatch.setattr(saving, "_store", lambda *_: fail())

    browser.submit("#record", name="Atelier Lefèvre", **{"contacts-0-email": "luc@lefevre.example"})

    assert browser.status == {_constraint: 200, _no_database: 503, _slip: 500}[fail]
    assert [word for word in INSIDE if word in browser.page.get_text()] == []
    assert state(app) == before


def test_what_the_database_alone_refuses_keeps_what_was_typed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(app, "gestionnaire")
    browser.get("/client/new/")
    monkeypatch.setattr(saving, "_store", lambda *_: _constraint())

    browser.submit("#record", name="Atelier Lefèvre", **{"contacts-0-email": "luc@lefevre.example"})

    assert browser.fields("#record")["name"] == "Atelier Lefèvre"
    assert str(saving.TAKEN_MEANWHILE) in summary_of(browser)


def test_what_was_put_to_use_while_it_was_being_deleted_stays(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = add_client(app, "Atelier Lefèvre")
    browser = browser_of(app, "gestionnaire")
    browser.get(f"/client/details/?id={id_}")
    before = state(app)
    monkeypatch.setattr(ClientView, "delete", lambda *_: _constraint())

    browser.post("/client/delete/", {"id": id_})

    assert browser.status == 409
    assert [word for word in INSIDE if word in browser.page.get_text()] == []
    assert state(app) == before
