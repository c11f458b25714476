"""What happens with made-up clients: their events, and what is noted of some of them.

Drawn from a chance of its own, so that the clients themselves do not depend on it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from backoffice.core.text import fold
from backoffice.ops.seeding import words
from backoffice.ops.seeding.plan import (
    ENTRIES,
    EVENTS,
    LAST_DAY,
    ClientRow,
    ContactRow,
    EntryRow,
    EventRow,
    Plan,
    entries_before,
    events_before,
)

_KINDS = ("note", "note", "note", "call", "task")
_PRIORITIES = ("normal", "normal", "high", "low")
_LONGEST_WAIT = timedelta(days=120)
_NOON = time(12, tzinfo=UTC)

_One = TypeVar("_One")


@dataclass(frozen=True)
class Happenings:
    """Makes the events and entries of clients, in the order of their places."""

    plan: Plan
    rng: random.Random

    def one(self, some: Sequence[_One]) -> _One:
        return some[int(self.rng.random() * len(some))]

    def events(self, client: ClientRow, contacts: Sequence[ContactRow], place: int) -> list[EventRow]:
        """The events of a client: none where no state can be given to them."""
        states = self.plan.choices.get("event_status", ())
        if not states:
            return []
        first = self.plan.first_event + events_before(place)
        number = EVENTS[place % len(EVENTS)]
        return [self._event(id_, client, contacts, states) for id_ in range(first, first + number)]

    def _event(
        self, id_: int, client: ClientRow, contacts: Sequence[ContactRow], states: Sequence[int]
    ) -> EventRow:
        chance = self.rng.random
        created_at = self._since(client.created_at)
        starts_on = (created_at + _LONGEST_WAIT * chance()).date()
        name = f"{self.one(words.OCCASIONS)} {starts_on.year}"
        euros = 500 * (1 + int(chance() * 80))
        return EventRow(
            id=id_,
            client_id=client.id,
            name=name,
            name_key=_folded(name),
            starts_on=starts_on,
            ends_on=starts_on if chance() < 0.7 else starts_on + timedelta(days=1 + int(chance() * 3)),
            status_id=self.one(states),
            contact_id=self.one(contacts).id,
            owner_id=self.one(self.plan.people) if self.plan.people else None,
            place=self.one(words.PLACES),
            headcount=10 * (1 + int(chance() * 50)),
            amount_excl_tax=euros * 100 if self.plan.engine == "sqlite" else euros,  # see core.db.Money
            created_at=created_at,
            created_by=self.plan.created_by,
        )

    def entries(
        self, client: ClientRow, contacts: Sequence[ContactRow], events: Sequence[EventRow], place: int
    ) -> list[EntryRow]:
        """What was noted of a client: nothing where there is nobody to write it."""
        if not self.plan.people:
            return []
        first = self.plan.first_entry + entries_before(place)
        number = ENTRIES[place % len(ENTRIES)]
        return [self._entry(id_, client, contacts, events) for id_ in range(first, first + number)]

    def _entry(
        self, id_: int, client: ClientRow, contacts: Sequence[ContactRow], events: Sequence[EventRow]
    ) -> EntryRow:
        kind, at = self.one(_KINDS), self._since(client.created_at)
        author = self.one(self.plan.people)
        more = self._task(at, author) if kind == "task" else {"body": self.one(words.NOTES)}
        return EntryRow(
            id=id_,
            kind=kind,
            client_id=client.id,
            author_id=author,
            at=at,
            contact_id=self.one(contacts).id if self.rng.random() < 0.5 else None,
            event_id=self.one(events).id if events and self.rng.random() < 0.5 else None,
            **more,
        )

    def _task(self, at: datetime, author: int) -> dict[str, Any]:
        is_done = self.rng.random() < 0.9
        title = self.one(words.TASKS)
        return {
            "title": title,
            "title_key": fold(title),
            "due_on": (at + _LONGEST_WAIT * self.rng.random()).date(),
            "owner_id": author,
            "priority": self.one(_PRIORITIES),
            "done_at": at + _LONGEST_WAIT * self.rng.random() if is_done else None,
            "done_by_id": author if is_done else None,
        }

    def _since(self, moment: datetime) -> datetime:
        """Some moment after this one."""
        return moment + (LAST_DAY - moment) * self.rng.random()


def latest(client: ClientRow, events: Sequence[EventRow], entries: Sequence[EntryRow]) -> datetime:
    """When something last happened with a client, as its own feature finds it (a test compares them)."""
    moments = [client.created_at]
    for event in events:
        moments += (event.created_at, datetime.combine(event.ends_on, _NOON))
    for entry in entries:
        moments += (entry.at, entry.done_at or entry.at)
    return max(moments)


@lru_cache(maxsize=1_000)
def _folded(name: str) -> str:
    return fold(name)
