"""A fresh, migrated database for each test, on either engine, copied from a template made once."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Protocol

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


class PostgresDatabases:
    def __init__(self, server: Postgres) -> None:
        self._server = server
        self.url = make_url(server.url("test"))
        server.create("test")

    def keep_as_template(self) -> None:
        self._server.create("migrated", template="test")

    def renew(self) -> None:
        self._server.drop("test")
        self._server.create("test", template="migrated")


def migrate_to_head(app: Flask) -> None:
    """Bring the app's database up to date, as `flask db upgrade` does."""
    with app.app_context(), for_writing():
        upgrade()
        db.engine.dispose()
