"""What is no backup changes nothing; what is there already is only replaced by whoever says so twice."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from backoffice.core.db import db, for_writing, now
from backoffice.core.jobs import JobRun
from backoffice.emails import storage
from tests.clients.cast import add_client
from tests.conftest import MakeApp, on_sqlite_only
from tests.ops.backups import (
    backed_up,
    everything,
    files,
    members,
    packed,
    refused,
    run,
)
from tests.ops.backups import elsewhere as elsewhere
from tests.ops.backups import here as here


def list_of_codes(app: Flask) -> Path:
    """Something else that lies in the data folder."""
    folder: Path = app.extensions["settings"].data_dir
    return folder / "ape" / "naf.csv"


@pytest.fixture
def archive(here: Flask, tmp_path: Path) -> Path:
    add_client(here, "EDF")
    list_of_codes(here).parent.mkdir()
    list_of_codes(here).write_bytes(b"x" * 5000)
    return backed_up(here, tmp_path)


def _odd(name: str, kind: bytes = tarfile.REGTYPE, to: str = "") -> Callable[[Path], None]:
    def change(path: Path) -> None:
        member = tarfile.TarInfo(name)
        member.type, member.linkname, member.size = kind, to, 3 if kind == tarfile.REGTYPE else 0
        packed(path, members(path), member)

    return change


def _told(**changes: object) -> Callable[[Path], None]:
    """Another manifest; every checksum is right."""

    def change(path: Path) -> None:
        content = members(path)
        content["manifest.json"] = json.dumps({**json.loads(content["manifest.json"]), **changes}).encode()
        packed(path, content)

    return change


def _byte(path: Path) -> None:
    """One byte of a document is another, in an archive that is sound by itself."""
    content = members(path)
    name = next(name for name in content if name.startswith("data/"))
    content[name] = content[name][:-1] + b"y"
    packed(path, content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _without_manifest(path: Path) -> None:
    packed(path, dict(list(members(path).items())[:-1]))


def _more_after_it(path: Path) -> None:
    packed(path, members(path) | {"data/late": b"x"})


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut off": (_cut, "tronqué"),
    "a wrong bit": (_bit, "abîmé"),
    "a wrong byte": (_byte, "somme de contrôle"),
    "no manifest": (_without_manifest, "n’est pas une sauvegarde"),
    "something after the manifest": (_more_after_it, "pas sa place"),
    "no archive at all": (lambda path: path.write_text("bonjour"), "n’est pas une sauvegarde"),
    "nothing": (lambda path: path.write_bytes(b""), "n’est pas une sauvegarde"),
    "another tar": (lambda path: packed(path, {"data/x": b"x"}), "n’est pas une sauvegarde"),
    "a way up": (_odd("data/../../x"), "pas sa place"),
    "a way up at once": (_odd("../x"), "pas sa place"),
    "an absolute path": (_odd("/tmp/x"), "pas sa place"),  # noqa: S108
    "a hidden file": (_odd("data/.ssh/x"), "pas sa place"),
    "a file beside": (_odd("x"), "pas sa place"),
    "a name that rings": (_odd("data/\x1b[2Jx"), "pas sa place"),
    "a link": (_odd("data/x", tarfile.SYMTYPE, "/etc/passwd"), "pas sa place"),
    "a hard link": (_odd("data/x", tarfile.LNKTYPE, "database"), "pas sa place"),
    "a device": (_odd("data/x", tarfile.CHRTYPE), "pas sa place"),
    "a folder": (_odd("data/x", tarfile.DIRTYPE), "pas sa place"),
    "the same twice": (_odd("database"), "n’est pas une sauvegarde"),
    "one more document": (_odd("data/x"), "somme de contrôle"),
    "a newer format": (_told(format=2), "plus récente"),
    "a newer schema": (_told(schema="9999", version="7.0"), "plus récente du produit (7.0)"),
    "another engine": (_told(engine="postgresql"), "vient de postgresql"),
    "another product": (_told(product="x"), "n’est pas une sauvegarde"),
    "a manifest with more in it": (_told(x=1), "n’est pas une sauvegarde"),
}


@on_sqlite_only
def test_what_is_no_whole_backup_of_ours_is_refused_in_one_sentence_and_changes_nothing(
    archive: Path, elsewhere: Flask, tmp_path: Path
) -> None:
    spoilt, wrong = tmp_path / "spoilt.tar.gz", {}
    assert everything(elsewhere) == {}
    for what, (spoil, sentence) in HOSTILE.items():
        shutil.copyfile(archive, spoilt)
        spoil(spoilt)
        before = sorted(tmp_path.rglob("*"))
        said = refused(elsewhere, "restore", str(spoilt))
        if sentence not in said or sorted(tmp_path.rglob("*")) != before or everything(elsewhere):
            wrong[what] = said
    assert wrong == {}


def test_what_is_there_stays_unless_one_types_the_word(here: Flask, archive: Path, tmp_path: Path) -> None:
    add_client(here, "Orange")
    storage.keep(here.extensions["settings"].data_dir, b"newer")
    list_of_codes(here).write_bytes(b"newer")
    before, kept = everything(here), files(here)

    assert "pas vide (2 client(s), 0 compte(s), 2 document(s))" in refused(here, "restore", str(archive))
    for typed in ("", "oui\n", "remplacer\n"):
        said = run(here, "restore", "--replace", str(archive), typed=typed, fails=True)
        assert said.stderr.splitlines()[-1] == "Error: Abandonné : rien n’a été changé."
    assert (everything(here), files(here), list_of_codes(here).read_bytes()) == (before, kept, b"newer")

    run(here, "restore", "--replace", str(archive), typed="REMPLACER\n")
    assert [row["name"] for row in everything(here)["client"]] == ["EDF"]
    assert list_of_codes(here).read_bytes() == b"x" * 5000
    assert files(here) == {}
    told = here.test_cli_runner().invoke(args=["doctor"]).stdout
    assert "✓ L’historique ne peut pas être modifié" in told


@on_sqlite_only
def test_nothing_is_replaced_under_a_service_that_works(here: Flask, archive: Path) -> None:
    def seen(at: timedelta) -> None:
        with here.app_context(), for_writing():
            db.session.merge(JobRun(name="probe", begun_at=now() - at))
            db.session.commit()

    seen(timedelta(seconds=30))
    assert "arrêtez « flask serve »" in refused(here, "restore", "--replace", str(archive))
    seen(timedelta(seconds=80))
    run(here, "restore", "--replace", str(archive), typed="REMPLACER\n")


@on_sqlite_only
def test_a_key_given_from_outside_must_be_that_of_the_backup(
    archive: Path, make_app: MakeApp, tmp_path: Path
) -> None:
    key = "kJ8-dd3nQ_x2Lm9RtYw4ZpA7bVc6Es1f"
    other = make_app(
        DATA_DIR=str(tmp_path / "other"), DATABASE_URL=f"sqlite:///{tmp_path}/other.db", SECRET_KEY=key
    )
    assert "BACKOFFICE_SECRET_KEY n’est pas la clé" in refused(other, "restore", str(archive))
    assert everything(other) == {}
    same = members(archive)["secret_key"].decode().strip()
    other = make_app(
        DATA_DIR=str(tmp_path / "same"), DATABASE_URL=f"sqlite:///{tmp_path}/same.db", SECRET_KEY=same
    )
    run(other, "restore", str(archive))
    assert not (tmp_path / "same" / "secret_key").exists()
