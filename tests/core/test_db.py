"""How each engine is opened, and what that promises: keys, versions, moments, writers that wait for one another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.orm.exc import StaleDataError

from backoffice.clients.models import Client
from backoffice.core import db as core_db
from backoffice.core.audit import SYSTEM, act_as
from backoffice.core.db import db, for_writing, now, writing
from backoffice.lookups.models import OfficeSettings, Source
from tests.conftest import on_sqlite_only
from tests.core.records import make_client

Scoped = scoped_session[Any]


def pragma(name: str) -> Any:
    with db.engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@on_sqlite_only
def test_sqlite_holds_keys_and_survives_a_power_cut(app: Flask) -> None:
    with app.app_context():
        assert pragma("foreign_keys") == 1
        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2  # FULL
        assert pragma("busy_timeout") == core_db.SQLITE_BUSY_MS


def test_the_database_refuses_a_key_that_leads_nowhere(session: Scoped) -> None:
    with pytest.raises(IntegrityError):
        make_client(session, type_id=987_654)


# ------------------------------------------------------------------------------------------ versions


def test_a_record_is_not_saved_over_a_newer_one(app: Flask) -> None:
    with app.app_context(), for_writing(), Session(db.engine, expire_on_commit=False) as late:
        act_as(late, SYSTEM, "test")
        client = make_client(late)
        late.commit()
        with Session(db.engine) as early, early.begin():
            early.execute(update(Client).values(version=client.version + 1, city="Nice", city_key="nice"))

        client.city = "Lyon"
        with pytest.raises(StaleDataError):
            late.commit()

        late.rollback()
        assert list(late.scalars(select(Client.city))) == ["Nice"]


def test_each_change_counts_the_version_on(session: Scoped) -> None:
    source = Source(label="Foire de Pau")
    session.add(source)
    session.commit()
    source.label = "Foire de Dax"
    session.commit()

    assert source.version == 2


# ------------------------------------------------------------------------------------------- moments


def test_a_moment_comes_back_aware_and_in_utc(session: Scoped) -> None:
    in_paris = datetime(2026, 7, 1, 10, 30, tzinfo=timezone(timedelta(hours=2)))
    client = make_client(session, created_at=in_paris)
    session.commit()
    session.expire_all()

    assert client.created_at == in_paris
    assert client.created_at.tzinfo is UTC
    assert client.created_at.hour == 8


def test_a_moment_without_a_zone_is_refused(session: Scoped) -> None:
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        make_client(session, created_at=datetime(2026, 7, 1, 10, 30))  # noqa: DTZ001  the mistake itself


def test_now_is_in_utc() -> None:
    assert now().tzinfo is UTC


# --------------------------------------------------------------------------- writers beside one another


def test_whether_one_writes_is_said_for_a_block(app: Flask) -> None:
    with for_writing():
        with for_writing(False):
            inside = writing.get()
        assert (inside, writing.get()) == (False, True)
    assert writing.get() is False


@on_sqlite_only
def test_a_transaction_that_will_write_takes_the_lock_at_once_and_one_that_reads_does_not(app: Flask) -> None:
    begun: list[str] = []
    with app.app_context():
        for writes in (True, False):
            with for_writing(writes), db.engine.connect() as connection:
                connection.connection.driver_connection.set_trace_callback(begun.append)  # type: ignore[union-attr]
                connection.execute(text("SELECT 1"))
                connection.connection.driver_connection.set_trace_callback(None)  # type: ignore[union-attr]

    assert [statement for statement in begun if statement.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]


def together(app: Flask, work: Callable[[Session], None], threads: int, times: int) -> list[BaseException]:
    """Do this many times in each of several threads; what went wrong."""
    failures: list[BaseException] = []

    def run() -> None:
        with app.app_context(), for_writing():
            for _ in range(times):
                try:
                    with Session(db.engine) as session, session.begin():
                        act_as(session, SYSTEM, "test")
                        work(session)
                except Exception as error:
                    failures.append(error)

    started = [threading.Thread(target=run) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return failures


def add_one(session: Session) -> None:
    """What fails at once in a deferred transaction of SQLite: read, then write what was read."""
    office = session.scalars(select(OfficeSettings).with_for_update()).one()
    office.street = str(int(office.street or 0) + 1)


def test_200_reads_that_turn_into_writes_all_succeed(app: Flask) -> None:
    failures = together(app, add_one, threads=8, times=25)

    with app.app_context():
        counted = db.session.scalars(select(OfficeSettings.street)).one()
        assert failures == []
        assert counted == "200"


@on_sqlite_only
def test_without_the_early_lock_the_second_of_two_fails_at_once(app: Flask) -> None:
    with app.app_context(), for_writing(False), Session(db.engine) as first, Session(db.engine) as second:
        for session in (first, second):
            act_as(session, SYSTEM, "test")
            session.scalars(select(OfficeSettings)).one()
        add_one(first)
        first.commit()
        add_one(second)

        with pytest.raises(OperationalError, match="database is locked"):
            second.flush()


def test_a_rolled_back_change_leaves_nothing(session: Scoped) -> None:
    count = len(session.scalars(select(Source.id)).all())
    session.execute(delete(Source))
    session.rollback()

    assert len(session.scalars(select(Source.id)).all()) == count
