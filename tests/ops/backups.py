"""An installation that is backed up, an empty machine to restore on, and the eyes to compare them."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import MetaData, select

from backoffice import create_app
from backoffice.core.db import Base, db
from config import PREFIX, load_settings
from tests.conftest import MakeApp
from tests.postgres import Postgres

Rows = dict[str, list[dict[str, Any]]]
EMPTY = "elsewhere"


@pytest.fixture
def here(make_app: MakeApp, tmp_path: Path) -> Flask:
    """The product with a data folder of its own."""
    return make_app(DATA_DIR=str(tmp_path / "here"))


@pytest.fixture
def elsewhere(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The product on an empty machine of the same kind."""
    address = "sqlite:///new.db"
    if engine == "postgresql":
        server: Postgres = request.getfixturevalue("postgres_server")
        server.drop(EMPTY)
        server.create(EMPTY)
        address = server.url(EMPTY)
    environ = {"DATA_DIR": str(tmp_path / "elsewhere"), "DATABASE_URL": address}
    app = create_app(load_settings({PREFIX + name: value for name, value in environ.items()}))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def run(app: Flask, *words: str, typed: str = "", fails: bool = False) -> Result:
    """Run a command; it must end as expected."""
    result = app.test_cli_runner().invoke(args=list(words), input=typed)
    assert (result.exit_code != 0) == fails, (result.output, result.exception)
    return result


def refused(app: Flask, *words: str, typed: str = "") -> str:
    """The one sentence with which a command ends that does nothing."""
    said = run(app, *words, typed=typed, fails=True).stderr
    assert said.startswith("Error: "), said
    assert said.count("\n") == 1, said
    return said.removeprefix("Error: ").strip()


def backed_up(app: Flask, folder: Path) -> Path:
    """The archive of a backup made now."""
    target = folder / "backup.tar.gz"
    run(app, "backup", str(target))
    return target


def everything(app: Flask) -> Rows:
    """All rows of all tables."""
    there = MetaData()
    with app.app_context(), db.engine.connect() as connection:
        there.reflect(connection, only=lambda name, _metadata: name in Base.metadata.tables)
        return {
            name: [
                dict(row._mapping)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for name, table in there.tables.items()
        }


def files(app: Flask) -> dict[str, bytes]:
    """All documents of the data folder with their content."""
    folder: Path = app.extensions["settings"].data_dir
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.eml")}


def members(archive: Path) -> dict[str, bytes]:
    """What an archive holds, in its order."""
    with tarfile.open(archive) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def manifest(archive: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(members(archive)["manifest.json"])
    return found


def packed(target: Path, content: Mapping[str, bytes], *odd: tarfile.TarInfo) -> Path:
    """An archive of one's own making: `odd` stands before the last file."""
    with gzip.open(target, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as tar:
        for number, (name, data) in enumerate(content.items(), 1):
            if number == len(content):
                for member in odd:
                    tar.addfile(member, io.BytesIO(b"x" * member.size))
            about = tarfile.TarInfo(name)
            about.size = len(data)
            tar.addfile(about, io.BytesIO(data))
    return target
