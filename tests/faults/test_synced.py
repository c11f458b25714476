"""What is acknowledged is on the disk: the system was asked to write it down before the answer left."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.figures import Figures
from tests.faults.processes import environment, eventually
from tests.faults.site import Served, Site

CLIENTS = 10


@contextmanager
def listened_to(served: Served, notes: Path) -> Iterator[None]:
    """What the processes that answer ask of the system is written down, for as long as the block."""
    program = shutil.which("strace")
    if program is None:
        pytest.skip("no strace on this machine (Debian: apt install strace)")
    whose = [word for worker in served.workers() for word in ("-p", str(worker.pid))]
    command = [program, "-f", "-e", "trace=fsync,fdatasync", "-o", str(notes), *whose]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True) as ear:
        assert ear.stderr is not None
        for _worker in served.workers():
            assert "attached" in ear.stderr.readline()
        try:
            yield
        finally:
            ear.send_signal(signal.SIGINT)
            ear.stderr.read()
    eventually(lambda: ear.poll() is not None, 10)


@pytest.mark.parametrize("without", ["", "sync"], ids=["guard", "control"])
def test_each_acknowledged_client_was_written_down_first(
    on_sqlite: Site, home: Path, figures: Figures, without: str
) -> None:
    """With synchronous=FULL once for each at least; without it, never."""
    served = on_sqlite.serve(without)
    visitor = on_sqlite.visitor(served.port)
    form = visitor.get("/client/new/").form("#record")
    with listened_to(served, home / "notes"):
        for number in range(CLIENTS):
            own = {"name": f"Charge {number}", "contacts-0-email": f"{number}@charge.example"}
            answer = visitor.post("/client/new/", form.fields({**own, "idempotency_key": uuid.uuid4().hex}))
            assert answer.status == 302
    synced = len(re.findall(r"f(?:data)?sync\(", (home / "notes").read_text()))

    what = "control with synchronous=OFF: syncs" if without else "syncs"
    figures.note(
        f"{CLIENTS} clients, one by one", "sqlite", what, synced, "0" if without else f">= {CLIENTS}"
    )
    assert (synced == 0) if without else (synced >= CLIENTS)
