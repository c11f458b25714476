"""A backup that is made while people save holds one moment, all that was acknowledged before it, and hinders nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backoffice.ops import copies
from tests.clients.cast import add_client, browser_of
from tests.conftest import on_sqlite_only
from tests.emails.letters import drop, letter
from tests.ops.backups import Rows, backed_up, everything, files, manifest, run
from tests.ops.backups import elsewhere as elsewhere
from tests.ops.backups import here as here
from tests.web import Browser

_WRITERS = 2
_SECONDS = 60
#: What only grows in this test: each row of the copy is one of the original.
_ONLY_GROWS = ("contact", "address", "search_text", "user")


class Load:
    """People who save clients, and one who keeps messages, until they are told to stop."""

    def __init__(self, app: Flask) -> None:
        self.saved: list[str] = []
        self.kept: list[str] = []
        self.failed: list[str] = []
        self._stop = threading.Event()
        mailed = add_client(app, "EDF")
        people = [browser_of(app, name=f"Ada {'ABCD'[number]}") for number in range(_WRITERS + 1)]
        self._threads = [
            threading.Thread(target=self._until_stopped, args=(self._save, person)) for person in people[1:]
        ]
        keep = threading.Thread(
            target=self._until_stopped,
            args=(lambda person, number: self._keep(person, mailed, number), people[0]),
        )
        self._threads.append(keep)

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(_SECONDS)

    def wait_for_more(self) -> None:
        """Until others have saved and kept something since."""
        saved, kept, until = len(self.saved) + 1, len(self.kept), time.monotonic() + _SECONDS
        while len(self.saved) <= saved or len(self.kept) <= kept:
            assert time.monotonic() < until, "nobody can save"
            time.sleep(0.01)

    def _until_stopped(self, act: Callable[[Browser, int], None], person: Browser) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            act(person, number)

    def _save(self, person: Browser, number: int) -> None:
        name = f"Société {threading.get_ident()} {number}"
        person.get("/client/new/")
        fields = {"name": name, "contacts-0-email": f"x{threading.get_ident()}.{number}@exemple.fr"}
        person.submit("#record", **fields)
        (self.saved if person.path.startswith("/client/details/") else self.failed).append(name)

    def _keep(self, person: Browser, client: int, number: int) -> None:
        subject = f"Message {number}"
        drop(person, client, letter(Subject=subject, Message_ID=f"<{number}@edf.fr>").as_bytes())
        (self.kept if person.status == 200 else self.failed).append(subject)


@on_sqlite_only  # on both engines, with gunicorn and more people: tests/faults/test_backup.py
def test_under_load_a_backup_holds_one_moment_and_all_that_was_acknowledged_before_it(
    here: Flask, elsewhere: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = Load(here)
    copy_out = copies.copy_out

    def copy(connection: Any, target: Path, moved: Any) -> None:
        """In the middle of the copy and after it the others must be able to save."""
        first = True

        def told(size: int) -> None:
            nonlocal first
            if first:
                first = False
                load.wait_for_more()
            moved(size)

        copy_out(connection, target, told)
        load.wait_for_more()  # what is counted and looked for after it is still of the same moment

    monkeypatch.setattr(copies, "copy_out", copy)
    monkeypatch.setattr(copies, "_PAGES", 20)
    with load:
        load.wait_for_more()
        saved, kept = set(load.saved), set(load.kept)
        archive = backed_up(here, tmp_path)
        load.wait_for_more()
    run(elsewhere, "restore", str(archive))

    assert load.failed == []
    was, now = everything(here), everything(elsewhere)
    assert saved <= _all(now, "client", "name") < _all(was, "client", "name")
    assert kept <= _all(now, "entry", "subject") < _all(was, "entry", "subject")
    for table in _ONLY_GROWS:
        assert [row for row in now[table] if row not in was[table]] == []
    counted = manifest(archive)["rows"]
    assert {name: counted[name] for name in _ONLY_GROWS} == {name: len(now[name]) for name in _ONLY_GROWS}
    _is_one_moment(now)
    assert _all(now, "entry", "raw_name") == {Path(name).name for name in files(elsewhere)}


def _all(found: Rows, table: str, column: str) -> set[Any]:
    return {row[column] for row in found[table]}


def _is_one_moment(found: Rows) -> None:
    """Every client has its main contact, and each record its facts: both are written with it."""
    own = {row["id"]: row["client_id"] for row in found["contact"]}
    assert {row["id"] for row in found["client"] if own.get(row["main_contact_id"]) != row["id"]} == set()
    for table in ("client", "contact", "entry"):
        told = {row["entity_id"] for row in found["fact"] if row["entity"] == table}
        assert _all(found, table, "id") == told, table
