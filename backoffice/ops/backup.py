"""`flask backup`: database, documents and key in one archive, while people work.

A document is on the disk before its row is committed, and never changes. So documents are read twice: once before the
moment of the database, and after it those that its rows name and that have come in between. What was there before
may go meanwhile (the trash is emptied), what came after has no reason to: every row of the copy finds its file.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core import audit
from backoffice.core.audit import SYSTEM, Fact
from backoffice.core.db import Base, db, now
from backoffice.lookups.models import OfficeSettings
from backoffice.ops import copies
from backoffice.ops.archive import DATA, DATABASE, SECRET, Manifest, Writer
from backoffice.ops.commands import bar, is_up_to_date, office_time, whole_or_nothing
from backoffice.ops.documents import documents, named
from backoffice.users.transactions import short_write
from config import ROOT, Settings

#: Under these names the history tells of a backup and of its return.
MADE, RESTORED = "backup", "restore"
_TRIES = 6


@click.command(
    "backup",
    help="Sauvegarde base, documents et clé dans un seul fichier, pendant qu’on travaille. "
    "DEST est ce fichier, ou un dossier où il portera la date.",
)
@click.argument("dest", type=click.Path(path_type=Path))
@with_appcontext
def backup(dest: Path) -> None:
    settings: Settings = current_app.extensions["settings"]
    target = _target(dest, settings.data_dir)
    with whole_or_nothing(), nothing_left_on_disk_errors():
        manifest = _make(target, settings)
    if is_up_to_date():  # before an upgrade the new code does not know the old tables
        _note(manifest, target)
    lost = f" {manifest.lost} document(s) que des fiches nomment manquaient déjà." if manifest.lost else ""
    click.echo(
        f"Sauvegardé dans {target} : {sum(manifest.rows.values())} lignes, "
        f"{manifest.documents} document(s), {target.stat().st_size // 1024 + 1} Ko.{lost}"
    )


@contextmanager
def nothing_left_on_disk_errors() -> Iterator[None]:
    """What the disk refuses is one sentence."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"Le disque a refusé, rien n’a été changé ({error.strerror}).") from None


def _target(dest: Path, data: Path) -> Path:
    target = dest.absolute()
    if dest.is_dir():
        target = target / f"backoffice-{office_time(now()):%Y-%m-%d-%H%M%S}.tar.gz"
    if target.exists() or target.is_symlink():
        raise click.ClickException(f"{target} existe déjà : donnez un autre nom, rien n’est écrasé.")
    if not target.parent.is_dir():
        raise click.ClickException(f"Le dossier {target.parent} n’existe pas.")
    if target.parent.resolve().is_relative_to(data):
        raise click.ClickException(f"{target} est dans le dossier de données : choisissez un autre dossier.")
    return target


def _make(target: Path, settings: Settings) -> Manifest:
    """Write the archive aside, beside its place, and put it there when it is whole and on the disk."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backoffice-") as aside:
        part = Path(aside, "archive")
        with part.open("xb") as file:
            part.chmod(0o600)
            manifest = _fill(file, Path(aside), settings)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, target)  # unlike a rename it replaces nothing
        except FileExistsError:
            raise click.ClickException(f"{target} existe déjà : donnez un autre nom.") from None
        except OSError:  # a file system without links
            part.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return manifest


def _fill(file: Any, aside: Path, settings: Settings) -> Manifest:
    with db.engine.connect() as connection:
        if not copies.schema_of(connection):
            raise click.ClickException("La base de données est vide : il n’y a rien à sauvegarder.")
        total = copies.size_of(connection)
    before = list(documents(settings))
    total += total + sum(path.stat().st_size for _name, path in before if path.exists())
    with bar(total, "octets") as progress, Writer(file, progress.update) as writer:
        _add(writer, before)
        with copies.one_moment(db.engine) as connection:
            at = now()
            copies.copy_out(connection, aside / DATABASE, progress.update)
            rows, schema = _rows(connection), copies.schema_of(connection)
            _add(writer, ((name, settings.data_dir / name) for name in named(connection)))
            lost = sum(f"{DATA}/{name}" not in writer.names for name in named(connection))
        writer.add(DATABASE, aside / DATABASE)
        count = len(writer.names) - 1
        writer.add_text(SECRET, settings.secret_key + "\n")
        engine = db.engine.dialect.name
        manifest = Manifest(version(), schema, engine, at.isoformat(), rows, documents=count, lost=lost)
        writer.close(manifest)
    return manifest


def _add(writer: Writer, found: Any) -> None:
    """Put in the documents that are not in yet; one that goes at this moment is nobody's any more."""
    for name, path in found:
        if f"{DATA}/{name}" not in writer.names and path.exists():
            writer.add(f"{DATA}/{name}", path)


def _rows(connection: Connection) -> dict[str, int]:
    """How many rows each of our tables holds; what only indexes them (a full-text table) cannot be counted."""
    quoted = connection.dialect.identifier_preparer.quote
    return {
        name: connection.scalar(text(f"SELECT count(*) FROM {quoted(name)}")) or 0  # noqa: S608 - names of tables
        for name in sorted(Base.metadata.tables.keys() & set(inspect(connection).get_table_names()))
    }


def version() -> str:
    """The version of this product."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _note(manifest: Manifest, target: Path) -> None:
    """One fact: the history says who took everything along, and doctor when."""
    about = {"at": manifest.at, "documents": manifest.documents, "bytes": target.stat().st_size}
    for _time in range(
        _TRIES
    ):  # each waits for its turn: whoever saves just now does not keep it from being noted
        try:
            with short_write(SYSTEM, via="command") as session:
                office = session.scalars(select(OfficeSettings)).one()
                audit.record(session, office, MADE, None, about, operation="note")
        except SQLAlchemyError:
            continue
        return
    raise click.ClickException(
        f"La sauvegarde {target} est bonne, mais la base n’a pas pu le noter : « flask doctor » ne la connaît pas."
    )


def last_good(session: Any) -> datetime | None:
    """The moment of the newest state that stands in a backup, None when there is no backup."""
    wanted = Fact.field.in_([MADE, RESTORED]), Fact.entity == OfficeSettings.__tablename__
    newest = select(Fact.after).where(*wanted).order_by(Fact.at.desc(), Fact.id.desc()).limit(1)
    found = session.scalar(newest)
    return datetime.fromisoformat(found["at"]) if found else None
