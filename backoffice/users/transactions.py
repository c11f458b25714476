"""Transactions beside the request's own, for what must be short: the log-in and the mark "was here".

The password's hash takes a tenth of a second on purpose. Were it checked inside the request's write
transaction, nobody else could write on SQLite in that time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backoffice.core import audit
from backoffice.core.db import SQLITE_BUSY_MS, db, for_writing
from backoffice.users import services

#: How long the mark "was here" waits for a lock, in milliseconds: a page never waits for another's write.
_IMPATIENT_MS = 100


@contextmanager
def short_read() -> Iterator[Session]:
    """A look at the database that is over when the block is."""
    with for_writing(False), Session(db.engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def short_write(actor: audit.Actor = services.VISITOR, via: str = "screen") -> Iterator[Session]:
    """A change that is committed when the block ends. Not while the request itself has begun to write."""
    with for_writing(), Session(db.engine, expire_on_commit=False) as session, session.begin():
        audit.act_as(session, actor, via)
        yield session


@contextmanager
def impatient_write() -> Iterator[Session]:
    """As `short_write`, for what can be left undone. Raises OperationalError at once when others write."""
    with for_writing(), db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver = connection.connection.driver_connection
        if sqlite and driver is not None:
            driver.execute(f"PRAGMA busy_timeout={_IMPATIENT_MS}")
        try:
            with Session(connection) as session, session.begin():
                if not sqlite and driver is not None:
                    _hurry(driver)
                yield session
        finally:
            if sqlite and driver is not None:
                driver.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")


def _hurry(driver: Any) -> None:
    try:
        with driver.pipeline():  # on one way with the BEGIN: a page's note costs no further turn
            driver.execute(f"SET LOCAL lock_timeout = {_IMPATIENT_MS}")
    except psycopg.Error as error:  # in the words of all other failures
        raise OperationalError("SET LOCAL lock_timeout", None, error) from error


def counted_try(purpose: str, account: str, network: str) -> int:
    """Count a try before it is made, and return its number. Raises TooManyTriesError when there were too many.

    It is committed before the others are counted: of many tries at once each sees those before it, on
    either engine, and no lock is held meanwhile.
    """
    with short_read() as session:
        wait = services.waiting_time(session, purpose, account, network)
    if wait:
        raise services.TooManyTriesError(wait)
    with short_write() as session:
        attempt_id = services.count_try(session, purpose, account, network)
    with short_read() as session:
        wait = services.waiting_time(session, purpose, account, network, allowed=1)
    if wait:
        with short_write() as session:
            services.forget_try(session, attempt_id)
        raise services.TooManyTriesError(wait)
    return attempt_id


def seconds(error: services.TooManyTriesError) -> int:
    """Whole seconds for Retry-After."""
    return math.ceil(error.wait.total_seconds())
