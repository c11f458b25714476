"""A real PostgreSQL for the tests: from the system's binaries, in a folder and on a port of its own."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from psycopg import sql

_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora, Red Hat
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
#: Safe to lose: the tests may end at any moment, and speed is all that counts.
_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=64MB",
)
_START_SECONDS = 20


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL of this machine, None when there is none."""
    found = [
        path for pattern in _FOLDERS for path in Path("/").glob(pattern[1:]) if (path / "initdb").exists()
    ]
    if found:
        return max(found, key=lambda path: [int(number) for number in re.findall(r"\d+", str(path))])
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class Postgres:
    """A server that lives as long as the `with` block. `url(name)` is the address of one of its databases."""

    def __init__(self, folder: Path) -> None:
        self._binaries = folder
        self._port = _free_port()
        # The server refuses to run as root.
        root = os.geteuid() == 0
        self._account: dict[str, Any] = (
            {"user": "postgres", "group": "postgres", "extra_groups": []} if root else {}
        )
        self._user = "postgres" if root else getpass.getuser()

    def __enter__(self) -> Postgres:
        self._home = Path(tempfile.mkdtemp(prefix="postgres-"))
        if self._account:
            shutil.chown(self._home, "postgres", "postgres")
        data = self._home / "data"
        self._run(
            "initdb", "-D", str(data), "-U", self._user, "-A", "trust", "-E", "UTF8", "--no-locale", "-N"
        )
        options = [f"-c{option}" for option in (*_FAST, "unix_socket_directories=", f"port={self._port}")]
        with (self._home / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", data, "-clisten_addresses=127.0.0.1", *options],
                stdout=log,
                stderr=log,
                cwd="/",
                **self._account,
            )
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGINT)  # closes connections at once and ends in order
        self._process.wait(_START_SECONDS)
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def pid(self) -> int:
        return self._process.pid

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{self._user}@127.0.0.1:{self._port}/{database}"

    def create(self, database: str, template: str = "template1") -> None:
        self._execute("CREATE DATABASE {} TEMPLATE {}", database, template)

    def drop(self, database: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def _execute(self, statement: str, *names: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection of the tests' own, beside the product; each statement commits by itself."""
        return psycopg.connect(
            host="127.0.0.1", port=self._port, user=self._user, dbname=database, autocommit=True
        )

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._binaries / program, *arguments],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            **self._account,
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self._home / "log").read_text()) from None
                time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
