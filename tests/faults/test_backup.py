"""A backup is taken while eight people create clients, is killed in its midst, and comes back on an empty machine."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from backoffice.emails import storage
from config import ROOT
from tests.emails.letters import letter
from tests.faults import cluster
from tests.faults.figures import Figures
from tests.faults.load import Told, halves, load, lost
from tests.faults.processes import environment, eventually
from tests.faults.site import SOMEBODY, Site
from tests.users.people import PASSWORD

ELSEWHERE = "elsewhere"
KILLS = 3
#: SQLite lets its writers in one by one and in no order; somebody is let in all the time.
PATIENCE = 5
#: Of rows that are never changed each that was restored is as it was.
_UNCHANGED = (
    "SELECT id, client_id, email, last_name FROM contact",
    "SELECT id, entity_id, field, action FROM fact",
)


def _flask(site: Site, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT,
        env=environment(**site.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _run(site: Site, *words: str) -> str:
    """What a command says that does its work."""
    with _flask(site, *words) as process:
        said, complaint = process.communicate(timeout=120)
    assert process.returncode == 0, f"{said}\n{complaint[-3000:]}"
    return said


@contextmanager
def _empty_machine(site: Site, home: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A machine of the same kind on which nothing was ever done."""
    url = ""
    if site.engine == "postgresql":
        server: cluster.Server = request.getfixturevalue("postgres")
        server.execute(f"CREATE DATABASE {ELSEWHERE}")
        url = server.url().replace(f"/{cluster.DATABASE}?", f"/{ELSEWHERE}?")
    folder = home / ELSEWHERE
    folder.mkdir()
    made = Site(folder, url)
    try:
        yield made
    finally:
        made.close()


def _worked_on(told: Told, clients: int) -> None:
    """So many more clients are acknowledged."""
    before = len(told.acknowledged)
    eventually(lambda: len(told.acknowledged) >= before + clients, 60, "more clients")


def _has_begun(process: subprocess.Popen[str], folder: Path) -> bool:
    return process.poll() is not None or any(folder.glob(".backoffice-*/*"))


def _killed_in_the_midst(site: Site, target: Path) -> int:
    """Backups that are killed: none of them leaves anything under its name. How many were."""
    killed = 0
    for turn in range(KILLS):
        process = _flask(site, "backup", str(target))
        eventually(partial(_has_begun, process, target.parent), 60, "a backup")
        time.sleep(0.02 * turn)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if process.returncode == -signal.SIGKILL:
            killed += 1
            assert not target.exists()
        else:
            target.unlink(missing_ok=True)
    return killed


def test_a_backup_under_load_restores_on_an_empty_machine(
    site: Site, home: Path, figures: Figures, request: pytest.FixtureRequest
) -> None:
    target = home / "backup.tar.gz"
    name = storage.keep(site.data, letter().as_bytes())
    served = site.serve()
    with load(site, served.port) as told:
        _worked_on(told, 10)
        killed = _killed_in_the_midst(site, target)
        before = Told(dict(told.acknowledged))
        began = time.monotonic()
        _run(site, "backup", str(target))
        took = time.monotonic() - began
        meanwhile = [began, *(at for at in told.since(began) if at < began + took), began + took]
        _worked_on(told, 5)
    served.stop()
    with _empty_machine(site, home, request) as other:
        began = time.monotonic()
        _run(other, "restore", str(target))
        back = time.monotonic() - began
        missing, broken = lost(other, before), halves(other)
        changed = [row for query in _UNCHANGED for row in _restored_but_not_there(site, other, query)]
        _run(other, "doctor")
        _enters(other)
    what = "backup under load, restore elsewhere"
    figures.note(what, site.engine, "clients acknowledged before it", len(before.acknowledged))
    figures.note(what, site.engine, "clients acknowledged during it", len(meanwhile) - 2, "> 0")
    longest = max(after - at for at, after in pairwise(meanwhile))
    figures.note(what, site.engine, "longest time in which nobody could save", longest, f"< {PATIENCE}")
    figures.note(what, site.engine, "requests that were answered with 503", told.refused["503"])
    figures.note(what, site.engine, "backups killed in their midst", killed)
    figures.note(what, site.engine, "seconds of the backup", took)
    figures.note(what, site.engine, "seconds of the restore", back)
    figures.note(what, site.engine, "acknowledged before it and lost", len(missing), "0")
    figures.note(what, site.engine, "clients by halves", len(broken), "0")
    assert (missing, broken, changed) == ([], [], [])
    assert longest < PATIENCE
    assert told.refused["500"] == 0, served.complaints()[-6000:]
    assert not list(other.data.rglob(name))  # a message that no record names stays behind


def _restored_but_not_there(site: Site, other: Site, query: str) -> list[Any]:
    """Rows of the restored machine that the old one does not have; its own note of the restore is one."""
    own = "" if "fact" not in query else " WHERE field <> 'restore'"
    return sorted(set(other.rows(query + own)) - set(site.rows(query)))


def _enters(other: Site) -> None:
    """Whoever had an account logs in with the same password."""
    served = other.serve()
    visitor = other.visitor(served.port)
    visitor.cookies.clear()
    assert visitor.log_in(SOMEBODY, PASSWORD).goes_to == "/"
    assert visitor.get("/client/").status == 200
    served.stop()
