"""What happens to notes, calls and tasks. Every function flushes at most; the edges commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, inspect, select, update
from sqlalchemy.orm import Session

from backoffice.activity import queries, reminders, rules
from backoffice.activity.models import Entry, Mention, Task
from backoffice.activity.queries import Scope
from backoffice.activity.texts import Named, mentions
from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Actor, MissingActor
from backoffice.core.db import now
from backoffice.core.problems import Problem, check
from backoffice.events.models import Event

_TABLE: Any = Entry.__table__
_RELATED = {"client": "client_id", "contact": "contact_id", "event": "event_id", "owner": "owner_id"}


def check_entry(session: Session, entry: Entry, today: date) -> list[Problem]:
    """Clean an entry and say everything that is wrong with it."""
    changed = _changed(entry)
    if isinstance(entry, Task):
        found = check(entry, rules.task_rules(changed, today), rules.TASK_CLEANERS)
        return found + _set_reminder(entry, now())
    return check(entry, rules.note_rules(changed), rules.CLEANERS)


def _set_reminder(task: Task, at: datetime) -> list[Problem]:
    """Reckon when somebody is reminded of a task. Another moment is another reminder, which comes once again."""
    state = inspect(task)
    is_new = not state.persistent or any(
        state.attrs[name].history.has_changes() for name in ("reminder", "due_on", "due_time")
    )
    problems = list(reminders.reminder_rule(task, at, is_new))
    if is_new:
        moment = reminders.moment_of(task)
        task.remind_at = moment if moment is not None and moment > at else None
        task.reminded_at = task.remind_read_at = None
    return problems


def _changed(entry: Entry) -> set[str]:
    """The fields that are not as the database has them; all of them for a new entry."""
    state = inspect(entry)
    names = [name for name in (*_RELATED, "due_on", "title", "body") if name in state.attrs]
    if not state.persistent:
        return set(names)
    return {name for name in names if state.attrs[name].history.has_changes()}


def begin(entry: Entry, by: Actor) -> None:
    """Complete an entry that is being written: who writes it, and when."""
    if by.id is None:
        raise MissingActor("an entry is written by somebody")
    entry.author_id, entry.at = by.id, now()


def note_edited(entry: Entry) -> None:
    """A text that has changed since it was written says so."""
    state = inspect(entry)
    if any(state.attrs[name].history.has_changes() for name in ("body", "title") if name in state.attrs):
        entry.edited_at = now()


def note_mentions(session: Session, entry: Entry, people: Iterable[Named], by: Actor) -> list[Named]:
    """Keep whom the text mentions, but for who writes it; returns those who had not been mentioned before."""
    named = {found.person.id: found.person for found in mentions(entry.body or "", people)}
    named.pop(by.id or 0, None)
    kept = {mention.user_id: mention for mention in session.scalars(queries.mentions_of(entry.id))}
    for user_id in kept.keys() - named.keys():
        session.delete(kept[user_id])
    new = [person for user_id, person in named.items() if user_id not in kept]
    session.add_all(Mention(entry_id=entry.id, user_id=person.id) for person in new)
    session.flush()
    return new


def pin(session: Session, entry: Entry, by: Actor) -> Problem | None:
    """Keep an entry above the feed of its client."""
    if entry.removed_at is not None:
        return _in_trash()
    if entry.pinned_at is not None:
        return None
    held = select(func.count()).select_from(queries.pinned_ids(entry.client_id).subquery())
    if (session.scalar(held) or 0) >= rules.MOST_PINNED:
        sentence = _(
            "Déjà %(most)d entrées sont épinglées : détachez-en une d’abord.", most=rules.MOST_PINNED
        )
        return Problem("pinned_at", sentence)
    entry.pinned_at = now()
    session.flush()
    return None


def unpin(session: Session, entry: Entry, by: Actor) -> Problem | None:
    """Let an entry go back to its place in the feed."""
    entry.pinned_at = None
    session.flush()
    return None


def remove(session: Session, entry: Entry, by: Actor) -> Problem | None:
    """Put an entry into the trash."""
    if entry.removed_at is None:
        entry.removed_at, entry.removed_by_id = now(), by.id
        session.flush()
    return None


def restore(session: Session, entry: Entry, by: Actor) -> Problem | None:
    """Take an entry back from the trash, as it was."""
    entry.removed_at = entry.removed_by_id = None
    session.flush()
    return None


def tick(session: Session, task: Task, by: Actor) -> Problem | None:
    """Say that a task is done."""
    if task.removed_at is not None:
        return _in_trash()
    if task.done_at is not None:
        return Problem("done_at", _("Cette tâche était déjà terminée."), "warning")
    task.done_at, task.done_by_id = now(), by.id
    session.flush()
    return None


def reopen(session: Session, task: Task, by: Actor) -> Problem | None:
    """Say that a task is still to do."""
    task.done_at = task.done_by_id = None
    session.flush()
    return None


def read_mentions(session: Session, user_id: int, entry_ids: Sequence[int] | None) -> int:
    """Note that somebody has read these mentions, or all of theirs; returns how many were new."""
    asked = queries.all_unread(user_id)
    if entry_ids is not None:
        asked = queries.unread_among(user_id, entry_ids)
    found = list(session.scalars(asked))
    for mention in found:
        mention.read_at = now()
    session.flush()
    return len(found)


def _in_trash() -> Problem:
    return Problem("removed_at", _("Cette entrée est dans la corbeille : restaurez-la d’abord."))


# ---------------------------------------------------------------------------------------- reminders


def take_reminder(session: Session, task_id: int) -> bool:
    """Take the reminder of a task to mail it: True for one worker only, and for none when it was ticked off meanwhile."""
    waiting = (Task.id == task_id, *queries.TO_REMIND, Task.remind_at <= now())
    # Said to the table: what the worker notes is no change of the task, whose version stands in open forms.
    taken: Any = session.execute(update(_TABLE).where(*waiting).values(reminded_at=now()))
    return bool(taken.rowcount)


def give_back_reminder(session: Session, task_id: int) -> None:
    """A reminder that could not be mailed for now is one to mail still."""
    task = (Task.id == task_id, Task.reminded_at.is_not(None))
    session.execute(update(_TABLE).where(*task).values(reminded_at=None))


def see_reminders(session: Session, user_id: int, task_id: int | None = None) -> int:
    """Note that somebody has seen this reminder of theirs, or all that have come; returns how many."""
    seen = [*queries.noticed(user_id, now())]
    if task_id is not None:
        seen.append(Task.id == task_id)
    noted: Any = session.execute(update(_TABLE).where(*seen).values(remind_read_at=now()))
    return int(noted.rowcount)


# -------------------------------------------------------------------------------------------- trash

#: What is kept beside an entry and goes with it for good: what to do for it once that is committed, None for nothing.
Beside = Callable[[Entry], Callable[[], None] | None]
_beside: list[Beside] = []


def on_purge(beside: Beside) -> None:
    """Have this asked of each entry that leaves the trash for good."""
    if beside not in _beside:
        _beside.append(beside)


def purge(session: Session, most: int) -> tuple[int, list[Callable[[], None]]]:
    """Delete for good what has lain in the trash for its time, the oldest first, at most `most`.

    Returns how many, and what is to be done once the change is committed: a file must not go before its record.
    """
    found = list(session.scalars(queries.out_of_time(trash_since(), most)))
    left = [then for entry in found for beside in _beside if (then := beside(entry)) is not None]
    for entry in found:
        for mention in session.scalars(queries.mentions_of(entry.id)):
            session.delete(mention)
        session.delete(entry)
    session.flush()
    return len(found), left


# ---------------------------------------------------------------------------------------- deletions


KEEPS_CLIENT = _(
    "Cette société a une activité (informations, appels ou tâches) : désactivez-la plutôt que de la supprimer."
)
KEEPS_CONTACT = _("Des informations, appels ou tâches parlent de ce contact : désactivez-le plutôt.")
KEEPS_EVENT = _(
    "Des informations, appels ou tâches parlent de cet événement : donnez-lui un autre statut plutôt."
)


def entries_of_client(client: Client) -> Select[int]:
    """What keeps a client from being deleted."""
    return queries.any_of(Scope("client", client.id))


def entries_of_contact(contact: Contact) -> Select[int]:
    """What keeps a contact from being deleted."""
    return queries.any_of(Scope("contact", contact.id))


def entries_of_event(event: Event) -> Select[int]:
    """What keeps an event from being deleted."""
    return queries.any_of(Scope("event", event.id))


def trash_since() -> datetime:
    """From when on what was removed can still be brought back."""
    return now() - rules.TRASH
