"""A whole set-up of the product: data folder, database, `flask serve` with two workers, and somebody who may enter."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from flask import Flask
from sqlalchemy import text

from backoffice import create_app
from backoffice.core.db import db
from config import PREFIX, ROOT, load_settings
from tests.databases import migrate_to_head
from tests.faults.processes import FOLDERS, GONE, environment, eventually, family, kill_family
from tests.faults.visitor import Visitor
from tests.users.people import make_user, session_cookie

SOMEBODY = "alice@exemple.fr"
WORKERS = 2
_GUARDS_OUT = Path(__file__).with_name("without")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """One `flask serve`."""

    def __init__(self, settings: dict[str, str], log: Path) -> None:
        self.port, self._settings, self._log = free_port(), settings, log
        self.start()

    def start(self) -> None:
        """Begin, and come back once it is ready."""
        said = self._log.with_suffix(".out")
        with said.open("wb") as out, self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "serve", "--workers", str(WORKERS)],
                cwd=ROOT,
                env=environment(PORT=str(self.port), **self._settings),
                stdout=out,
                stderr=log,
            )
        eventually(lambda: "Prêt" in said.read_text() or self.process.poll() is not None, what="the server")
        assert self.process.poll() is None, self._log.read_text()[-3000:]

    def workers(self) -> list[psutil.Process]:
        """The processes that answer: not the one that works beside them."""
        return [child for child, words in self._children() if "serve" in words]

    def background(self) -> list[psutil.Process]:
        """The process that works beside them."""
        return [child for child, words in self._children() if "worker" in words]

    def _children(self) -> Iterator[tuple[psutil.Process, list[str]]]:
        """Those that are alive, with their command lines."""
        for child in psutil.Process(self.process.pid).children():
            with suppress(*GONE):
                yield child, child.cmdline()

    def kill(self) -> None:
        """kill -9 for all of it."""
        kill_family(self.process)

    def stop(self) -> None:
        """In order, and with force where that is not enough."""
        below = family(self.process.pid)
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                kill_family(self.process)
        psutil.wait_procs(below, timeout=20)

    def complaints(self) -> str:
        return self._log.read_text(errors="replace")


class Site:
    """A data folder and its database, with an account for `SOMEBODY`; `serve` as often as wanted."""

    def __init__(self, folder: Path, database_url: str = "", **settings: str) -> None:
        self.folder = folder
        self.data = Path(settings.pop("data_dir", "")) if "data_dir" in settings else folder / "data"
        typed = {"DATA_DIR": str(self.data), "LOG_LEVEL": "warning", **settings}
        if database_url:
            typed["DATABASE_URL"] = database_url
        self.settings = {PREFIX + name: value for name, value in typed.items()}
        self.app: Flask = create_app(load_settings(self.settings))
        self.engine = self.app.extensions["settings"].database_url.get_backend_name()
        self._served: list[Served] = []

    def prepare(self) -> Site:
        """Bring the database up to date, and let somebody in."""
        migrate_to_head(self.app)
        make_user(self.app, SOMEBODY, "administrateur")
        self.let_go()
        return self

    def serve(self, without: str = "") -> Served:
        """One more `flask serve`; for a control `without` one of the guards (without/sitecustomize.py)."""
        guards = {"FAULTS_WITHOUT": without, "PYTHONPATH": str(_GUARDS_OUT)} if without else {}
        log = self.folder / f"serve-{len(self._served)}.log"
        self._served.append(Served({**self.settings, **guards}, log))
        return self._served[-1]

    def visitor(self, port: int) -> Visitor:
        """Somebody who has logged in, with a session of their own."""
        cookie = session_cookie(self.app, SOMEBODY)
        self.let_go()
        return Visitor(port, *cookie)

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What the database says now, beside the product."""
        with self.app.app_context(), db.engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query), values)]
        self.let_go()
        return found

    def let_go(self) -> None:
        """Keep no connection."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def close(self) -> None:
        for each in self._served:
            each.kill()  # that it also ends in order is shown elsewhere (tests/ops)
        self.let_go()


@contextmanager
def folder_of_its_own() -> Iterator[Path]:
    """A folder that PostgreSQL's account can enter, and that is gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix=FOLDERS))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
