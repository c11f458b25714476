"""A backup holds all there was, and comes back whole on an empty machine of the same kind."""

from __future__ import annotations

import hashlib
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from backoffice.core.audit import Fact
from backoffice.core.db import db, for_writing
from backoffice.emails import storage
from backoffice.emails.models import Email
from backoffice.ops import backup as backups
from backoffice.ops import copies
from backoffice.ops.archive import Manifest
from backoffice.users.mail import UNKNOWN_END
from backoffice.users.transactions import short_write
from tests.clients.cast import add_client, rows
from tests.conftest import on_sqlite_only
from tests.databases import Databases
from tests.emails.cast import write
from tests.emails.letters import drop, letter
from tests.ops.backups import (
    backed_up,
    everything,
    files,
    manifest,
    members,
    refused,
    run,
)
from tests.ops.backups import elsewhere as elsewhere
from tests.ops.backups import here as here
from tests.users.people import is_in, make_user, signed_in
from tests.users.phones import FORM, past_the_password, protected
from tests.web import Browser

#: What a restore changes on purpose.
_MOVES_ON = {"user_session", "fact", "entry"}


def _lived_in(app: Flask) -> tuple[Browser, Any]:
    """Alice, who has a phone for codes, has kept one message of a client's, and has written one that waits."""
    phone, _codes = protected(app, "alice@exemple.fr", "administrateur")
    client = add_client(app, "EDF", "jeanne@edf.fr", main={"first_name": "Jeanne", "last_name": "Roy"})
    alice = signed_in(app, "alice@exemple.fr")
    drop(alice, client, letter().as_bytes())
    write(alice, client, rows(app, Email)[0]["contact_id"])
    return alice, phone


