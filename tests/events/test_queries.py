"""What is asked of events: by name, by days, by client; and that an index answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from backoffice.clients import removal
from backoffice.clients.models import Client
from backoffice.core.audit import SYSTEM
from backoffice.core.db import db
from backoffice.events import cards, queries, services
from backoffice.events.models import Event, EventStatus
from tests.clients.cast import add_client
from tests.conftest import on_sqlite_only
from tests.events.cast import add_events, main_contact

DAY = date(2026, 12, 12)


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "jeanne@edf.fr")


def names(statement: Any) -> list[str]:
    return [event.name for event in db.session.scalars(statement)]


def planned(statement: Any) -> str:
    """How the engine means to answer, were there so many rows that reading all of them costs more."""
    session = db.session
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        dialect: Any
        prefix, dialect = "EXPLAIN ", postgresql.dialect()  # type: ignore[no-untyped-call]
    else:
        prefix, dialect = "EXPLAIN QUERY PLAN ", sqlite.dialect()
    written = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    return "\n".join(
        str(row) for row in session.connection().exec_driver_sql(prefix + written.replace("%", "%%"))
    )


def test_an_event_is_found_by_the_beginning_of_its_name(app: Flask, edf: int) -> None:
    add_events(app, edf, [{"name": "Été à la plage"}, {"name": "Étape 2"}, {"name": "Fête de l’été"}])
    with app.app_context():
        assert names(queries.find("éTé")) == ["Été à la plage"]
        assert names(queries.find("et")) == ["Étape 2", "Été à la plage"]
        assert names(queries.find("et", most=1)) == ["Étape 2"]
        assert names(queries.find("")) == names(queries.find("%")) == names(queries.find("zz")) == []


def test_an_index_answers_for_names_and_for_the_events_of_a_client(app: Flask, edf: int) -> None:
    add_events(app, edf, [{"name": f"Soirée {number}"} for number in range(50)])
    with app.app_context():
        by_name = queries.find("soiree 1").with_only_columns(Event.id, maintain_column_froms=True)
        assert "ix_event_name" in planned(by_name)
        last = queries.of_client(edf).order_by(Event.created_at.desc(), Event.id.desc()).limit(6)
        assert "ix_event_client" in planned(last)
        month = queries.between(DAY, DAY, 9).with_only_columns(Event.id, maintain_column_froms=True)
        assert "ix_event_starts_on" in planned(month)


def test_days_find_the_events_that_touch_them(app: Flask, edf: int) -> None:
    week = timedelta(days=7)
    add_events(
        app,
        edf,
        [
            {"name": "Before", "starts_on": DAY - week, "ends_on": DAY - timedelta(days=1)},
            {"name": "Over it", "starts_on": DAY - timedelta(days=366), "ends_on": DAY},
            {"name": "That day", "starts_on": DAY},
            {"name": "After", "starts_on": DAY + week},
        ],
    )
    with app.app_context():
        assert names(queries.between(DAY, DAY, 10)) == ["Over it", "That day"]
        assert names(queries.between(DAY, DAY, 1)) == ["Over it"]


def test_the_next_events_are_awaited_ones_of_active_clients(app: Flask, edf: int) -> None:
    away = add_client(app, "Parti", "p@parti.fr", is_active=False)
    add_events(app, away, [{"name": "Nowhere"}])
    add_events(app, edf, [{"name": "Off", "status": "Annulé"}, {"name": "Soon", "status": "Option"}])
    with app.app_context():
        assert names(queries.upcoming(date.today(), 5)) == ["Soon"]
        assert names(queries.upcoming(date.today() + timedelta(days=30), 5)) == []


def test_five_hundred_events_come_by_twenties_the_last_created_first(app: Flask, edf: int) -> None:
    add_events(app, edf, [{"name": f"Soirée {number}"} for number in range(47)])
    with app.app_context():
        found, after = cards.REELS["client"].read(edf, cards.FIRST)
        assert [event.name for event in found] == [f"Soirée {number}" for number in range(46, 41, -1)]
        seen = len(found)
        while after:
            found, after = cards.REELS["client"].read(edf, cards.MORE, after)
            seen += len(found)
        assert (seen, found[-1].name) == (47, "Soirée 0")
        assert cards.REELS["client"].read(edf, 5, "nonsense")[0][0].name == "Soirée 46"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"name": " "}, "name_not_blank"),
        ({"ends_on": DAY - timedelta(days=1)}, "ends_after_it_starts"),
        ({"headcount": -1}, "headcount_not_negative"),
        ({"client_id": 99}, "client_id"),
        ({"contact_id": 99}, "contact_id"),
        ({"owner_id": 99}, "owner_id"),
        ({"status_id": 99}, "status_id"),
    ],
)
def test_the_database_itself_refuses_what_makes_no_sense(
    app: Flask, edf: int, values: dict[str, Any], constraint: str
) -> None:
    right = {
        "client_id": edf, "name": "Soirée", "name_key": "soiree", "starts_on": DAY, "ends_on": DAY, "status_id": 1,
    }  # fmt: skip
    with app.app_context(), pytest.raises(IntegrityError, match=f"{constraint}|FOREIGN KEY"):
        db.session.execute(insert(Event).values({**right, **values}))


def test_a_client_or_contact_of_events_is_not_deleted_even_around_the_rules(app: Flask, edf: int) -> None:
    add_events(app, edf, [{"contact_id": main_contact(app, edf)}])
    with app.app_context():
        for table, id_ in ((Client.__table__, edf), (EventStatus.__table__, 2)):
            with pytest.raises(IntegrityError):
                db.session.execute(delete(table).where(table.c.id == id_))  # type: ignore[arg-type]
            db.session.rollback()
        client = db.session.get_one(Client, edf)
        for record, said in ((client, services.KEEPS_CLIENT), (client.main_contact, services.KEEPS_CONTACT)):
            refusal = removal.refusal(db.session(), record)
            assert refusal is not None
            assert refusal.message == said
        db.session.execute(update(Event.__table__).values(contact_id=None))  # type: ignore[arg-type]
        assert removal.refusal(db.session(), client.main_contact) is None


def test_an_event_without_an_end_ends_on_the_day_it_starts(session: Any) -> None:
    event = Event(name="Soirée", starts_on=DAY)
    services.begin(event, SYSTEM)
    assert services.check_event(event) == []
    assert (event.ends_on, event.created_by, event.name_key) == (DAY, SYSTEM.name, "soiree")


@on_sqlite_only
def test_whether_a_client_is_active_is_asked_event_by_event(app: Flask, edf: int) -> None:
    """PostgreSQL compares each event with a list of all active clients, one by one, when it is asked for that list."""
    with app.app_context():
        for is_active in (queries.is_of_active_client(), ~queries.is_of_active_client()):
            plan = planned(select(Event.id).where(is_active))
            assert "SEARCH client USING INTEGER PRIMARY KEY" in plan
            assert "SCAN client" not in plan
