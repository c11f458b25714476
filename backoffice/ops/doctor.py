"""`flask doctor`: is this set-up right? One line for each thing that must hold, with what to do if not."""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core import jobs
from backoffice.core.db import db, now
from backoffice.ops import safety, schema
from backoffice.ops.backup import last_good
from backoffice.ops.commands import office_time
from backoffice.users.mail import server_of
from backoffice.users.queries import active_administrators, unprotected_administrators
from config import SECRET_FILE, Settings

OLDEST_PYTHON = (3, 11)
LOOPBACK = ("", "localhost", "127.0.0.1", "::1")
MAIL_SECONDS = 3
#: A worker that has not looked for so long does not run.
WORKER_SILENT = timedelta(minutes=10)

#: A backup older than this is one that somebody has forgotten.
BACKUP_OLD = timedelta(days=7)
_BACKUP_COMMAND = "« flask backup DEST », chaque jour si possible"

#: What SQLite must answer, so that keys are enforced and an acknowledged write survives a power cut.
PRAGMAS = {
    "foreign_keys": (1, "clés étrangères"),
    "journal_mode": ("wal", "journal WAL"),
    "synchronous": (2, "écritures FULL"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `advice` says what to do when it is not right."""

    right: bool
    what: str
    advice: str = ""
    #: It works as it is, and still one should do something.
    is_warning: bool = False

    def __str__(self) -> str:
        if self.right:
            return f"✓ {self.what}"
        return f"{'!' if self.is_warning else '✗'} {self.what} : {self.advice}."


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything that is looked at, in the order in which one would mend it."""
    yield _python()
    yield _zone()
    yield _folder(settings.data_dir)
    yield _secret(settings.data_dir / SECRET_FILE)
    yield from _database()
    yield _mail(settings)
    yield _https(settings)
    yield from _proxy(settings)


def _python() -> Finding:
    running = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        sys.version_info >= OLDEST_PYTHON, f"Python {running}", "installez Python 3.11 ou plus récent"
    )


def _zone() -> Finding:
    zone = current_app.config["BABEL_DEFAULT_TIMEZONE"]
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        return Finding(False, f"Fuseau horaire {zone}", "relancez « make install » (paquet tzdata)")
    return Finding(True, f"Fuseau horaire {zone}")


def _folder(folder: Path) -> Finding:
    what = f"Dossier de données {folder}"
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding(False, what, "donnez à ce compte le droit d’y écrire")
    if stat.S_IMODE(folder.stat().st_mode) & 0o007:
        return Finding(False, what, f"il est ouvert à tous : chmod 700 {folder}")
    return Finding(True, what)


def _secret(path: Path) -> Finding:
    if not path.exists():
        return Finding(True, "Clé secrète donnée par BACKOFFICE_SECRET_KEY")
    private = stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    return Finding(private, f"Clé secrète {path}", f"d’autres peuvent la lire : chmod 600 {path}")


def _database() -> Iterator[Finding]:
    what = f"Base de données {db.engine.url.render_as_string(hide_password=True)}"
    try:
        with db.engine.connect() as connection:
            yield Finding(True, what)
            yield from _schema(connection)
            yield from _pragmas(connection)
    except SQLAlchemyError:
        yield Finding(False, what, "elle ne répond pas : vérifiez BACKOFFICE_DATABASE_URL et le serveur")


def _schema(connection: Connection) -> Iterator[Finding]:
    state = schema.state(connection, current_app.extensions["migrate"].directory)
    yield Finding(state.is_current, "Schéma à jour", "lancez « flask db upgrade »")
    if state.is_current:
        somebody = connection.execute(active_administrators().limit(1)).first() is not None
        yield Finding(
            somebody,
            "Un administrateur actif",
            "ouvrez le lien affiché par « flask serve », ou lancez « flask users create »",
        )
        yield from _second_factors(connection)
        yield _worker()
        yield _history(connection)
        yield _backup()


def _second_factors(connection: Connection) -> Iterator[Finding]:
    """A hint and no fault: a password of fifteen characters is enough for many."""
    without = connection.execute(unprotected_administrators()).scalar() or 0
    if without:
        hint = "BACKOFFICE_SECOND_FACTOR_ROLES=administrateur le demande"
        yield Finding(True, f"Administrateurs sans second facteur : {without} ({hint})")


def _worker() -> Finding:
    """A set-up that was never served is all right: `flask serve` runs the worker."""
    seen = jobs.last_look(db.session())
    right = seen is None or now() - seen < WORKER_SILENT
    return Finding(
        right,
        "Travail de fond (courriels, rappels, corbeille)",
        "rien n’a tourné depuis plus de dix minutes : lancez « flask serve », ou « flask worker »",
    )


def _history(connection: Connection) -> Finding:
    missing = safety.missing_guards(connection)
    return Finding(
        not missing,
        "L’historique ne peut pas être modifié",
        f"la base n’a plus ce qui l’empêche ({', '.join(missing)}) : cherchez qui l’a retiré, puis rétablissez-le "
        "par migrations/versions/0014_facts_are_final.py",
    )


def _backup() -> Finding:
    taken = last_good(db.session())
    if taken is None:
        return Finding(False, "Aucune sauvegarde", f"lancez {_BACKUP_COMMAND}", is_warning=True)
    what = f"Dernière sauvegarde : {office_time(taken):%d/%m/%Y à %H:%M}"
    is_fresh = now() - taken < BACKUP_OLD
    return Finding(is_fresh, what, f"elle a plus de sept jours, lancez {_BACKUP_COMMAND}", is_warning=True)


def _pragmas(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return
    for pragma, (wanted, what) in PRAGMAS.items():
        found = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
        yield Finding(
            found == wanted,
            f"SQLite : {what}",
            f"le fichier répond « {found} » ; est-il sur un disque local ?",
        )


def _mail(settings: Settings) -> Finding:
    server = server_of(settings)
    if server is None:
        return Finding(
            not settings.public_url,
            "Courriels affichés à la console",
            "de vrais utilisateurs ne les verront pas : réglez BACKOFFICE_MAIL_URL",
        )
    what = f"Serveur de courrier {server.host}:{server.port}"
    try:
        socket.create_connection((server.host, server.port), MAIL_SECONDS).close()
    except OSError:
        return Finding(False, what, "il ne répond pas : vérifiez BACKOFFICE_MAIL_URL")
    return Finding(True, what)


def _https(settings: Settings) -> Finding:
    public = urlsplit(settings.public_url).hostname or ""
    beyond = public not in LOOPBACK or os.environ.get("HOST", "") not in LOOPBACK
    if not beyond:
        return Finding(True, "Accès depuis cette machine seulement")
    return Finding(
        settings.https,
        f"Accès par {settings.public_url or 'le réseau'}",
        "réglez BACKOFFICE_PUBLIC_URL sur une adresse https://, servie par un proxy avec TLS",
    )


def _proxy(settings: Settings) -> Iterator[Finding]:
    """TLS is a proxy's: untrusted, all people would share its address, and whoever guesses would lock out the others."""
    if settings.https:
        yield Finding(
            settings.trusted_proxies > 0,
            f"Proxys de confiance : {settings.trusted_proxies}",
            "réglez BACKOFFICE_TRUSTED_PROXIES sur leur nombre : sans cela, tous ont l’adresse du proxy",
        )


@click.command("doctor", help="Vérifie que l’installation est bonne, et dit quoi faire sinon.")
@with_appcontext
@click.pass_context
def doctor(context: click.Context) -> None:
    wrong = 0
    for finding in findings(current_app.extensions["settings"]):
        wrong += not (finding.right or finding.is_warning)
        click.echo(str(finding))
    if wrong:
        click.echo(f"{wrong} point(s) à corriger.", err=True)
        context.exit(1)
