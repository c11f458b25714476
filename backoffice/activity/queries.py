"""What is asked of notes, calls and tasks. A feed pages by position: its thousandth page costs as its first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from backoffice.activity.models import Entry, Mention, Task
from backoffice.clients import queries as clients
from backoffice.clients.models import Client
from backoffice.core import search_text
from backoffice.core.counting import counted
from backoffice.events.models import Event
from backoffice.users.models import User

#: What a feed shows of an entry beside itself.
_LOADS = (
    joinedload(Entry.author),
    joinedload(Entry.contact),
    joinedload(Entry.event),
    joinedload(Entry.client),
    joinedload(Task.owner),
    joinedload(Task.done_by),
)
_TASK_LOADS = (joinedload(Task.owner), joinedload(Task.client), joinedload(Task.contact))
_TO_DO = (Task.done_at.is_(None), Task.removed_at.is_(None))
_OPEN = (Task.due_on.is_not(None), *_TO_DO)
#: A reminder that no worker has taken yet.
TO_REMIND = (Task.remind_at.is_not(None), Task.reminded_at.is_(None), *_TO_DO)


@dataclass(frozen=True)
class Scope:
    """Whose feed it is: of a client, a contact or an event."""

    of: str
    id: int

    @property
    def condition(self) -> ColumnElement[bool]:
        column: Any = getattr(Entry, f"{self.of}_id")
        found: ColumnElement[bool] = column == self.id
        return found


@dataclass(frozen=True)
class Narrowing:
    """What a feed leaves out: all but one kind, one author, one contact."""

    kind: str = ""
    author_id: int | None = None
    contact_id: int | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        asked = (
            (Entry.kind, self.kind),
            (Entry.author_id, self.author_id),
            (Entry.contact_id, self.contact_id),
        )
        return [column == value for column, value in asked if value]


def feed(scope: Scope, narrowing: Narrowing) -> Select[int]:
    """The ids of a feed, but for what is pinned above it."""
    return select(Entry.id).where(
        scope.condition, Entry.removed_at.is_(None), Entry.pinned_at.is_(None), *narrowing.conditions
    )


def pinned(scope: Scope, narrowing: Narrowing, most: int) -> Select[Entry]:
    """What is pinned, the last one first."""
    found = select(Entry).where(
        scope.condition, Entry.removed_at.is_(None), Entry.pinned_at.is_not(None), *narrowing.conditions
    )
    return found.order_by(Entry.pinned_at.desc(), Entry.id.desc()).limit(most).options(*_LOADS)


def removed(scope: Scope, since: datetime, by_id: int | None) -> Select[int]:
    """The ids of what lies in the trash: all of it, or what this person wrote or removed."""
    found = select(Entry.id).where(scope.condition, Entry.removed_at > since)
    return (
        found if by_id is None else found.where(or_(Entry.author_id == by_id, Entry.removed_by_id == by_id))
    )


def entries(ids: Sequence[int]) -> Select[Entry]:
    """These entries with all that a feed shows of them."""
    return select(Entry).where(Entry.id.in_(ids)).options(*_LOADS, joinedload(Entry.removed_by))


def in_feed(scope: Scope) -> Select[int]:
    """All that a feed holds, pinned or not, for its count."""
    return select(Entry.id).where(scope.condition, Entry.removed_at.is_(None))


def pinned_ids(client_id: int) -> Select[int]:
    """What is pinned on a client."""
    return select(Entry.id).where(
        Entry.client_id == client_id, Entry.removed_at.is_(None), Entry.pinned_at.is_not(None)
    )


def any_of(scope: Scope) -> Select[int]:
    """Anything at all, in the trash too: what forbids a deletion."""
    return select(Entry.id).where(scope.condition).limit(1)


# ------------------------------------------------------------------------------------------- tasks


def open_tasks(scope: Scope) -> Select[Task]:
    """What is still to do for a client, a contact or an event, the first due first."""
    column: Any = getattr(Task, f"{scope.of}_id")
    found = select(Task).where(column == scope.id, *_OPEN)
    return found.order_by(Task.due_on, Task.id).options(*_TASK_LOADS)


def open_task_ids(owner_id: int | None) -> Select[int]:
    """The ids of what somebody, or anybody, still has to do."""
    found = select(Task.id).where(*_OPEN)
    return found if owner_id is None else found.where(Task.owner_id == owner_id)


def done_task_ids(owner_id: int | None) -> Select[int]:
    """The ids of what somebody, or anybody, had to do and is done."""
    found = select(Task.id).where(Task.done_at.is_not(None), Task.removed_at.is_(None))
    return found if owner_id is None else found.where(Task.owner_id == owner_id)


def tasks(ids: Sequence[int]) -> Select[Task]:
    """These tasks with what a list shows of them."""
    return select(Task).where(Task.id.in_(ids)).options(*_TASK_LOADS, joinedload(Task.event))


def my_tasks(owner_id: int, most: int) -> Select[Task]:
    """The next tasks of a person, the overdue ones first."""
    found = select(Task).where(Task.owner_id == owner_id, *_OPEN)
    return found.order_by(Task.due_on, Task.id).limit(most).options(*_TASK_LOADS)


def words_of_mine(owner_id: int, most: int) -> Select[Any]:
    """What somebody has to do next, as its words only, the overdue first."""
    found = _words().where(Task.owner_id == owner_id, *_OPEN)
    return found.order_by(Task.due_on, Task.id).limit(most)


def words_of_next(but_id: int, most: int) -> Select[Any]:
    """What colleagues have to do next, as its words only: at most as many of all open tasks are read."""
    next_due = select(Task.id).where(*_OPEN).order_by(Task.due_on, Task.id).limit(most).subquery()
    found = _words().join(next_due, next_due.c.id == Task.id).where(Task.owner_id != but_id)
    return found.order_by(Task.due_on, Task.id)


def words_of_titled(folded: str, most: int) -> Select[Any]:
    """What anybody has to do, however late it is due, whose title begins so: asked of an index."""
    found = _words().where(*_OPEN, search_text.begins_with(Task.title_key, folded))
    return found.order_by(Task.title_key, Task.id).limit(most)


def _words() -> Select[Any]:
    words: Any = select(
        Task.id, Task.title, Task.title_key, Task.due_on, Client.name.label("client"), Client.name_key
    ).join(Client, Client.id == Task.client_id)
    found: Select[Any] = words
    return found


def due(owner_id: int | None, *conditions: ColumnElement[bool]) -> Select[int]:
    """What is still to do and due as the conditions say."""
    return open_task_ids(owner_id).where(*conditions)


def is_late(here: datetime) -> ColumnElement[bool]:
    """Is the day of a task over, or its hour of this day? `here` is the moment it is where the office is."""
    day = here.date()
    # Said of the day first, so that an index of days ends where the late ones do.
    return and_(Task.due_on <= day, or_(Task.due_on < day, Task.due_time < here.time()))


def still_today(here: datetime) -> tuple[ColumnElement[bool], ...]:
    """Is a task due today, and its hour not over?"""
    return Task.due_on == here.date(), or_(Task.due_time.is_(None), Task.due_time >= here.time())


def overdue_of(scope: Scope, here: datetime) -> Select[int]:
    """What should have been done for a client by now."""
    column: Any = getattr(Task, f"{scope.of}_id")
    return select(Task.id).where(column == scope.id, *_OPEN, is_late(here))


# ---------------------------------------------------------------------------------------- reminders


def due_reminders(at: datetime, most: int) -> Select[int]:
    """The ids of the tasks that somebody is to be reminded of by now, the longest due first."""
    found = select(Task.id).where(*TO_REMIND, Task.remind_at <= at)
    return found.order_by(Task.remind_at, Task.id).limit(most)


def noticed(owner_id: int, at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What makes a task one that its owner was reminded of and has not yet said to have seen."""
    return (
        Task.remind_at.is_not(None),
        Task.remind_read_at.is_(None),
        *_TO_DO,
        Task.owner_id == owner_id,
        Task.remind_at <= at,
    )


