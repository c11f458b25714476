"""`flask seed`: made-up clients in bulk, to try the product and to measure it at the size of a large office."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import Connection, Engine, Select, func, select
from sqlalchemy.orm import Session

from backoffice.activity.models import Entry
from backoffice.clients.models import Address, Client, Contact
from backoffice.core import audit
from backoffice.core.audit import SYSTEM, Fact
from backoffice.core.db import db
from backoffice.events.models import Event
from backoffice.lookups.models import LOOKUPS, OfficeSettings
from backoffice.ops.commands import bar, refuse_old_schema, whole_or_nothing
from backoffice.ops.seeding import sharing, tables
from backoffice.ops.seeding.plan import NUMBERS, Plan, id_with
from backoffice.ops.seeding.tables import Tables
from backoffice.users.models import User

#: With fewer clients there than a tenth of those that come, keys and indexes are made anew over all.
_FEW = 10
_STREAMED = 10_000
_MOST_PEOPLE = 50


@click.command(
    "seed",
    help="Ajoute des clients inventés, avec contacts, adresses, textes de recherche, quelques événements et, s’il y a "
    "un compte pour les écrire, quelques informations, appels et tâches : toujours les mêmes pour une même graine et "
    "une même base. Tout ou rien ; personne d’autre ne peut écrire pendant ce temps.",
)
@click.option("--clients", required=True, type=click.IntRange(1, 20_000_000), help="Nombre de clients.")
@click.option("--random-seed", default=1, show_default=True, help="Graine du hasard.")
@with_appcontext
def seed(clients: int, random_seed: int) -> None:
    refuse_old_schema()
    began = time.monotonic()
    with whole_or_nothing():
        plan = fill(db.engine, clients, random_seed)
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    click.echo(
        f"{plan.clients} clients, {plan.last_contact - plan.first_contact + 1} contacts et "
        f"{plan.last_address - plan.first_address + 1} adresses ajoutés en {minutes} min {seconds:02d} s."
    )


def fill(engine: Engine, clients: int, random_seed: int = 1) -> Plan:
    """Add so many clients in one transaction, and return what was made.

    Ids go on from those of all records that exist or that the history knows; e-mails are made from the id. A SIREN
    that somebody else's company has already is left out. Raises what the engine or its driver raises.
    """
    with tables.opened(engine) as opened:
        plan = _plan(opened.connection, clients, random_seed)
        if _has_few(opened.connection, clients):
            opened.set_aside()
        chunks = sharing.chunks(plan, sharing.processes_for(plan))
        with _few_looks_for_cycles(), closing(chunks) as made:
            _write(opened, plan, made)
        _put_back(opened)
        opened.close()
        _note(opened.connection, plan)
    return plan


def _plan(connection: Connection, clients: int, random_seed: int) -> Plan:
    first = {model: _next_id(connection, model) for model in (Client, Contact, Address, Event, Entry)}
    last = first[Client] + clients - 1
    if last >= NUMBERS:
        raise click.ClickException(
            f"Le dernier client aurait le numéro {last} : c’est trop, demandez-en moins."
        )
    return Plan(
        clients=clients,
        random_seed=random_seed,
        first_client=first[Client],
        first_contact=first[Contact],
        first_address=first[Address],
        first_event=first[Event],
        first_entry=first[Entry],
        people=tuple(connection.scalars(_people())),
        choices={model.__tablename__: _choices(connection, model) for model in LOOKUPS},
        account_prefix=connection.scalar(select(OfficeSettings.account_prefix)) or "",
        created_by=SYSTEM.name,
        without_siren=_taken(connection, range(first[Client], last + 1)),
        engine=connection.dialect.name,
    )


def _people() -> Select[int]:
    """The accounts that are given work: the first ones, who were there at an earlier seed too."""
    return select(User.id).where(User.active).order_by(User.id).limit(_MOST_PEOPLE)


def _next_id(connection: Connection, model: Any) -> int:
    """Beyond all there are and were: SQLite would give the id of a deleted record, and its history, to a new one."""
    table = model.__table__
    known = select(func.max(Fact.entity_id)).where(Fact.entity == table.name)
    return max(connection.scalar(select(func.max(table.c.id))) or 0, connection.scalar(known) or 0) + 1


def _choices(connection: Connection, model: type) -> tuple[int, ...]:
    lookup = model.__table__.c  # type: ignore[attr-defined]
    active = select(lookup.id).where(lookup.is_active).order_by(lookup.position, lookup.id)
    return tuple(connection.scalars(active))


def _taken(connection: Connection, ids: range) -> frozenset[int]:
    known = select(Client.siren).where(Client.siren.is_not(None)).execution_options(yield_per=_STREAMED)
    return frozenset(id_ for siren in connection.scalars(known) if siren and (id_ := id_with(siren)) in ids)


def _has_few(connection: Connection, clients: int) -> bool:
    some = select(Client.id).limit(clients // _FEW + 1).subquery()
    return (connection.scalar(select(func.count()).select_from(some)) or 0) <= clients // _FEW


@contextmanager
def _few_looks_for_cycles() -> Iterator[None]:
    """What the product itself is made of need not be looked through while millions of rows pass."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _write(opened: Tables, plan: Plan, made: Iterable[sharing.Prepared]) -> None:
    with bar(plan.clients, "clients") as progress:
        for start, chunk in zip(plan.starts, made, strict=True):
            for table, prepared in chunk.items():
                opened.write(table, prepared)
            progress.update(min(plan.starts.step, plan.clients - start))


def _put_back(opened: Tables) -> None:
    statements = opened.put_back()
    with bar(len(statements), "index") as progress:
        for statement in statements:
            opened.connection.exec_driver_sql(statement)
            progress.update()


def _note(connection: Connection, plan: Plan) -> None:
    """One fact for the whole, on the office's own record: a million clients make no million facts."""
    made = {
        "clients": plan.clients,
        "first_id": plan.first_client,
        "last_id": plan.last_client,
        "random_seed": plan.random_seed,
    }
    with Session(connection) as session:
        audit.act_as(session, SYSTEM, "command")
        office = session.scalars(select(OfficeSettings)).one()
        audit.record(session, office, "seed", None, made, operation="note")
