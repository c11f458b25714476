"""A feed of ten thousand entries costs as one of ten: every page is read from an index, without sorting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, text

from backoffice.activity import queries
from backoffice.activity.models import Entry, Task
from backoffice.activity.queries import Narrowing, Scope
from backoffice.core.db import db, for_writing
from tests.activity.cast import add_entry, add_task
from tests.clients.cast import add_client, add_clients, browser_of, contact_ids
from tests.clients.test_query_counts import counted
from tests.conftest import on_sqlite_only
from tests.users.people import make_user

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def plan(statement: Any) -> str:
    compiled = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    return " / ".join(row[-1] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")))


@on_sqlite_only
@pytest.mark.parametrize(
    ("index", "statement"),
    [
        ("ix_entry_client", queries.feed(Scope("client", 1), Narrowing())),
        ("ix_entry_client_kind", queries.feed(Scope("client", 1), Narrowing(kind="call"))),
        ("ix_entry_client_author", queries.feed(Scope("client", 1), Narrowing(author_id=1))),
        ("ix_entry_contact", queries.feed(Scope("contact", 1), Narrowing())),
        ("ix_entry_event", queries.feed(Scope("event", 1), Narrowing())),
    ],
)
def test_a_feed_is_read_from_its_index_without_sorting(app: Flask, index: str, statement: Any) -> None:
    with app.app_context():
        found = plan(statement.order_by(Entry.at.desc(), Entry.id.desc()).limit(21))

    assert f"INDEX {index} " in found
    assert "TEMP B-TREE" not in found


@on_sqlite_only
def test_tasks_are_read_from_their_indexes_without_sorting(app: Flask) -> None:
    by_day, by_end = (Task.due_on, Task.id), (Task.done_at.desc(), Task.id.desc())
    statements = {
        "ix_entry_open_of_client": queries.open_tasks(Scope("client", 1)).with_only_columns(Task.id),
        "ix_entry_open_of_owner": queries.open_task_ids(1).order_by(*by_day),
        "ix_entry_open": queries.open_task_ids(None).order_by(*by_day),
        "ix_entry_done_of_owner": queries.done_task_ids(1).order_by(*by_end),
        "ix_entry_done": queries.done_task_ids(None).order_by(*by_end),
    }
    with app.app_context():
        plans = {index: plan(statement.limit(51)) for index, statement in statements.items()}

    assert [
        index for index, found in plans.items() if f"INDEX {index} " not in found or "TEMP" in found
    ] == []


def test_cards_with_many_entries_ask_no_more_than_with_few(app: Flask) -> None:
    small, large = add_clients(app, [{"name": "Petite"}, {"name": "Grande"}])
    author = make_user(app, "auteur@office.example")
    for client in (small, large):
        add_entry(app, client, "Vu avec @personne.", author=author, contact=contact_ids(app, client)[0])
        add_task(app, client, owner=author, author=author)
    _fill(app, large, author)
    browser = browser_of(app, "administrateur")
    browser.get("/")
    for page, most in (
        ("/client/details/?id={}&tab=activity", 13),
        ("/contact/details/?id={}&tab=activity", 13),
        ("/task/?who=all", 8),
    ):
        with counted(app) as few:
            browser.get(page.format(small))
        with counted(app) as many:
            browser.get(page.format(large))
        assert browser.status == 200
        assert len(many) <= len(few), (page, many)
        assert len(many) <= most, (page, many)


def test_the_count_of_a_feed_stops_at_ninety_nine(app: Flask) -> None:
    client = add_client(app, "Grande")
    _fill(app, client, make_user(app, "auteur@office.example"))
    browser = browser_of(app)
    page = browser.get(f"/client/details/?id={client}")

    counts = [tag.get_text() for tag in page.select(".tabs small")]
    assert "99+" in counts


def _fill(app: Flask, client: int, author: int) -> None:
    many = [
        {"kind": "note", "client_id": client, "author_id": author, "body": f"Note {n}", "version": 1}
        | {"at": BEGAN + timedelta(minutes=n)}
        for n in range(200)
    ]
    due = [
        {
            **row,
            "kind": "task",
            "title": "À faire",
            "due_on": date(2030, 1, 1),
            "owner_id": author,
            "priority": "low",
        }
        for row in many[:60]
    ]
    with app.app_context(), for_writing():
        table: Any = Entry.__table__
        db.session.execute(insert(table), many)
        db.session.execute(insert(table), due)
        db.session.commit()
