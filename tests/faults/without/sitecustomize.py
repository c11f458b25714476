"""The product with one of its guards taken out, for the controls: Python reads this first where it finds it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def _without_patience() -> None:
    """A silent server is waited for."""
    from backoffice.core import patience

    patience.answers = lambda host, port: True


def _without_pragma(wanted: str, instead: str) -> None:
    """SQLite is told something else than what the product tells it."""
    import sqlite3

    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    class Told(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            return super().execute(sql.replace(wanted, instead), *values)  # type: ignore[arg-type]

    Told.__module__ = "sqlite3"  # by which the product knows a connection of SQLite

    @event.listens_for(Engine, "do_connect")
    def connect(dialect: object, record: object, arguments: Any, params: Any) -> object:
        return sqlite3.connect(*arguments, **params, factory=Told)


def _without_wal() -> None:
    """SQLite as it comes: whoever reads waits for whoever writes."""
    _without_pragma("journal_mode=WAL", "journal_mode=DELETE")


def _without_sync() -> None:
    """SQLite says that a commit is done before the disk has it."""
    _without_pragma("synchronous=FULL", "synchronous=OFF")


def _without_waiting() -> None:
    """Nobody waits for the lock of SQLite."""
    from backoffice.core import db

    db.SQLITE_BUSY_MS = 0


def _without_heads() -> None:
    """gunicorn's own threads, which wait for the head of a request."""
    from backoffice.ops import serve

    told = serve.options
    serve.options = lambda *args: told(*args) | {"worker_class": "gthread"}


_GUARDS = {
    "heads": _without_heads,
    "patience": _without_patience,
    "sync": _without_sync,
    "waiting": _without_waiting,
    "wal": _without_wal,
}
if (_guard := os.environ.get("FAULTS_WITHOUT")) in _GUARDS:
    _GUARDS[_guard]()
