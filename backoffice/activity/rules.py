"""What must be true of a note, a call or a task, seen by itself, and who may do what with it.

Pure functions of objects shaped like the models. What was so before (a contact who has moved since, an owner who has
left) is not asked again: the services say what has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from flask_babel import lazy_gettext as _

from backoffice.core.problems import Cleaner, Problem, Rule
from backoffice.core.text import clean_lines, clean_text

#: A text longer than this is a document.
LONGEST_BODY = 20_000
#: More than this at the top of a feed is no longer the top.
MOST_PINNED = 20
#: For so long what was removed can be brought back from the feed.
TRASH = timedelta(days=30)

OVERDUE, TODAY, WEEK, LATER = "overdue", "today", "week", "later"
#: When tasks are due, as their lists are divided.
SPANS: dict[str, Any] = {
    OVERDUE: _("En retard"),
    TODAY: _("Aujourd’hui"),
    WEEK: _("Cette semaine"),
    LATER: _("Plus tard"),
}


class OfClient(Protocol):
    """A contact or an event, as far as an entry needs to know it."""

    @property
    def client_id(self) -> int: ...


class Person(Protocol):
    """Somebody who may be given a task."""

    @property
    def active(self) -> bool: ...


class EntryLike(Protocol):
    """A note, a call or a task."""

    @property
    def body(self) -> str | None: ...
    @property
    def client(self) -> Any: ...
    @property
    def contact(self) -> OfClient | None: ...
    @property
    def event(self) -> OfClient | None: ...


class TaskLike(EntryLike, Protocol):
    """A task."""

    @property
    def title(self) -> str | None: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def due_time(self) -> time | None: ...
    @property
    def owner(self) -> Person | None: ...


class Writer(Protocol):
    """Who asks to change something."""

    @property
    def id(self) -> int: ...
    def can(self, right: str) -> bool: ...


def _clean_body(typed: str, _entry: Any) -> str:
    return clean_lines(typed)


def _clean_title(typed: str, _task: Any) -> str:
    return clean_text(typed)


CLEANERS: dict[str, Cleaner[Any]] = {"body": _clean_body}
TASK_CLEANERS: dict[str, Cleaner[Any]] = {"title": _clean_title, "body": _clean_body}


def entry_rules(changed: Collection[str]) -> list[Rule[Any]]:
    """The rules of every entry; `changed` names the fields that are new."""
    return [_is_short, *_belongings(changed)]


def note_rules(changed: Collection[str]) -> list[Rule[Any]]:
    """The rules of a note or a call."""
    return [_says_something, *entry_rules(changed)]


def task_rules(changed: Collection[str], today: date) -> list[Rule[Any]]:
    """The rules of a task."""

    def is_due(task: TaskLike) -> Iterable[Problem]:
        if task.due_on is None:
            yield Problem("due_on", _("Choisissez le jour de l’échéance, par exemple 31/12/2026."))
        elif "due_on" in changed and task.due_on < today:
            sentence = _("L’échéance est déjà passée : la tâche se range parmi celles en retard.")
            yield Problem("due_on", sentence, "warning")

    def has_owner(task: TaskLike) -> Iterable[Problem]:
        if task.owner is None:
            yield Problem("owner", _("Choisissez la personne qui s’en charge."))
        elif "owner" in changed and not task.owner.active:
            sentence = _("Cette personne n’est plus active : choisissez-en une autre.")
            yield Problem("owner", sentence, code="inactive_owner")

    return [_has_title, is_due, has_owner, *entry_rules(changed)]


def _says_something(entry: EntryLike) -> Iterable[Problem]:
    if not entry.body:
        yield Problem("body", _("Le texte est vide : écrivez ce qu’il faut retenir."))


def _is_short(entry: EntryLike) -> Iterable[Problem]:
    if entry.body and len(entry.body) > LONGEST_BODY:
        sentence = _("Ce texte est trop long : 20 000 caractères au plus. Coupez-le en plusieurs.")
        yield Problem("body", sentence, code="too_long")


def _has_title(task: TaskLike) -> Iterable[Problem]:
    if not task.title:
        yield Problem("title", _("Donnez un titre à la tâche : ce qu’il y a à faire."))


def _belongings(changed: Collection[str]) -> list[Rule[Any]]:
    def contact_of_client(entry: EntryLike) -> Iterable[Problem]:
        if "contact" in changed and _is_elsewhere(entry, entry.contact):
            sentence = _("Ce contact est celui d’un autre client : choisissez-en un de cette société.")
            yield Problem("contact", sentence, code="foreign_contact")

    def event_of_client(entry: EntryLike) -> Iterable[Problem]:
        if "event" in changed and _is_elsewhere(entry, entry.event):
            sentence = _("Cet événement est celui d’un autre client : choisissez-en un de cette société.")
            yield Problem("event", sentence, code="foreign_event")

    return [contact_of_client, event_of_client]


def _is_elsewhere(entry: EntryLike, belonging: OfClient | None) -> bool:
    return belonging is not None and entry.client is not None and belonging.client_id != entry.client.id


# ------------------------------------------------------------------------------------------- who may


def may_edit(entry: Any, user: Writer) -> bool:
    """May this person change or remove it? Its author and administrators; a task also who has it or gives work."""
    if user.can("activity.edit_all"):
        return True
    if not user.can("activity.add"):
        return False
    return user.id == entry.author_id or (entry.kind == "task" and may_tick(entry, user))


def may_tick(task: Any, user: Writer) -> bool:
    """May this person say that it is done? Whoever has the task or gave it, and those who keep the records."""
    if user.can("activity.write"):
        return True
    return user.can("activity.add") and user.id in (task.owner_id, task.author_id)


def may_restore(entry: Any, user: Writer) -> bool:
    """May this person bring it back from the trash? Who removed it, and whoever might have."""
    return may_edit(entry, user) or (user.can("activity.add") and user.id == entry.removed_by_id)


# ------------------------------------------------------------------------------------------- when due


def end_of_week(today: date) -> date:
    """The Sunday of this week."""
    return today + timedelta(days=6 - today.weekday())


def span_of(task: Any, here: datetime) -> str:
    """In which part of a list a task stands; `here` is the moment where the office is."""
    if is_overdue(task, here):
        return OVERDUE
    if task.due_on <= here.date():
        return TODAY
    return WEEK if task.due_on <= end_of_week(here.date()) else LATER


def is_overdue(task: Any, at: datetime) -> bool:
    """Is the day over, or the hour of this day? `at` is the moment where the office is."""
    if task.done_at is not None:
        return False
    if task.due_on != at.date():
        return bool(task.due_on < at.date())
    return task.due_time is not None and bool(task.due_time < at.time())
