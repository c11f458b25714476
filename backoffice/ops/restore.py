"""`flask restore`: what a backup holds, in the place of an empty (or, when asked twice, of any) installation.

Everything is laid down aside and checked before the first change. Then documents that are not there yet come first,
the database changes as a whole, and only then what was in the way of the others goes: cut off anywhere, each row finds
its document, and the same command can be given again.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade as migrate_to_head
from sqlalchemy import Connection, inspect, select, text, update

from backoffice.core import audit, jobs
from backoffice.core.audit import SYSTEM
from backoffice.core.db import db, now
from backoffice.emails import services as emails
from backoffice.emails import storage
from backoffice.lookups.models import OfficeSettings
from backoffice.ops import copies
from backoffice.ops.archive import DATA, DATABASE, SECRET, BadArchiveError, Manifest, unpack
from backoffice.ops.backup import RESTORED, nothing_left_on_disk_errors
from backoffice.ops.commands import bar, is_up_to_date, office_time, whole_or_nothing
from backoffice.ops.documents import documents, named
from backoffice.users.models import UserSession
from backoffice.users.transactions import short_write
from config import PREFIX, SECRET_FILE, Settings

#: What the person types who wants everything replaced.
YES = "REMPLACER"
#: A worker looks every minute: one that has looked since may still be there.
_STILL_RUNS = timedelta(seconds=75)
#: Where what people have done leaves its rows.
_TELLING = ("user", "client", "fact")


@click.command(
    "restore",
    help="Rétablit une sauvegarde sur une installation vide, avec la même version du produit ou une plus récente.",
)
@click.argument("src", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Remplace, après une question, tout ce qui est déjà là.")
@with_appcontext
def restore(src: Path, replace: bool) -> None:
    settings: Settings = current_app.extensions["settings"]
    if not src.is_file():
        raise click.ClickException(f"Le fichier {src} n’existe pas.")
    with whole_or_nothing():
        there = _what_is_there(settings)
    if there and not replace:
        raise click.ClickException(
            f"Cette installation n’est pas vide ({there}). Donnez --replace pour tout remplacer."
        )
    with (
        nothing_left_on_disk_errors(),
        tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as aside,
    ):
        manifest = _checked(src, Path(aside), settings)
        if there:
            _ask(there, manifest)
        with whole_or_nothing():
            _put_in_place(Path(aside), settings)
    _settle(manifest, settings)
    click.echo(
        f"Rétabli, dans l’état du {_moment(manifest)} : {sum(manifest.rows.values())} lignes, "
        f"{manifest.documents} document(s). Toutes les sessions sont terminées."
    )


def _what_is_there(settings: Settings) -> str:
    """What a restore would replace, in words; "" on an empty machine, where a schema may be ready."""
    with db.engine.connect() as connection:
        _refuse_while_it_runs(connection)
        inspector, quoted = inspect(connection), connection.dialect.identifier_preparer.quote
        held = {
            name: connection.scalar(text(f"SELECT count(*) FROM {quoted(name)}")) or 0  # noqa: S608
            for name in _TELLING
            if inspector.has_table(name)
        }
    kept = sum(1 for _document in documents(settings))
    if not any(held.values()) and not kept:
        return ""
    return f"{held.get('client', 0)} client(s), {held.get('user', 0)} compte(s), {kept} document(s)"


def _refuse_while_it_runs(connection: Connection) -> None:
    if not inspect(connection).has_table("job_run"):
        return
    seen = jobs.last_look(connection)
    if seen is not None and now() - seen < _STILL_RUNS:
        raise click.ClickException(
            "Le service travaille, ou vient de s’arrêter : arrêtez « flask serve » partout et attendez une minute."
        )


def _checked(src: Path, aside: Path, settings: Settings) -> Manifest:
    """Lay the backup down aside. Raises ClickException when it is not one that fits here."""
    try:
        with bar(src.stat().st_size * 3, "octets") as progress:
            manifest = unpack(src, aside, progress.update)
    except BadArchiveError as error:
        raise click.ClickException(f"{error} : rien n’a été changé.") from None
    here = db.engine.dialect.name
    if manifest.engine != here:
        raise click.ClickException(
            f"Cette sauvegarde vient de {manifest.engine}, et cette installation utilise {here} : "
            "réglez BACKOFFICE_DATABASE_URL sur une base du même genre."
        )
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    if manifest.schema not in {script.revision for script in scripts.walk_revisions()}:
        raise click.ClickException(
            f"Cette sauvegarde a été faite par une version plus récente du produit ({manifest.version}) : "
            "installez-la d’abord."
        )
    if not (aside / DATABASE).is_file() or not (aside / SECRET).is_file():
        raise click.ClickException("Cette sauvegarde n’est pas entière : rien n’a été changé.")
    _refuse_another_key(settings, (aside / SECRET).read_text("ascii", "replace").strip())
    return manifest


def _refuse_another_key(settings: Settings, key: str) -> None:
    """A key that is given from outside wins over the file: second factors would be lost without a word."""
    file = settings.data_dir / SECRET_FILE
    is_of_file = file.exists() and file.read_text("ascii").strip() == settings.secret_key
    if key != settings.secret_key and (not is_of_file or os.environ.get(f"{PREFIX}SECRET_KEY")):
        raise click.ClickException(
            "BACKOFFICE_SECRET_KEY n’est pas la clé de cette sauvegarde : donnez la même, "
            "ou retirez ce réglage, et la clé sera rétablie dans le dossier de données."
        )


def _ask(there: str, manifest: Manifest) -> None:
    click.echo(f"Tout ce qui est là ({there}) sera remplacé par l’état du {_moment(manifest)}.")
    try:
        typed = click.prompt(f"Tapez {YES} pour continuer", default="", show_default=False)
    except click.Abort:
        typed = ""
    if typed.strip() != YES:
        raise click.ClickException("Abandonné : rien n’a été changé.")


def _moment(manifest: Manifest) -> str:
    return f"{office_time(datetime.fromisoformat(manifest.at)):%d/%m/%Y à %H:%M}"


def _put_in_place(aside: Path, settings: Settings) -> None:
    root = aside / DATA
    brought = {path.relative_to(root) for path in root.rglob("*") if path.is_file()}
    for name in brought:
        if not (settings.data_dir / name).exists():
            _move(root / name, settings.data_dir / name)
    copies.copy_in(db.engine, aside / DATABASE, aside)
    db.engine.dispose()
    if (settings.data_dir / SECRET_FILE).exists():
        os.replace(aside / SECRET, settings.data_dir / SECRET_FILE)
    for name in brought:
        if (root / name).exists():
            _move(root / name, settings.data_dir / name)
    for found, path in list(documents(settings)):
        if Path(found) not in brought:
            path.unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.move(source, target)  # the folder of documents may be on a disk of its own


def _settle(manifest: Manifest, settings: Settings) -> None:
    """What must not live on from the past: sessions, mails that may have been sent since, messages without a record."""
    if not is_up_to_date():
        migrate_to_head()
    with db.engine.connect() as connection:
        wanted = set(named(connection))
    for name, path in list(documents(settings)):
        if name.startswith(f"{storage.FOLDER}/") and name not in wanted:
            path.unlink(missing_ok=True)
    with short_write(SYSTEM, via="command") as session:
        open_ones = update(UserSession).where(UserSession.ended_at.is_(None))
        session.execute(open_ones.values(ended_at=now(), ended_reason="restored"))
        emails.give_up_waiting(session)
        office = session.scalars(select(OfficeSettings)).one()
        about = {"at": manifest.at, "documents": manifest.documents}
        audit.record(session, office, RESTORED, None, about, operation="note")
