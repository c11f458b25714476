"""A fresh, migrated database for each test, on either engine, copied from a template made once."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any, Protocol

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import URL, make_url

from backoffice.core.db import db, for_writing
from tests.postgres import Postgres


class Databases(Protocol):
    """One engine. `url` is the address of the only database that the app under test ever sees."""

    @property
    def url(self) -> URL: ...

    def keep_as_template(self) -> None:
        """What the database holds now is what every test begins with."""

    def renew(self) -> None:
        """Put the template's content in the place of the database. Nobody may be connected."""

    def recreate(self) -> None:
        """The same for a test that has changed the tables themselves."""


class SqliteDatabases:
    def __init__(self, folder: Path) -> None:
        self._file = folder / "test.db"
        self._template = folder / "template.db"
        self.url = make_url(f"sqlite:///{self._file}")

    def keep_as_template(self) -> None:
        source, target = sqlite3.connect(self._file), sqlite3.connect(self._template)
        source.backup(target)
        source.close()
        target.close()

    def renew(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self._template, self._file)

    def recreate(self) -> None:
        self.renew()


class PostgresDatabases:
    """Copying a template database takes a third of a second: while the tables are still those of the template,
    their rows alone are put back, from copies that lie beside them in a schema of their own."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._restore = ""
        self.url = make_url(server.url("test"))
        for left in ("test", "migrated"):  # a worker that steals work comes back to an engine it has left
            server.drop(left)
        server.create("test")

    def keep_as_template(self) -> None:
        with self._server.connect("test") as connection:
            tables = _names(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            sequences = _names(
                connection, "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
            )
            connection.execute("CREATE SCHEMA pristine")
            for table in tables:
                connection.execute(f"CREATE TABLE pristine.{table} AS TABLE {table}")
            # Keys are not looked at while the rows are exchanged: they were right before and will be after.
            steps = ["BEGIN", "SET LOCAL session_replication_role = replica"]
            for table in tables:
                steps += [f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM pristine.{table}"]
            for sequence in sequences:
                last, called = connection.execute(
                    f"SELECT last_value, is_called FROM {sequence}"
                ).fetchone() or (1, False)
                steps.append(f"SELECT setval('{sequence}', {last}, {called})")
            self._restore = "; ".join([*steps, "COMMIT"])
        self._server.create("migrated", template="test")

    def renew(self) -> None:
        try:
            with self._server.connect("test") as connection:
                connection.execute(self._restore)
        except psycopg.Error:  # a test has changed the tables themselves
            self.recreate()

    def recreate(self) -> None:
        self._server.drop("test")
        self._server.create("test", template="migrated")


def _names(connection: psycopg.Connection[Any], query: str) -> list[str]:
    return sorted(f'"{name}"' for (name,) in connection.execute(query))


def migrate_to_head(app: Flask) -> None:
    """Bring the app's database up to date, as `flask db upgrade` does."""
    with app.app_context(), for_writing():
        upgrade()
        db.engine.dispose()
