"""What is asked for a calendar is asked at once, and answered by indexes however much there is of others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import text

from backoffice.activity.models import Task
from backoffice.agenda import queries, shown
from backoffice.core.audit import SYSTEM, act_as
from backoffice.core.db import db, for_writing
from backoffice.users.models import User
from tests.activity.cast import add_task
from tests.clients.cast import add_client
from tests.events.cast import add_events, main_contact
from tests.users.people import make_user

DAY = date(2026, 12, 12)


def _planned(statement: Any) -> str:
    """How the engine means to answer."""
    dialect = db.session.get_bind().dialect
    prefix = "EXPLAIN " if dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    written = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    rows = db.session.connection().exec_driver_sql(prefix + written.replace("%", "%%"))
    return "\n".join(str(row) for row in rows)


def _fill(app: Flask) -> int:
    """Somebody with a little in their calendar, among much that is not theirs."""
    mine, other = make_user(app, "ada@exemple.fr"), make_user(app, "zoe@exemple.fr")
    client = add_client(app, "EDF")
    contact = main_contact(app, client)
    add_events(app, client, [{"starts_on": DAY} for _ in range(300)])
    wanted = {"starts_on": DAY, "owner_id": mine, "contact_id": contact}
    add_events(app, client, [{**wanted, "name": f"Gala {number}"} for number in range(6)])
    for number in range(6):
        add_task(app, client, f"Tâche {number}", owner=mine, due_on=DAY, contact=contact)
    theirs = {"client_id": client, "owner_id": other, "author_id": other, "priority": "normal"}
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        db.session.add_all(Task(title="À faire", due_on=DAY, **theirs) for _ in range(300))
        db.session.commit()
    return mine


def test_indexes_answer(app: Flask) -> None:
    mine = _fill(app)
    with app.app_context():
        if db.session.get_bind().dialect.name == "postgresql":
            db.session.execute(text("ANALYZE event, entry"))
            db.session.execute(text("SET LOCAL enable_seqscan = off"))
            db.session.execute(text("SET LOCAL enable_bitmapscan = off"))
        events = _planned(queries.events_between(mine, DAY, DAY, 10))
        tasks = _planned(queries.open_tasks(mine, DAY, 10))
        address = _planned(queries.address_and_user("x"))
    assert "ix_event_owner" in events
    assert "ix_entry_open_of_owner" in tasks
    assert all("ix_fact_entity_entity_id_id" in plan for plan in (events, tasks))
    assert "calendar_address_token_hash" in address or "sqlite_autoindex_calendar_address" in address


def test_a_calendar_costs_two_questions_however_much_stands_in_it(app: Flask) -> None:
    mine = _fill(app)
    asked: list[str] = []
    with app.test_request_context():
        user = db.session.get_one(User, mine)
        engine = db.engine
        listen = lambda *args: asked.append(args[2])  # noqa: E731
        sqlalchemy_event.listen(engine, "before_cursor_execute", listen)
        entries = shown.entries_of(db.session(), user, DAY - timedelta(days=1), lambda *_: "")
        sqlalchemy_event.remove(engine, "before_cursor_execute", listen)
    assert len(entries) == 12
    assert len(asked) == 2, asked
