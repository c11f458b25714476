"""How rows by the thousand get into the tables of each engine, whole or not at all.

One transaction holds everything, what is dropped for the time of the load included: whatever interrupts it
leaves the database as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from backoffice.clients.search import KIND as CLIENTS
from backoffice.core.db import for_writing
from backoffice.core.search_index import REFILL
from backoffice.ops.seeding.plan import COLUMNS

TABLES = tuple(COLUMNS)
_IDS = ("client", "contact", "address", "event", "entry")
_NAMES = ", ".join(f"'{table}'" for table in TABLES)
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Tables(Protocol):
    """The tables that are being filled, in an open transaction."""

    connection: Connection

    def set_aside(self) -> None:
        """Drop what is checked or kept in order row by row, to make it anew over all rows at once."""

    def write(self, table: str, prepared: Any) -> None:
        """Add rows that `PREPARE` has made ready."""

    def put_back(self) -> Sequence[str]:
        """The statements that make again what was set aside."""

    def close(self) -> None:
        """Say up to where ids are taken."""


@contextmanager
def opened(engine: Engine) -> Iterator[Tables]:
    """The tables of this database, open and locked against other writers; committed when the block ends well."""
    kind = _Sqlite if engine.dialect.name == "sqlite" else _Postgres
    with for_writing(), engine.connect() as connection:
        connection.detach()  # its settings are those of a load: nobody else gets it
        tables = kind(connection)
        with connection.begin():
            tables.lock()
            yield tables
        tables.tidy()


def _driver_of(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


class _Sqlite:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._aside: list[str] = []
        self._driver = _driver_of(connection)
        # Sorting an index of millions of rows goes to a file, not to memory without end.
        for pragma in ("cache_size=-262144", "temp_store=FILE"):
            self._driver.execute(f"PRAGMA {pragma}")

    def lock(self) -> None:
        """BEGIN IMMEDIATE has done it."""

    def set_aside(self) -> None:
        """Indexes, and what keeps the full-text table row by row."""
        found = self._driver.execute(
            "SELECT type, name, sql FROM sqlite_master "  # noqa: S608 - names of our own
            "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL "
            f"AND tbl_name IN ({_NAMES})"
        ).fetchall()
        for kind, name, statement in found:
            self._driver.execute(f'DROP {kind} "{name}"')
            self._aside.append(statement)
        self._aside += (statement.format(kind=CLIENTS) for statement in REFILL)

    def write(self, table: str, prepared: Any) -> None:
        columns = COLUMNS[table]
        places = ", ".join("?" * len(columns))
        self._driver.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - names of our own
            prepared,
        )

    def put_back(self) -> Sequence[str]:
        return self._aside

    def close(self) -> None:
        """SQLite takes the next id from the table itself."""

    def tidy(self) -> None:
        self._driver.execute("ANALYZE")
        self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Postgres:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._aside: list[str] = []
        self._driver = _driver_of(connection)

    def lock(self) -> None:
        for setting in ("lock_timeout = '10s'", "maintenance_work_mem = '256MB'", "timezone = 'UTC'"):
            self.connection.exec_driver_sql(f"SET LOCAL {setting}")
        self.connection.exec_driver_sql(f"LOCK TABLE {', '.join(TABLES)} IN SHARE ROW EXCLUSIVE MODE")

    def set_aside(self) -> None:
        """Indexes and unique and foreign keys; not the unique keys that other tables point at."""
        kept = list(self.connection.exec_driver_sql(_CONSTRAINTS))
        indexes = list(self.connection.exec_driver_sql(_INDEXES))
        for table, name, _definition in sorted(kept, key=lambda row: not row[2].startswith("FOREIGN")):
            self.connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _definition in indexes:
            self.connection.exec_driver_sql(f"DROP INDEX {name}")
        aside = [definition for _name, definition in indexes]
        aside += [
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
            for table, name, definition in sorted(kept, key=lambda row: row[2].startswith("FOREIGN"))
        ]
        self._aside = [statement.replace("%", "%%") for statement in aside]  # the driver's own sign

    def write(self, table: str, prepared: Any) -> None:
        statement = f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN"
        with self._driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(prepared)

    def put_back(self) -> Sequence[str]:
        return self._aside

    def close(self) -> None:
        for table in _IDS:
            self.connection.exec_driver_sql(
                f"SELECT setval(s, max(id)) FROM {table}, "  # noqa: S608
                f"(SELECT pg_get_serial_sequence('{table}', 'id')::regclass AS s) AS sequence "
                "GROUP BY s HAVING max(id) > coalesce(pg_sequence_last_value(s), 0)"
            )

    def tidy(self) -> None:
        self._driver.autocommit = True
        self._driver.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")


_CONSTRAINTS = f"""
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint AS found
WHERE conrelid::regclass::text IN ({_NAMES}) AND (contype = 'f' OR contype = 'u' AND NOT EXISTS (
    SELECT FROM pg_constraint AS pointer
    WHERE pointer.contype = 'f' AND pointer.conindid = found.conindid
      AND pointer.conrelid::regclass::text NOT IN ({_NAMES})))
ORDER BY conname
"""  # noqa: S608

_INDEXES = f"""
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid::regclass::text IN ({_NAMES})
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY 1
"""  # noqa: S608


def for_sqlite(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Parameters of an INSERT; moments and days as SQLAlchemy keeps them."""
    return [
        tuple(_KEPT_AS[type(value)](value) if type(value) in _KEPT_AS else value for value in row)
        for row in rows
    ]


def for_postgresql(rows: Sequence[tuple[Any, ...]]) -> bytes:
    """The text that COPY reads."""
    return "".join(["\t".join(map(_copied, row)) + "\n" for row in rows]).encode()


#: Makes rows ready for an engine; done by the process that makes the rows.
PREPARE: dict[str, Callable[[Sequence[tuple[Any, ...]]], Any]] = {
    "sqlite": for_sqlite,
    "postgresql": for_postgresql,
}


def _moment(value: datetime) -> str:
    return value.isoformat(" ", "microseconds")[:26]


_KEPT_AS: dict[type, Callable[[Any], str]] = {datetime: _moment, date: date.isoformat}


def _copied(value: Any) -> str:
    if value is None:
        return "\\N"
    if type(value) is str:
        return value.translate(_ESCAPES)
    return str(value)
