"""The database: one typed base for all models, and how each engine is opened.

SQLite is opened so that an acknowledged write survives a power cut (WAL, synchronous FULL), keys are
enforced, and a transaction that will write takes the write lock at once (BEGIN IMMEDIATE): a read that
turns into a write in a deferred transaction would fail instead of wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, MetaData, Numeric, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

#: True while the current request or command is going to write (SQLite then begins IMMEDIATE).
writing: ContextVar[bool] = ContextVar("writing", default=False)

#: How long a writer waits for another one on SQLite, in milliseconds, before the answer is 503.
SQLITE_BUSY_MS = 5000


#: Table options of records that can be deleted: SQLite would give the last one's id, and with it its history
#: and the open forms that name it, to the next one.
NEVER_REUSED = {"sqlite_autoincrement": True}


class UtcMoment(TypeDecorator[datetime]):
    """A moment: always aware and in UTC in Python, whatever the engine keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """An amount to the cent, exact on both engines: SQLite, which has no such number, keeps cents."""

    impl = Numeric(12, 2)
    cache_ok = True

    #: The least amount that does not fit any more.
    TOO_MUCH: ClassVar[Decimal] = Decimal(10) ** 10

    @property
    def python_type(self) -> type[Decimal]:
        return Decimal

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(12, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return int(value.scaleb(2)) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return Decimal(value).scaleb(-2) if value is not None and dialect.name == "sqlite" else value


class Base(DeclarativeBase):
    """What every record is made from. `__audited__` says whether its changes are facts of the history."""

    __audited__: ClassVar[bool] = True

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcMoment()}


class Versioned:
    """A record that refuses to be saved over a newer one (StaleDataError)."""

    # No server default: SQLAlchemy would then ask for it back after each post-update, which no engine can for many.
    version: Mapped[int] = mapped_column(default=1, info={"audited": False, "kept": True})

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


@contextmanager
def for_writing(value: bool = True) -> Iterator[None]:
    """Transactions begun inside may write (or, with False, only read)."""
    token = writing.set(value)
    try:
        yield
    finally:
        writing.reset(token)


def insert_into(model: Any, session: Any) -> Any:
    """An INSERT that can say what becomes of a row whose key is taken (`on_conflict_do_update`), on either engine."""
    engine = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return engine.insert(model)


@event.listens_for(Engine, "connect")
def _open_sqlite(connection: Any, record: Any) -> None:
    if type(connection).__module__ != "sqlite3":
        return
    connection.isolation_level = None  # the "begin" event below decides, not the driver
    for pragma in (
        f"busy_timeout={SQLITE_BUSY_MS}",
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "cache_size=-32000",
        "mmap_size=268435456",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
