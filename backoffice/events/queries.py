"""What is asked of events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import joinedload

from backoffice.clients.models import Client, Contact
from backoffice.clients.queries import found_contacts, named_like
from backoffice.core import counting, search_text
from backoffice.core.text import MAX_QUERY_LENGTH, fold, search_terms
from backoffice.events.models import MOST_DAYS, Event, EventStatus
from backoffice.users.models import User

#: The events of a client or contact are counted no further than this.
MOST_COUNTED = 1000


def of_active_client(is_active: bool) -> ColumnElement[bool]:
    """The events of active clients, or of inactive ones: asked so that no engine reads all clients for each event."""
    client = select(Client.id).where(Client.id == Event.client_id, Client.is_active.is_(is_active))
    return client.correlate(Event).exists()


def find(words: str, most: int = 8) -> Select[Event]:
    """Events whose name begins so, whatever case and accents: asked of an index. Nothing for no word."""
    key = fold(words[:MAX_QUERY_LENGTH])
    begins_so = search_text.begins_with(Event.name_key, key) if key else false()
    found = select(Event).where(begins_so).order_by(Event.name_key, Event.id).limit(most)
    return found.options(joinedload(Event.client), joinedload(Event.status))


def find_latest(words: str, most: int, among: int) -> Select[Event]:
    """Events whose name has these words anywhere, the latest first; of all events only so many are looked through."""
    latest = select(Event.id).order_by(Event.starts_on.desc(), Event.id.desc()).limit(among).subquery()
    terms = search_terms(words)
    is_named = and_(*(or_(*map(_is_named, term)) for term in terms)) if terms else false()
    found = select(Event).join(latest, latest.c.id == Event.id).where(is_named)
    found = found.order_by(Event.starts_on.desc(), Event.id.desc()).limit(most)
    return found.options(joinedload(Event.client), joinedload(Event.status))


def spoken_of(search: str) -> ColumnElement[bool]:
    """Events that a search of their list speaks of: each word begins one of their name's, place's or client's."""
    terms = search_terms(search)
    return and_(*(or_(*map(_speaks_of, term)) for term in terms)) if terms else false()


def _speaks_of(word: str) -> ColumnElement[bool]:
    return or_(_is_named(word), Event.client.has(named_like(word)))


def _is_named(word: str) -> ColumnElement[bool]:
    return or_(
        Event.name_key.startswith(word, autoescape=True),
        Event.name_key.contains(f" {word}", autoescape=True),
    )


def is_of_active_client() -> ColumnElement[bool]:
    """Is the client of an event active? Asked client by client: their list would hold nearly all there are."""
    found = select(Client.id).where(Client.id == Event.client_id, Client.is_active)
    return found.correlate(Event).exists()  # a list sorted by client has joined another row of it


def ends_from(day: date) -> ColumnElement[bool]:
    """Events that are not over before this day; none is longer than a year, so an index knows where they begin."""
    return and_(Event.starts_on >= day - timedelta(days=MOST_DAYS), Event.ends_on >= day)


def of_client(client_id: int) -> Select[int]:
    """The ids of the events of a client."""
    return select(Event.id).where(Event.client_id == client_id)


def of_contact(contact_id: int) -> Select[int]:
    """The ids of the events where somebody is the client contact."""
    return select(Event.id).where(Event.contact_id == contact_id)


def counted(ids: Select[int]) -> Any:
    """How many there are, as a subquery that stops at a cap."""
    return counting.counted(ids, MOST_COUNTED + 1)


def some_of(
    condition: ColumnElement[bool], key: Any, before: Sequence[Any] | None, size: int
) -> Select[Event]:
    """Events with all that a line about them says, the last by `key` first, from a position on."""
    loads = (
        joinedload(Event.status),
        joinedload(Event.contact),
        joinedload(Event.owner),
        joinedload(Event.client),
    )
    found = select(Event).where(condition).order_by(key.desc(), Event.id.desc()).limit(size).options(*loads)
    if before is None:
        return found
    last, last_id = before
    return found.where(key <= last, or_(key < last, Event.id < last_id))


def between(first: date, last: date, most: int) -> Select[Event]:
    """The events that touch these days, by their beginning."""
    return (
        select(Event)
        .where(ends_from(first), Event.starts_on <= last)
        .order_by(Event.starts_on, Event.id)
        .limit(most)
        .options(joinedload(Event.status), joinedload(Event.client))
    )


def upcoming(today: date, most: int) -> Select[Event]:
    """The next events that are awaited, of active clients: what goes on today first."""
    return (
        between(today, date.max, most)
        .join(Event.status)
        .join(Event.client)
        .where(EventStatus.is_open, Client.is_active)
    )


def contacts_named(words: str, most: int) -> Select[Contact]:
    """Contacts that a search finds, for a list of events that is narrowed to one."""
    found = select(Contact).where(found_contacts(words)).order_by(Contact.name_key, Contact.id).limit(most)
    return found.options(joinedload(Contact.client))


def people() -> Select[User]:
    """Everybody of the office, those who are active first."""
    return select(User).order_by(~User.active, User.name_key, User.id)
