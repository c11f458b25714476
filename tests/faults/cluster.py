"""PostgreSQL as one runs it in earnest: durable, and with a synchronous standby where a test wants one."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.processes import environment, eventually, family, kill_family, send
from tests.faults.site import free_port
from tests.postgres import binaries

STANDBY = "standby"
DATABASE = "faults"
_SMALL = ("max_connections=60", "shared_buffers=32MB", "wal_keep_size=64MB", "max_wal_senders=4")


class Server:
    """One server of PostgreSQL, in a folder and on a port of its own."""

    def __init__(self, home: Path, name: str) -> None:
        found = binaries()
        if found is None:
            pytest.skip("no PostgreSQL binaries on this machine (Debian: apt install postgresql)")
        self._binaries, self.data, self.port = found, home / name, free_port()
        self._log = home / f"{name}.log"
        root = os.geteuid() == 0
        self._account: dict[str, Any] = (
            {"user": "postgres", "group": "postgres", "extra_groups": []} if root else {}
        )
        self.user = "postgres" if root else getpass.getuser()
        self.data.mkdir(mode=0o700)
        if root:
            shutil.chown(self.data, "postgres", "postgres")

    def begin(self) -> Server:
        """An empty cluster, with the database of the product."""
        self.run(
            "initdb", "-D", str(self.data), "-U", self.user, "-A", "trust", "-E", "UTF8", "--no-locale", "-N"
        )
        self.start()
        self.execute(f"CREATE DATABASE {DATABASE}", "postgres")
        return self

    def copy_of(self, primary: Server) -> Server:
        """A standby of this server, that follows it."""
        source = f"host=127.0.0.1 port={primary.port} user={self.user} application_name={STANDBY}"
        self.run(
            "pg_basebackup", "-D", str(self.data), "-d", source, "-R", "-X", "stream", "-c", "fast", "-N"
        )
        self.start()
        return self

    def start(self) -> None:
        options = [f"-c{option}" for option in (*_SMALL, "unix_socket_directories=", f"port={self.port}")]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.data, "-clisten_addresses=127.0.0.1", *options],
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment(),
                **self._account,
            )
        eventually(self.is_there, 30, "PostgreSQL")

    def is_there(self) -> bool:
        assert self.process.poll() is None, self._log.read_text()[-3000:]
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """As an administrator stops it: connections are closed, transactions undone."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """kill -9 for all its processes."""
        kill_family(self.process)

    def freeze(self) -> None:
        """SIGSTOP for all its processes: the system still takes connections, and nobody answers."""
        for _time in range(2):  # one that was being made meanwhile is frozen too
            send(family(self.process.pid), signal.SIGSTOP)

    def thaw(self) -> None:
        send(reversed(family(self.process.pid)), signal.SIGCONT)

    def promote(self) -> None:
        """Make the standby the server that takes writes, and wait until it does."""
        self.execute("SELECT pg_promote(true, 30)", "postgres")

    def url(self, *others: Server) -> str:
        """The address of the product's database, on this server or on whichever of several takes writes."""
        hosts = "&".join(f"host=127.0.0.1:{server.port}" for server in (self, *others))
        return (
            f"postgresql+psycopg://{self.user}@/{DATABASE}?{hosts}"
            "&target_session_attrs=read-write&connect_timeout=2"
        )

    def connect(self, database: str = DATABASE) -> psycopg.Connection[Any]:
        """A connection of the tests' own, beside the product; each statement commits by itself."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=self.user,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def execute(self, statement: str, database: str = DATABASE) -> list[Any]:
        with self.connect(database) as connection:
            cursor = connection.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def run(self, program: str, *arguments: str) -> None:
        with self._log.open("ab") as log:
            subprocess.run(
                [self._binaries / program, *arguments],
                check=True,
                cwd="/",
                stdout=log,
                stderr=log,
                env=environment(),
                **self._account,
            )


def set_synchronous(primary: Server, names: str) -> None:
    """Let each commit wait for these standbys; for none with ''."""
    primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'", "postgres")
    primary.execute("SELECT pg_reload_conf()", "postgres")
    wanted = "sync" if names else "async"
    question = f"SELECT 1 FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = '{wanted}'"
    eventually(lambda: primary.execute(question, "postgres"), 20, f"an {wanted} standby")


@contextmanager
def server(home: Path) -> Iterator[Server]:
    """One server, for as long as the block."""
    made = Server(home, "primary")
    try:
        yield made.begin()
    finally:
        _end(made)


@contextmanager
def pair(home: Path) -> Iterator[tuple[Server, Server]]:
    """A server and its synchronous standby."""
    primary, standby = Server(home, "primary"), Server(home, "standby")
    try:
        primary.begin()
        standby.copy_of(primary)
        set_synchronous(primary, STANDBY)
        yield primary, standby
    finally:
        _end(primary)
        _end(standby)


def _end(server: Server) -> None:
    if hasattr(server, "process"):
        server.thaw()
        server.kill()


def seconds_until(is_so: Any, within: float) -> float:
    """How long it takes until this is so."""
    began = time.monotonic()
    eventually(is_so, within)
    return time.monotonic() - began
