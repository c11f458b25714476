"""`flask demo`: the cast's forty clients, entered as a person would, so that rules hold and the history tells of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import click
from flask.cli import with_appcontext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.clients import queries, services, switching
from backoffice.clients.models import Address, Client, Contact
from backoffice.core.audit import SYSTEM, Actor
from backoffice.core.db import now
from backoffice.core.problems import errors
from backoffice.core.validators.account_code import DEFAULT_PREFIX
from backoffice.core.validators.email import email_key
from backoffice.lookups.models import Civility, CompanyType, Language, PaymentTerm, Source
from backoffice.lookups.services import office
from backoffice.ops import cast_events
from backoffice.ops.cast import Company, Person, Place
from backoffice.ops.cast_clients import CLIENTS
from backoffice.ops.cast_dates import ENTERED, Entered
from backoffice.ops.commands import bar, refuse_old_schema, whole_or_nothing
from backoffice.ops.demo_activity import add_activity
from backoffice.users.transactions import short_write

_Labels = Mapping[Any, Mapping[str, Any]]
_PLAIN = ("website", "phone", "siren", "siret", "vat_number", "ape_code", "vat_regime")
_OF_PERSON = (
    "email",
    "first_name",
    "last_name",
    "job_title",
    "direct_phone",
    "mobile_phone",
    "switchboard_phone",
)


@click.command(
    "demo",
    help="Ajoute les quarante clients de démonstration ; ceux qui sont déjà là restent comme ils sont.",
)
@with_appcontext
def demo() -> None:
    refuse_old_schema()
    with (
        whole_or_nothing(),
        short_write(SYSTEM, via="command") as session,
        bar(len(CLIENTS), "clients") as progress,
    ):
        added = load(session, SYSTEM, progress.update)
    click.echo(f"Clients de démonstration : {added} ajoutés, {len(CLIENTS) - added} laissés comme ils sont.")


def add_for_first_administrator() -> None:
    """What the set-up page does when demonstration data are wanted."""
    with short_write(current_user.actor) as session:
        load(session, current_user.actor)


def load(session: Session, actor: Actor, done: Callable[[], object] = lambda: None) -> int:
    """Add those of the cast that are not there yet, and return how many. Flushes, does not commit.

    A client is there when somebody has its main contact's e-mail. One that the rules refuse here (its SIRET or another
    e-mail belongs to somebody else by now) is left out.
    """
    labels = {
        model: _by_label(session, model) for model in (Civility, CompanyType, Language, PaymentTerm, Source)
    }
    there: dict[str, Client] = {}
    added = 0
    for company in CLIENTS:
        client = _known(session, company)
        if client is None:
            client = _enter(session, company, labels, there.get(company.parent), actor)
            added += client is not None
        if client is not None:
            there[company.name] = client
        done()
    add_activity(session, there, actor)
    return added


def _by_label(session: Session, model: Any) -> dict[str, Any]:
    return {row.label: row for row in session.scalars(select(model).where(model.is_active))}


def _known(session: Session, company: Company) -> Client | None:
    holder = session.scalar(queries.email_holders([email_key(company.people[0].email)], ()))
    return holder.client if holder else None


def _enter(
    session: Session, company: Company, labels: _Labels, parent: Client | None, actor: Actor
) -> Client | None:
    with session.no_autoflush:
        client = _client(session, company, labels)
        client.parent = parent
        services.begin(client, actor)
        billed = company.billed_at
        problems = services.bill_as_asked(client, billed is None, _block(billed) if billed else {})
        problems += services.check_client(session, client)
    if errors(problems):
        return None
    entered = ENTERED[company.name]
    _date(client, entered)
    session.add(client)
    session.flush()
    cast_events.plan(session, client, actor)
    if company.left:
        switching.deactivate(session, client, company.left == "with contacts", actor)
        client.deactivated_at, client.deactivated_by = _moment(entered.left_days_ago), entered.left_by
    return client


def _date(client: Client, entered: Entered) -> None:
    """The record says who entered it and when, in the story; the history, which is true, says who loaded the cast."""
    client.created_at, client.created_by = _moment(entered.days_ago), entered.by
    for contact in client.contacts:
        contact.created_at = client.created_at


def _moment(days_ago: int) -> datetime:
    """A moment of that day, at some time between morning and evening."""
    minutes = 7 * 60 + days_ago * 37 % (9 * 60)
    day = (now() - timedelta(days=days_ago)).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(minutes=minutes)


def _client(session: Session, company: Company, labels: _Labels) -> Client:
    code = company.account_code.removeprefix(DEFAULT_PREFIX)
    return Client(
        name=company.name,
        type=labels[CompanyType].get(company.type),
        language=labels[Language].get(company.language),
        payment_term=labels[PaymentTerm].get(company.payment_term),
        account_code=office(session).account_prefix + code if code else None,
        is_active=True,
        contacts=[_contact(person, labels) for person in company.people],
        addresses=[Address(label=place.label, **_block(place)) for place in company.places],
        **{name: getattr(company, name) or None for name in _PLAIN},
        **_block(company.at),
    )


def _contact(person: Person, labels: _Labels) -> Contact:
    return Contact(
        civility=labels[Civility].get(person.civility),
        source=labels[Source].get(person.source),
        is_active=person.is_active,
        **{name: getattr(person, name) or None for name in _OF_PERSON},
    )


def _block(place: Place) -> dict[str, Any]:
    """The columns of an address, by their names."""
    return {name: typed or None for name, typed in asdict(place).items() if name != "label"}