def test_all_there_was_is_on_the_new_machine_and_who_was_in_logs_in_again(
    here: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    alice, phone = _lived_in(here)
    archive = backed_up(here, tmp_path)
    before = everything(here)
    run(elsewhere, "restore", str(archive))

    after = everything(elsewhere)
    assert {name: found for name, found in after.items() if name not in _MOVES_ON} == {
        name: found for name, found in before.items() if name not in _MOVES_ON
    }
    noted = before["fact"].pop()  # that of the backup itself
    assert (noted["entity"], noted["field"]) == ("office_settings", "backup")
    assert after["fact"][: len(before["fact"])] == before["fact"]
    assert files(elsewhere) == files(here) != {}
    key = elsewhere.extensions["settings"].data_dir / "secret_key"
    assert key.read_text().strip() == here.extensions["settings"].secret_key
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert is_in(alice)

    elsewhere.secret_key = here.secret_key  # as it starts the next time
    ended = Browser(elsewhere)
    ended.client._cookies = alice.client._cookies
    assert not is_in(ended)
    again = past_the_password(elsewhere)
    again.submit(FORM, code=phone.code())
    assert is_in(again)
    again.get("/client/?search=jeanne")
    assert "EDF" in again.text
    said = run(elsewhere, "doctor").stdout
    assert "! " not in said
    assert "✓ Dernière sauvegarde : " in said


@on_sqlite_only
def test_what_waited_to_be_sent_is_not_sent_by_the_past(
    here: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    _lived_in(here)
    run(elsewhere, "restore", str(backed_up(here, tmp_path)))

    (kept, waited) = rows(elsewhere, Email)
    assert (kept["state"], waited["state"], waited["failure"]) == (
        "logged",
        "failed",
        str(UNKNOWN_END.reason),
    )
    assert [fact["after"] for fact in rows(elsewhere, Fact, field="state")][-1] == "failed"
    assert {row["state"] for row in rows(here, Email)} == {"logged", "queued"}


def test_the_manifest_counts_every_table_and_the_checksums_are_those_of_the_files(
    here: Flask, engine: str, tmp_path: Path
) -> None:
    _lived_in(here)
    counted = {name: len(found) for name, found in everything(here).items()}
    archive = backed_up(here, tmp_path)

    said, held = manifest(archive), members(archive)
    assert said["rows"] == counted
    assert (said["engine"], said["documents"], said["lost"]) == (engine, 1, 0)
    assert list(held)[-2:] == ["SHA256SUMS", "manifest.json"]
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    lines = [line.split("  ") for line in held["SHA256SUMS"].decode().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert sums == {
        name: hashlib.sha256(data).hexdigest() for name, data in held.items() if name not in list(held)[-2:]
    }
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [archive.name]


@pytest.mark.parametrize("when", ["before", "after"])
@on_sqlite_only
def test_a_document_that_comes_or_goes_while_the_backup_is_made_is_in_it_if_its_row_is(
    here: Flask, elsewhere: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Between the look at the documents and that at the database one is kept; or one is thrown out for good."""
    alice, _phone = _lived_in(here)
    (client,) = {row["client_id"] for row in rows(here, Email)}
    real = copies.copy_out

    def meanwhile() -> None:
        args = (alice, client, letter(Message_ID="<2@edf.fr>").as_bytes())
        other = threading.Thread(target=drop, args=args)  # not in the context of the command
        other.start()
        other.join()

    def copy(*args: Any) -> None:
        real(*args)
        if when == "after":  # the row is in the copy, its file has just been removed with the row
            (name,) = {row["raw_name"] for row in rows(here, Email) if row["raw_name"]}
            storage.remove(here.extensions["settings"].data_dir, name)

    if when == "before":
        moment = copies.one_moment

        def look(engine: Any) -> Any:
            meanwhile()
            return moment(engine)

        monkeypatch.setattr(copies, "one_moment", look)
    monkeypatch.setattr(copies, "copy_out", copy)
    run(elsewhere, "restore", str(backed_up(here, tmp_path)))

    kept = {row["raw_name"] for row in rows(elsewhere, Email) if row["raw_name"]}
    assert len(kept) == (2 if when == "before" else 1)
    assert {Path(name).name for name in files(elsewhere)} == kept


@on_sqlite_only
def test_a_backup_never_overwrites_and_never_lies_among_what_it_saves(here: Flask, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.write_text("mine")
    inside = here.extensions["settings"].data_dir / "backup.tar.gz"

    assert "existe déjà" in refused(here, "backup", str(target))
    assert target.read_text() == "mine"
    assert "n’existe pas" in refused(here, "backup", str(tmp_path / "nowhere" / "x"))
    assert "dossier de données" in refused(here, "backup", str(inside))
    run(here, "backup", str(tmp_path))
    assert len(list(tmp_path.glob("backoffice-20*.tar.gz"))) == 1


@on_sqlite_only
def test_a_backup_that_fails_leaves_nothing_behind(
    here: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "copy_out", fail)
    target = tmp_path / "out"
    target.mkdir()
    assert "No space left on device" in refused(here, "backup", str(target))
    assert list(target.iterdir()) == []
    assert rows(here, Fact, field=backups.MADE) == []


@pytest.fixture
def older(here: Flask, databases: Databases) -> Iterator[Flask]:
    """The product on a database that misses the newest migrations."""
    add_client(here, "EDF")
    with here.app_context(), for_writing():
        downgrade(revision="0013")
        db.engine.dispose()
    yield here
    with here.app_context():
        db.engine.dispose()
    databases.recreate()


def test_an_older_backup_is_brought_up_to_date(older: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    archive = tmp_path / "old.tar.gz"
    run(older, "backup", str(archive))
    assert manifest(archive)["schema"] == "0013"
    run(elsewhere, "restore", str(archive))
    make_user(elsewhere, "alice@exemple.fr", "administrateur")
    assert "✓ Schéma à jour" in run(elsewhere, "doctor").stdout


@pytest.mark.parametrize(("refusals", "noted"), [(2, 1), (9, 0)])
@on_sqlite_only
def test_a_good_backup_that_is_hard_to_note_is_kept_and_said(
    here: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusals: int, noted: int
) -> None:
    left = [None] * refusals

    def write(*args: Any, **kwargs: Any) -> Any:
        if left:
            left.pop()
            raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))
        return short_write(*args, **kwargs)

    monkeypatch.setattr(backups, "short_write", write)
    target = tmp_path / "backup.tar.gz"
    result = here.test_cli_runner().invoke(args=["backup", str(target)])
    assert len(rows(here, Fact, field=backups.MADE)) == noted
    assert manifest(target)["engine"] == "sqlite"
    assert ("est bonne, mais la base n’a pas pu le noter" in result.stderr) == (noted == 0)
    assert (result.exit_code == 0) == bool(noted)


def _program(folder: Path, version: str) -> None:
    program = folder / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "pg_dump (PostgreSQL) {version}"\n')
    program.chmod(0o755)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_without_a_program_as_new_as_the_server_one_is_told_which_to_install(
    here: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(copies, "_FOLDERS", ())
    assert "Il manque le programme pg_dump : installez" in refused(here, "backup", str(tmp_path / "x"))
    _program(tmp_path, "9.6.24")
    assert "pg_dump est en version 9 et le serveur en version" in refused(here, "backup", str(tmp_path / "x"))
    assert not (tmp_path / "x").exists()


def test_a_database_without_tables_is_not_backed_up(elsewhere: Flask, tmp_path: Path) -> None:
    assert "vide" in refused(elsewhere, "backup", str(tmp_path / "x"))


@on_sqlite_only
def test_the_newest_state_that_stands_in_a_backup_is_known_to_every_machine(
    here: Flask, tmp_path: Path
) -> None:
    archive = backed_up(here, tmp_path)
    with here.app_context():
        found = backups.last_good(db.session())
        assert found is not None
        assert found.isoformat() == manifest(archive)["at"]
        noted = db.session.execute(text("SELECT actor_name, via FROM fact ORDER BY id DESC")).first()
    assert noted == ("système", "command")
    assert Manifest.__dataclass_fields__.keys() <= manifest(archive).keys()
