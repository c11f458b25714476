"""Lists that page by key: every row once, in order, in both directions, from any position."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from backoffice.admin import pager
from backoffice.admin.pager import Order, Page, fetch, read_position, write_position
from backoffice.clients.models import Client
from backoffice.core.db import db
from backoffice.lookups.models import CompanyType
from tests.clients.cast import add_clients
from tests.users.people import make_user

NAMES = ["Zoé", "Alpha", "alpha", "Àlpha", "Beta", "Œuvre", "O'Neil", "O-Neil", "L’Île", "50 %", "_x", "Zoé"]
BY_NAME = Order((Client.name_key,))
BY_TYPE = Order((func.coalesce(CompanyType.label_key, ""), Client.name_key), (Client.type,))
BY_CREATION = Order((Client.created_at,))
BY_STATUS = Order((Client.is_active, Client.name_key))


@pytest.fixture
def clients(app: Flask) -> Flask:
    """Twelve clients, with equal names, with and without a type, created at one moment or another."""
    at = [datetime(2026, 3, 1 + number // 4, tzinfo=UTC) for number in range(len(NAMES))]
    add_clients(
        app,
        [
            {
                "name": name,
                "email": f"c{number}@exemple.fr",
                "type_id": number % 3 or None,
                "created_at": at[number],
                "is_active": number % 4 > 0,
            }
            for number, name in enumerate(NAMES)
        ],
    )
    return app


def read(order: Order, **options: Any) -> Page:
    return fetch(db.session(), select(Client.id), Client.id, order, **{"size": 5, **options})


# Every way ends after some pages: a position that is not read would lead to the first page for ever.


def forwards(order: Order, descending: bool) -> list[list[int]]:
    pages = [read(order, descending=descending)]
    while (after := pages[-1].next) and len(pages) < 9:
        pages.append(read(order, descending=descending, after=after))
    return [page.ids for page in pages]


def backwards(order: Order, descending: bool) -> list[list[int]]:
    page = read(order, descending=descending)
    for _ in range(9):
        if not page.next:
            break
        page = read(order, descending=descending, after=page.next)
    pages = [page]
    while (before := pages[-1].previous) and len(pages) < 9:
        pages.append(read(order, descending=descending, before=before))
    return [page.ids for page in reversed(pages)]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", [BY_NAME, BY_TYPE, BY_CREATION, BY_STATUS])
def test_every_row_comes_once_and_the_way_back_is_the_way_there(
    clients: Flask, order: Order, descending: bool
) -> None:
    with clients.app_context():
        pages = forwards(order, descending)
        statement = select(Client.id).order_by(
            *(key.desc() if descending else key.asc() for key in (*order.columns, Client.id))
        )
        for join in order.joins:
            statement = statement.outerjoin(join)
        in_order = list(db.session.scalars(statement))

        assert [len(page) for page in pages] == [5, 5, 2]
        assert [id_ for page in pages for id_ in page] == in_order
        assert backwards(order, descending) == pages


def test_every_order_of_every_list_leads_from_one_row_to_the_next(clients: Flask) -> None:
    views = [view for view in clients.extensions["admin"][0]._views if getattr(view, "orders", None)]
    make_user(clients, "alice@exemple.fr")
    make_user(clients, "bob@exemple.fr")
    with clients.app_context():
        for view in views:
            for order in view.orders.values():
                ids = select(view.model.id)
                first = fetch(db.session(), ids, view.model.id, order, size=1)
                second = fetch(db.session(), ids, view.model.id, order, size=1, after=first.next)
                assert second.ids != first.ids or first.next is None, (view.endpoint, order)

    assert len(views) > 6


def test_the_first_and_the_last_page_lead_no_further(clients: Flask) -> None:
    with clients.app_context():
        first = read(BY_NAME)
        last = read(BY_NAME, after=read(BY_NAME, after=first.next).next)
        whole = read(BY_NAME, size=100)
        exact = read(BY_NAME, size=12)

        assert (first.previous, last.next) == (None, None)
        assert (whole.previous, whole.next, len(whole.ids)) == (None, None, 12)
        assert exact.next is None


def test_a_row_that_has_gone_is_no_hole_in_the_way(clients: Flask) -> None:
    with clients.app_context():
        first = read(BY_NAME)
        without_it = select(Client.id).where(Client.id != first.ids[-1])
        second = fetch(db.session(), without_it, Client.id, BY_NAME, after=first.next, size=5)

        assert second.ids == read(BY_NAME, after=first.next).ids


def test_an_empty_list_is_a_page_without_neighbours(app: Flask) -> None:
    with app.app_context():
        assert read(BY_NAME) == Page([], None, None)
        assert read(BY_NAME, after=write_position(["m", 3])) == Page([], None, None)


def test_a_page_costs_one_query_of_narrow_rows(clients: Flask) -> None:
    statements: list[str] = []
    with clients.app_context():
        first = read(BY_NAME)

        def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        read(BY_NAME, after=first.next)
        event.remove(db.engine, "before_cursor_execute", note)

    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(selects) == 1
    assert selects[0].partition("FROM")[0].split() == ["SELECT", "client.name_key,", "client.id"]


def test_the_count_stops_at_its_cap(clients: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with clients.app_context():
        assert pager.count(db.session(), select(Client.id)) == pager.Count(12)
        assert not pager.Count(12).is_capped

        monkeypatch.setattr(pager, "COUNT_CAP", 10)
        capped = pager.count(db.session(), select(Client.id))
        assert (capped.value, capped.is_capped) == (11, True)


# ------------------------------------------------------------------------------------------- positions


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_position_comes_back_as_it_was_written() -> None:
    moment = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)

    assert read_position(write_position(["œuvre ’", 7]), [Client.name_key, Client.id]) == ["œuvre ’", 7]
    assert read_position(write_position([moment, 7]), [Client.created_at, Client.id]) == [moment, 7]
    assert read_position(write_position([True, "a", 7]), [*BY_STATUS.columns, Client.id]) == [True, "a", 7]
    assert write_position([date(2026, 3, 1), 7]) == encoded(["2026-03-01", 7])


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "",
        "!",
        "é",
        "x" * 2000,
        encoded("a"),
        encoded([]),
        encoded(["a"]),
        encoded(["a", 1, 2]),
        encoded([1, 1]),
        encoded(["a", "1"]),
        encoded(["a", None]),
        encoded(["a", 1.5]),
        encoded(["a", 2**31]),
        encoded(["a\x00", 1]),
        encoded(["\ud800", 1]),
        encoded({"a": 1, "b": 2}),
        encoded([["a"], 1]),
        "W1tbW1tbW1tb",
        base64.urlsafe_b64encode(b"[" * 700).decode(),
    ],
)
def test_an_odd_position_is_none(app: Flask, odd: str | None) -> None:
    with app.app_context():
        assert read_position(odd, [Client.name_key, Client.id]) is None
        assert read(BY_NAME, after=odd).ids == []


@pytest.mark.parametrize(
    "moment", ["", "yesterday", "2026-13-01", "2026-03-01T08:00", "0001-01-01T00:00+14:00", 7, None]
)
def test_an_odd_moment_is_no_position(moment: Any) -> None:
    assert read_position(encoded([moment, 1]), [Client.created_at, Client.id]) is None