def reminded(owner_id: int, at: datetime, most: int) -> Select[Task]:
    """The tasks that somebody was reminded of, the last one first."""
    found = select(Task).where(*noticed(owner_id, at)).order_by(Task.remind_at.desc(), Task.id.desc())
    return found.limit(most).options(*_TASK_LOADS)


def out_of_time(since: datetime, most: int) -> Select[Entry]:
    """What has lain in the trash since before this moment; locked, but for what somebody brings back just now."""
    found = select(Entry).where(Entry.removed_at.is_not(None), Entry.removed_at <= since)
    return found.order_by(Entry.removed_at, Entry.id).limit(most).with_for_update(skip_locked=True, of=Entry)


# -------------------------------------------------------------------------------------- people, choices


def people() -> Select[User]:
    """All accounts by name: who has left is still named in what was written."""
    return select(User).order_by(User.name_key, User.id)


def events_offered(client_id: int) -> Select[Event]:
    """The events of a client that a form offers, the last one first."""
    found = select(Event).where(Event.client_id == client_id)
    return found.order_by(Event.created_at.desc(), Event.id.desc()).limit(clients.MOST_OFFERED)


# ------------------------------------------------------------------------------------------- mentions


def waiting(user_id: int, at: datetime, most: int) -> Select[Any]:
    """How many mentions somebody has not read, and how many reminders not seen, no further than one beyond `most`."""
    asked: Any = select(
        counted(mention_ids(user_id).where(Mention.read_at.is_(None)), most + 1),
        counted(select(Task.id).where(*noticed(user_id, at)), most + 1),
    )
    found: Select[Any] = asked
    return found


def mention_ids(user_id: int) -> Select[int]:
    """The ids of the entries that mention somebody."""
    return (
        select(Mention.entry_id)
        .join(Mention.entry)
        .where(Mention.user_id == user_id, Entry.removed_at.is_(None))
    )


def unread_among(user_id: int, entry_ids: Sequence[int]) -> Select[Mention]:
    """Which of these mentions somebody has not read."""
    return select(Mention).where(
        Mention.user_id == user_id, Mention.entry_id.in_(entry_ids), Mention.read_at.is_(None)
    )


def all_unread(user_id: int) -> Select[Mention]:
    """All that somebody has not read."""
    return select(Mention).where(Mention.user_id == user_id, Mention.read_at.is_(None))


def mentions_of(entry_id: int) -> Select[Mention]:
    """Whom an entry mentions."""
    return select(Mention).where(Mention.entry_id == entry_id)


def not_after(entry_id: int) -> ColumnElement[bool]:
    """This entry and what came before it."""
    at = select(Entry.at).where(Entry.id == entry_id).scalar_subquery()
    return or_(Entry.at < at, and_(Entry.at == at, Entry.id <= entry_id))
