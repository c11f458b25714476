from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from backoffice.core.db import db, for_writing
from tests.conftest import MakeApp


def test_a_live_process_says_so(client: FlaskClient) -> None:
    response = client.get("/health/live")

    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_a_migrated_database_is_ready(client: FlaskClient) -> None:
    response = client.get("/health/ready")

    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_a_database_behind_its_migrations_is_not_ready(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), for_writing(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))

    response = client.get("/health/ready")

    assert (response.status_code, response.json) == (503, {"status": "migrations"})
    assert response.headers["Retry-After"]


def test_a_database_never_migrated_is_not_ready(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), for_writing(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))

    assert client.get("/health/ready").json == {"status": "migrations"}


def test_a_database_that_cannot_be_reached_is_not_ready_but_the_process_lives(make_app: MakeApp) -> None:
    client = make_app(DATABASE_URL="sqlite:////nowhere/at/all.db").test_client()

    response = client.get("/health/ready")

    assert (response.status_code, response.json) == (503, {"status": "database"})
    assert client.get("/health/live").status_code == 200


def test_monitors_get_no_session_and_nothing_is_kept(client: FlaskClient) -> None:
    for path in ("/health/live", "/health/ready"):
        response = client.get(path)
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "no-store"


def test_the_database_is_not_asked_whether_the_process_lives(app: Flask, client: FlaskClient) -> None:
    with client.session_transaction() as cookie:  # as a browser that is logged in would send it
        cookie.update(_user_id="somebody", token="x")
    asked: list[str] = []

    def note(*call: Any) -> None:
        asked.append(call[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    alive = client.get("/health/live")
    asked_by_live = list(asked)
    client.get("/health/ready")
    event.remove(engine, "before_cursor_execute", note)

    assert alive.status_code == 200
    assert asked_by_live == []
    assert asked
