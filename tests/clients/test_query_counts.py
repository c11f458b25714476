"""A page asks the database as often for a hundred rows as for two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from backoffice.core.db import db
from tests.clients.cast import add_client, add_clients, browser_of

MOST = {
    "/client/": 8,
    "/client/?search=maison": 8,
    "/contact/": 8,
    "/client/details/?id={id}": 14,
    "/client/edit/?id={id}": 12,
    "/client/field/?id={id}&name=phone": 8,
    "/contact/details/?id=1": 8,
    "/client/new/": 12,
}


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database, but for the beginnings of transactions."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def people(number: int, of: str) -> dict[str, Any]:
    return {
        "contacts": [{"email": f"p{n}@{of}.example"} for n in range(number)],
        "addresses": [{"label": f"Dépôt {n}", "city": "Lyon"} for n in range(number // 2)],
    }


@pytest.mark.parametrize("page", MOST)
def test_a_page_asks_no_more_for_many_rows_than_for_few(app: Flask, page: str) -> None:
    small = add_client(app, "Maison Petite", **people(2, "petite"))
    large = add_client(app, "Maison Grande", **people(60, "grande"))
    browser = browser_of(app, "administrateur")
    browser.get("/")

    with counted(app) as few:
        browser.get(page.format(id=small))
    add_clients(app, [{"name": f"Maison {n}", "email": f"m{n}@maison.example"} for n in range(50)])
    with counted(app) as many:
        browser.get(page.format(id=large))

    assert browser.status == 200
    assert len(many) <= len(few), many
    assert len(many) <= MOST[page], many
