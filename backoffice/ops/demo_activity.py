"""The activity of the cast's clients. It needs somebody who wrote it: without any account it is left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backoffice.activity import queries, services
from backoffice.activity.models import Call, Entry, Note, Task
from backoffice.activity.queries import Scope
from backoffice.clients.models import Client
from backoffice.core.audit import Actor
from backoffice.core.db import now
from backoffice.core.problems import errors
from backoffice.ops.cast_activity import ACTIVITY, Said
from backoffice.ops.demo_emails import add_emails
from backoffice.users import queries as users
from backoffice.users.models import User

_MODELS: dict[str, type[Entry]] = {"note": Note, "call": Call, "task": Task}


def add_activity(session: Session, there: Mapping[str, Client], actor: Actor) -> int:
    """Write what happened with those clients of the cast of which nothing is written yet; returns how much.

    Each colleague of the story is their own account where there is one, else whoever acts or came first.
    """
    people = list(session.scalars(users.active_people()))
    stand_in = next(
        (user for user in people if user.id == actor.id), min(people, key=lambda user: user.id, default=None)
    )
    if stand_in is None:
        return 0
    by_name = {user.name: user for user in people}
    blank = {name for name, client in there.items() if session.scalar(queries.any_of(_scope(client))) is None}
    written = 0
    for said in ACTIVITY:
        if said.company in blank:
            author = by_name.get(said.by, stand_in)
            entry = _entry(session, said, there[said.company], author, by_name.get(said.owner, stand_in))
            written += _keep(session, entry, author, people)
    untold = {name: client for name, client in there.items() if name in blank}
    return written + add_emails(session, untold, lambda name: by_name.get(name, stand_in))


def _scope(client: Client) -> Scope:
    return Scope("client", client.id)


def _entry(session: Session, said: Said, client: Client, author: User, owner: User) -> Entry:
    contact = next((each for each in client.contacts if each.email == said.contact), None)
    more: dict[str, Any] = {}
    if said.kind == "task":
        due_time = time.fromisoformat(said.due_at) if said.due_at else None
        more = {"title": said.title, "due_time": due_time, "owner": owner, "priority": said.priority}
        more["due_on"] = (now() + timedelta(days=said.due_in)).date()
    with session.no_autoflush:
        entry = _MODELS[said.kind](client=client, contact=contact, body=said.body or None, **more)
        services.begin(entry, author.actor)
    entry.at = _moment(said)
    if said.is_pinned:
        entry.pinned_at = entry.at
    if isinstance(entry, Task) and said.is_done:
        entry.done_at, entry.done_by_id = entry.at + timedelta(hours=8), owner.id
    return entry


def _keep(session: Session, entry: Entry, author: User, people: list[User]) -> bool:
    """Store what the rules take: a contact may have gone elsewhere by now."""
    with session.no_autoflush:
        problems = services.check_entry(session, entry, now().date())
    if errors(problems):
        if entry in session:
            session.expunge(entry)
        return False
    session.add(entry)
    session.flush()
    services.note_mentions(session, entry, people, author.actor)
    return True


def _moment(said: Said) -> datetime:
    return now() - timedelta(hours=said.hours_ago)
