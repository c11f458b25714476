"""A whole database into a file and back, each engine by its own means: SQLite's online copy, PostgreSQL's programs.

Both copies show one moment, and nobody waits for them: SQLite's reader holds its place in the WAL, `pg_dump` reads
from the snapshot of a transaction of ours, in which rows can be counted meanwhile.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import click
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core.db import for_writing
from backoffice.ops.archive import Moved

_PAGES = 1_000
_OFTEN = 0.2
_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/*postgresql*/bin")


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is now, however long it looks."""
    still = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    options: dict[str, Any] = {} if engine.dialect.name == "sqlite" else still
    with for_writing(False), engine.connect().execution_options(**options) as connection:
        connection.execute(
            text("SELECT version_num FROM alembic_version")
        )  # a moment begins with the first look
        yield connection


def size_of(connection: Connection) -> int:
    """How many bytes a copy takes, roughly."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages, each = (
        connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("page_count", "page_size")
    )
    return int(pages or 0) * int(each or 0)


def copy_out(connection: Connection, target: Path, moved: Moved) -> None:
    """Write what this connection sees into a new file. Raises ClickException with one sentence."""
    if connection.dialect.name == "postgresql":
        _dump(connection, target, moved)
        return
    driver: Any = connection.connection.driver_connection
    each = connection.exec_driver_sql("PRAGMA page_size").scalar()
    with closing(sqlite3.connect(target)) as copy:
        left = None

        def tell(status: int, remaining: int, total: int) -> None:
            nonlocal left
            moved(((total if left is None else left) - remaining) * int(each or 0))
            left = remaining

        driver.backup(copy, pages=_PAGES, progress=tell)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a journal beside it
        refuse_broken(copy)


def refuse_broken(copy: sqlite3.Connection) -> None:
    """Raises ClickException when the pages of a copy do not fit together."""
    try:
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError:
        found = "no database"
    if found != "ok":
        raise click.ClickException("Le fichier de la base SQLite est abîmé : il n’a pas été copié.")


def copy_in(engine: Engine, source: Path, aside: Path) -> None:
    """Put a copy in the place of the whole database: all of it or, whatever happens, nothing."""
    if engine.dialect.name == "postgresql":
        _load(engine, source, aside)
        return
    # Into the file that is there and not in its place: whoever has it open sees the one or the other, never both.
    with (
        closing(sqlite3.connect(source)) as copy,
        closing(sqlite3.connect(str(engine.url.database))) as target,
    ):
        refuse_broken(copy)
        target.execute("PRAGMA synchronous=FULL")
        copy.backup(target)


# ------------------------------------------------------------------------------------------- PostgreSQL


def _dump(connection: Connection, target: Path, moved: Moved) -> None:
    program = _program("pg_dump", connection)
    snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
    schema = connection.scalar(text("SELECT current_schema()"))
    # Not compressed: the archive is.
    words = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--schema={schema}"]
    _run([program, *words, f"--snapshot={snapshot}", f"--file={target}"], connection, target, moved)


def _load(engine: Engine, source: Path, aside: Path) -> None:
    """The old tables go and the new ones come in one transaction of `psql`."""
    script, drops = aside / "restore.sql", aside / "drops.sql"
    with engine.connect() as connection:
        restore, psql = _program("pg_restore", connection), _program("psql", connection)
        schema = connection.scalar(text("SELECT current_schema()"))
        drops.write_text(_drops(connection), "utf-8")
        connection.rollback()  # it must hold nothing that is to go
        words = ["--no-owner", "--no-privileges", f"--schema={schema}", f"--file={script}", str(source)]
        _run([restore, *words], connection, script, lambda size: None, is_connected=False)
        quiet = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"]
        _run(
            [psql, *quiet, f"--file={drops}", f"--file={script}", f"--output={os.devnull}"],
            connection, script, lambda size: None,
        )  # fmt: skip


#: What migrations ask for beside tables: a dump of one schema leaves it out.
_EXTENSIONS = ("pg_trgm",)
_OURS = """
SELECT format('DROP TABLE %s CASCADE;', c.oid::regclass) FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
UNION ALL
SELECT format('DROP FUNCTION %s CASCADE;', p.oid::regprocedure) FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def _drops(connection: Connection) -> str:
    lines = ["SET lock_timeout = '10s';", "SET client_min_messages = warning;"]
    lines += connection.scalars(text(_OURS))
    return "\n".join([*lines, *(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in _EXTENSIONS), ""])


def _program(name: str, connection: Connection) -> str:
    """The newest of these programs that this machine has. Raises ClickException when it does not do for the server."""
    here = [shutil.which(name)]
    here += [
        str(path / name) for folder in _FOLDERS for path in Path("/").glob(folder) if (path / name).exists()
    ]
    found = {program: _version(program) for program in filter(None, here)}
    served = int(connection.connection.driver_connection.info.server_version) // 10_000  # type: ignore[union-attr]
    if not found:
        raise click.ClickException(
            f"Il manque le programme {name} : installez le paquet postgresql-client (version {served} ou plus récente)."
        )
    program = max(found, key=lambda each: found[each])
    if found[program] < served:
        raise click.ClickException(
            f"Le programme {name} est en version {found[program]} et le serveur en version {served} : "
            f"installez postgresql-client-{served} ou plus récent."
        )
    return program


def _version(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0


def _run(
    words: list[str], connection: Connection, grows: Path, moved: Moved, is_connected: bool = True
) -> None:
    """Run one of PostgreSQL's programs against the server that this connection has found."""
    environment, told = dict(os.environ), list(words)
    if is_connected:
        where, secret = _where(connection)
        told.append(f"--dbname={where}")
        environment |= {"PGPASSWORD": secret} if secret else {}
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 - programs of the system, words of ours
            told, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
        ) as process:
            try:
                _follow(process, grows, moved)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            name = Path(words[0]).name
            raise click.ClickException(f"{name} a échoué (état {process.returncode}){_reason(said)}.")


def _follow(process: subprocess.Popen[bytes], grows: Path, moved: Moved) -> None:
    size = 0
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_OFTEN)
        now = grows.stat().st_size if grows.exists() else 0
        moved(now - size)
        size = now
        if process.returncode is not None:
            return


def _reason(said: Any) -> str:
    """What is wrong in a word or two: the program's own lines may quote rows."""
    said.seek(0)
    lines = said.read(100_000).decode("utf-8", "replace")
    for sign, reason in (
        ("lock timeout", "une table est utilisée : arrêtez « flask serve » partout"),
        ("permission denied", "ce compte n’en a pas le droit"),
        ("must be owner", "ce compte n’en a pas le droit"),
        ("No space left", "le disque est plein"),
        ("connection", "le serveur ne répond pas"),
    ):
        if sign in lines:
            return f" : {reason}"
    return ""


def _where(connection: Connection) -> tuple[str, str]:
    """The very server that answers us, of several that the address may name; and the password, for no list to show."""
    url: URL = connection.engine.url
    _none, given = connection.dialect.create_connect_args(url)
    secret = str(given.pop("password", "") or "")
    # Words of the driver's own mean nothing to programs; which server is asked is settled.
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    known -= {"target_session_attrs", "hostaddr", "load_balance_hosts"}
    info: Any = connection.connection.driver_connection.info  # type: ignore[union-attr]
    return make_conninfo(
        "", **{name: given[name] for name in known & given.keys()} | {"host": info.host, "port": info.port}
    ), secret


def schema_of(connection: Connection) -> str:
    """The migration that the database is at, "" when it has none."""
    try:
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        connection.rollback()
        return ""
    return str(found or "")
