"""`flask serve`: the product under gunicorn, on any machine, with sensible time-outs and quiet logs."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import time
from typing import Any

import click
import gunicorn.http.wsgi
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade as migrate_to_head
from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from backoffice.core.db import db
from backoffice.ops.commands import is_up_to_date, refuse_old_schema
from backoffice.ops.metrics import process_is_gone
from backoffice.ops.slow_clients import WaitingWorker
from backoffice.ops.worker import STOP_SECONDS
from backoffice.users.setup import setup_link
from config import ROOT

#: Named by its address, as gunicorn does: the composition root stands above us and is never imported.
APPLICATION = "backoffice:create_app()"

#: Each worker answers this many requests at once; the others wait on the database anyway.
THREADS = 4


class QuietLogger(Logger):
    """Gunicorn's own remarks, through our handler: one JSON line each."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True
        self.error_log.setLevel("INFO" if cfg.loglevel == "debug" else "WARNING")

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """What is no HTTP is said to be that, and neither by whom nor what."""
        if str(msg).startswith("Invalid request from"):
            kind = sys.exc_info()[0]
            msg, args = "invalid request: %s", (kind.__name__ if kind else "malformed",)
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """The address of a failed request stays here."""
        super().exception(msg, *("…" if str(each).startswith("/") else each for each in args), **kwargs)


class BackgroundWork:
    """The process of `flask worker` beside the pages: begun again when it dies, ended with them."""

    #: One that dies at once is not begun again at once.
    PAUSE_SECONDS = 5

    def __init__(self, here: str) -> None:
        self._command = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), "worker"]
        self._command += ["--here", here, "--keeper", str(os.getpid())]
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def keep(self) -> None:
        """Begin it unless it runs."""
        if (
            self._process is not None and self._process.poll() is None
        ) or time.monotonic() < self._not_before:
            return
        self._not_before = time.monotonic() + self.PAUSE_SECONDS
        # In a session of its own: Ctrl-C is for us, who tell it in time.
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            self._command, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def ask_to_end(self) -> None:
        """Let it end what it is doing."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def await_end(self) -> None:
        """Wait until it has ended, and no longer than a mail server may take to answer."""
        if self._process is None:
            return
        try:
            self._process.wait(STOP_SECONDS + 3)
        except subprocess.TimeoutExpired:
            self._process.kill()


class Keeper(Arbiter):
    """Gunicorn's keeper of the processes that answer, which also keeps the one that works beside them."""

    background: BackgroundWork

    def manage_workers(self) -> None:
        super().manage_workers()
        self.background.keep()

    def stop(self, graceful: bool = True) -> None:
        self.background.ask_to_end()
        super().stop(graceful)
        self.background.await_end()


class Server(BaseApplication):
    """Gunicorn set up from here instead of from its command line.

    Each worker makes its own application after the fork, so no connection is shared between processes.
    """

    def __init__(self, options: dict[str, Any], background: BackgroundWork) -> None:
        self.options = options
        self.background = background
        super().__init__()

    def run(self) -> None:
        keeper = Keeper(self)
        keeper.background = self.background
        keeper.run()

    def load_config(self) -> None:
        settings: Any = self.cfg
        for name, value in self.options.items():
            settings.set(name, value)

    def load(self) -> Any:
        return util.import_app(APPLICATION)


def options(host: str, port: int, workers: int, log_level: str) -> dict[str, Any]:
    """What gunicorn is told."""
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": WaitingWorker,
        "threads": THREADS,
        "timeout": 60,  # a worker that gives no sign of life for so long is replaced
        "graceful_timeout": 15,
        "keepalive": 5,
        "max_requests": 20_000,  # a leak, should there be one, never grows old
        "max_requests_jitter": 2_000,
        "limit_request_line": 8190,
        "loglevel": log_level,
        "logger_class": QuietLogger,
        "control_socket_disable": True,
        # X-Forwarded headers are read in one place, ProxyFix, and only from as many proxies as trusted.
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
    }


def address(host: str, port: int) -> str:
    """Where a person on this machine finds what listens there."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - listens everywhere, and so on localhost too
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _announce(here: str, first_visit: str | None) -> None:
    if first_visit:
        click.echo(
            f"Première visite : créez l’administrateur avec ce lien, qui ne sert qu’une fois :\n{first_visit}"
        )
    click.echo(f"Prêt : {here} (Ctrl-C pour arrêter)")


def _refuse_taken_port(host: str, port: int) -> None:
    """Gunicorn would try five times and end with a stack of remarks."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(_why(error, host, port)) from None


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Le port {port} est déjà pris ; choisissez-en un autre, par exemple PORT={port + 1}."
    if error.errno == errno.EACCES:
        return f"Le port {port} demande des droits d’administrateur ; choisissez-en un à partir de 1024."
    return f"Impossible d’écouter sur {host}:{port} ({error.strerror})."


@click.command("serve", help="Sert l’application (gunicorn), par défaut sur http://127.0.0.1:5000.")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Adresse d’écoute.")
@click.option(
    "--port",
    envvar="PORT",
    default=5000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port d’écoute.",
)
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Nombre de processus."
)
@click.option("--upgrade", is_flag=True, help="Met d’abord la base de données à jour.")
@with_appcontext
def serve(host: str, port: int, workers: int, upgrade: bool) -> None:
    settings, here = current_app.extensions["settings"], address(host, port)
    _refuse_taken_port(host, port)
    if not upgrade:
        refuse_old_schema()
    elif not is_up_to_date():
        migrate_to_head()
    first_visit = setup_link(settings, here)
    db.engine.dispose()  # what the command itself has opened stays in this process
    gunicorn.http.wsgi.SERVER = "backoffice"  # the Server header names no program and no version
    Server(
        options(host, port, workers, settings.log_level)
        | {
            "when_ready": lambda arbiter: _announce(here, first_visit),
            "child_exit": lambda arbiter, process: process_is_gone(process.pid),
        },
        BackgroundWork(here),
    ).run()
