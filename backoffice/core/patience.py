"""Connections to PostgreSQL that notice when the server has fallen silent: frozen, or cut off by the network.

No time-out of the driver or of TCP ends such a wait soon enough for somebody who waits for a page. A statement that
takes long is no such case: while it runs, the server is asked beside it for a sign of life, and only when none comes
the connection is given up. Commands and the worker wait as long as it takes.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Generator
from contextvars import ContextVar
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine

#: True while somebody waits for a page.
hurried: ContextVar[bool] = ContextVar("hurried", default=False)

#: So long a statement says nothing before the server is asked for a sign of life, and again each time.
ASKS_AFTER = 0.5
#: A server that is well answers in a millisecond, one that is very busy within this time.
ANSWERS_WITHIN = 1.0
#: Whoever comes while a server is known to be silent isn't made to wait for it.
SILENT_FOR = 1.0
#: A commit that waits for the standby is given up after this: it may have been carried out.
COMMITS_WITHIN = 6.0
_WAKES_EVERY = 0.1

#: What every server of PostgreSQL answers with one letter, before it asks who is there.
_ASK_FOR_TLS = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
#: Until when a server, by its address, is not asked again.
_silent: dict[tuple[str, int], float] = {}


class PatientConnection(psycopg.Connection[Any]):
    """A connection that does not wait for a server that is silent."""

    _given_up_at: float | None = None

    def wait(self, gen: Any, interval: float = _WAKES_EVERY, timeout: float | None = None) -> Any:
        if not hurried.get():
            return super().wait(gen, interval, timeout)
        return super().wait(self._watched(gen), _WAKES_EVERY, timeout)

    def commit(self) -> None:
        self._given_up_at = time.monotonic() + COMMITS_WITHIN
        try:
            super().commit()
        finally:
            self._given_up_at = None

    def _watched(self, waiting: Any) -> Generator[Any, Any, Any]:
        """What the driver waits for, with a look at the server each time that nothing has come for a while."""
        asks_at = time.monotonic() + ASKS_AFTER
        try:
            wanted = next(waiting)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() >= asks_at:
                    self._look()
                    asks_at = time.monotonic() + ASKS_AFTER
                elif ready:
                    asks_at = time.monotonic() + ASKS_AFTER
                wanted = waiting.send(ready)
        except StopIteration as done:
            return done.value

    def _look(self) -> None:
        server, port = self.pgconn.hostaddr or self.pgconn.host, int(self.pgconn.port)
        if not answers(server.decode(), port):
            self._give_up("the server gives no sign of life")
        if self._given_up_at is not None and time.monotonic() > self._given_up_at:
            self._give_up("the standby confirms nothing")

    def _give_up(self, why: str) -> None:
        self.pgconn.finish()
        raise psycopg.OperationalError(why)


def answers(host: str, port: int) -> bool:
    """Does this server give a sign of life? One that has just failed to is not asked again at once."""
    if time.monotonic() < _silent.get((host, port), 0):
        return False
    try:
        with _line(host, port) as line:
            line.settimeout(ANSWERS_WITHIN)
            line.sendall(_ASK_FOR_TLS)
            found = bool(line.recv(1))
    except TimeoutError:
        _silent[(host, port)] = time.monotonic() + SILENT_FOR
        return False
    except OSError:  # nobody listens there: that is known at once, and so is the next time
        return False
    return found


def _line(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port), ANSWERS_WITHIN)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(ANSWERS_WITHIN)
        line.connect(f"{host}/.s.PGSQL.{port}")
    except OSError:
        line.close()
        raise
    return line


def _those_that_answer(params: dict[str, Any]) -> dict[str, Any]:
    """Of several servers those that are not silent, for each would be waited for in turn."""
    hosts = str(params.get("host") or "").split(",")
    if not all(hosts) or "hostaddr" in params:
        return params  # the driver knows where: the environment says it, or the address of the machine
    ports = str(params.get("port") or "5432").split(",")
    servers = list(zip(hosts, ports * len(hosts) if len(ports) == 1 else ports, strict=True))
    found = [(host, port) for host, port in servers if answers(host, int(port or 5432))]
    if not found:
        raise psycopg.OperationalError("no server gives a sign of life")
    return {
        **params,
        "host": ",".join(host for host, _ in found),
        "port": ",".join(port for _, port in found),
    }


@event.listens_for(Engine, "do_connect")
def _connect(dialect: Dialect, record: Any, arguments: Any, params: dict[str, Any]) -> Any:
    if dialect.name != "postgresql":
        return None
    return PatientConnection.connect(*arguments, **(_those_that_answer(params) if hurried.get() else params))
