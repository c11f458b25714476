"""`flask bench`: how long the main pages take on this database, and how many queries each asks.

The pages are asked for in this process, by somebody who exists only here, over connections that cannot write.
"""

from __future__ import annotations

import logging
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

import click
from flask import Flask, current_app, g, request_started
from flask.cli import with_appcontext
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import joinedload

from backoffice.clients.models import Client
from backoffice.core.db import db
from backoffice.ops.bench_pages import PAGES, Ask
from backoffice.ops.commands import bar, refuse_old_schema, whole_or_nothing
from backoffice.users import queries
from backoffice.users.models import User
from backoffice.users.rights import ADMINISTRATEUR
from backoffice.users.transactions import short_read

_WARM_UP = 2
#: How the palette asks, which shows no more than the hits.
_PALETTE = {"HX-Request": "true", "HX-Target": "palette-hits"}


@dataclass
class Timing:
    """What was measured of one page: milliseconds and bytes of each round, and its most queries."""

    name: str
    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    queries: int = 0

    def row(self) -> str:
        ordered = sorted(self.times)
        p95 = ordered[max(0, round(len(ordered) * 0.95) - 1)]
        kilobytes = statistics.median(self.sizes) / 1024
        median = statistics.median(ordered)
        return f"{self.name:34} {median:10.1f} {p95:10.1f} {self.queries:10d} {kilobytes:8.0f}"


@click.command("bench", help="Mesure les pages principales sur la base actuelle, sans rien y changer.")
@click.option(
    "--rounds", default=30, show_default=True, type=click.IntRange(1, 1000), help="Mesures par page."
)
@with_appcontext
def bench(rounds: int) -> None:
    refuse_old_schema()
    logging.disable(logging.INFO)  # a line for each request would drown the table
    try:
        with whole_or_nothing(), _read_only(db.engine):
            timings = measure(current_app._get_current_object(), rounds)  # type: ignore[attr-defined]
    finally:
        logging.disable(logging.NOTSET)
    click.echo(f"{'Page':34} {'médiane ms':>10} {'p95 ms':>10} {'requêtes':>10} {'ko':>8}")
    for timing in timings:
        click.echo(timing.row())


def measure(app: Flask, rounds: int) -> list[Timing]:
    """Ask for each page so many times. Raises ClickException for an empty database or a page that fails."""
    clients = _some_clients(rounds + _WARM_UP)
    if not clients:
        raise click.ClickException("Aucun client à montrer ; lancez d’abord « flask seed --clients 1000 ».")
    with _somebody(app), _counted(db.engine) as asked, bar(len(PAGES) * len(clients), "pages") as progress:
        # In a context of their own: inside that of the command all requests would share one session.
        return Context().run(_all_measured, app.test_client(), clients, asked, progress.update)


def _all_measured(
    browser: FlaskClient, clients: Sequence[Client], asked: list[str], done: Callable[[], object]
) -> list[Timing]:
    return [_measured(browser, name, ask, clients, asked, done) for name, ask in PAGES.items()]


def _measured(
    browser: FlaskClient,
    name: str,
    ask: Ask,
    clients: Sequence[Client],
    asked: list[str],
    done: Callable[[], object],
) -> Timing:
    timing, page = Timing(name), ""
    for number, client in enumerate(clients):
        address = ask(client, page)
        asked.clear()
        began = time.perf_counter()
        response = browser.get(address, headers=_PALETTE if address.startswith("/search/") else {})
        page = response.get_data(as_text=True)
        took = (time.perf_counter() - began) * 1000
        if response.status_code != 200:
            raise click.ClickException(f"{name} ({address}) répond {response.status_code}.")
        if number >= _WARM_UP:
            timing.times.append(took)
            timing.sizes.append(len(response.data))
            timing.queries = max(timing.queries, len(asked))
        done()
    return timing


def _some_clients(number: int) -> list[Client]:
    """So many active clients, spread over all there are; the same one again when there are few."""
    found: list[Client] = []
    with short_read() as session:
        last = session.scalar(select(func.max(Client.id)).where(Client.is_active)) or 0
        for step in range(number if last else 0):
            near = (
                select(Client).where(Client.is_active, Client.id >= last * step // number).order_by(Client.id)
            )
            found += session.scalars(near.limit(1).options(joinedload(Client.main_contact)))
    return found


@contextmanager
def _somebody(app: Flask) -> Iterator[None]:
    """Requests come from an administrator who has no account and no session: none is made for the measure."""
    person = User(id=0, email="bench@localhost", role=ADMINISTRATEUR, active=True, locale="fr")

    def log_in(sender: Flask, **_: object) -> None:
        with short_read() as session:  # what the log-in asks at every request is part of its time
            session.execute(queries.session_and_user("")).one_or_none()
        g._login_user = person

    with request_started.connected_to(log_in, app):
        yield


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def _read_only(engine: Engine) -> Iterator[None]:
    """Connections opened meanwhile refuse every write."""

    def lock(connection: Any, record: Any) -> None:
        with_sqlite = engine.dialect.name == "sqlite"
        statement = "PRAGMA query_only=ON" if with_sqlite else "SET default_transaction_read_only = on"
        connection.execute(statement)
        if not with_sqlite:
            connection.commit()

    event.listen(engine, "connect", lock)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", lock)
        engine.dispose()
