"""How changes of notes, calls and tasks are taken back. What is new goes into the trash: no entry is deleted at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, inspect, or_, select, true
from sqlalchemy.orm import Session

from backoffice.activity import rules, services, shown
from backoffice.activity.models import Entry
from backoffice.admin.formats import today
from backoffice.core import undoing
from backoffice.core.audit import Actor, Fact
from backoffice.core.problems import Message, Problem
from backoffice.core.undoing import Change, Person, Way

_WRITTEN_HERE = ("note", "call", "task")
_OF_EMAILS = {"state", "mailed_at", "failure"}
_EMAIL = _("Un e-mail qui a été écrit, envoyé ou classé ne se reprend pas ici : mettez-le à la corbeille.")


def _may(user: Person, change: Change, _changes: Sequence[Change], entry: Any) -> bool:
    if user.can("activity.edit_all"):
        return True
    if change.is_only("pinned_at"):
        return user.can("activity.write")
    if entry is None:
        return user.can("activity.add") and change.actor_id == user.id
    if change.is_only("done_at", "done_by_id"):
        return rules.may_tick(entry, user)
    if change.is_only("removed_at", "removed_by_id"):
        return rules.may_restore(entry, user)
    return rules.may_edit(entry, user)


def _final(change: Change) -> Message | None:
    is_email = change.operation == "create" and change.fields.get("kind", ("", ""))[1] not in _WRITTEN_HERE
    return _EMAIL if is_email or _OF_EMAILS & change.fields.keys() else None


def _check(session: Session, entry: Entry) -> Iterable[Problem]:
    found = services.check_entry(session, entry, today()) if entry.kind in _WRITTEN_HERE else []
    services.note_edited(entry)
    return found


def _settle(session: Session, entry: Entry) -> None:
    """Whom a text that is back mentions."""
    if inspect(entry).attrs.body.history.has_changes():
        services.note_mentions(session, entry, shown.people(), session.info["actor"])


def _remove(session: Session, entry: Entry) -> None:
    services.remove(session, entry, session.info["actor"])


def _pin(session: Session, entry: Entry, at: Any, by: Actor) -> Problem | None:
    return services.pin(session, entry, by) if at else services.unpin(session, entry, by)


def _trash(session: Session, entry: Entry, at: Any, by: Actor) -> Problem | None:
    return services.remove(session, entry, by) if at else services.restore(session, entry, by)


def _tick(session: Session, task: Any, at: Any, by: Actor) -> Problem | None:
    return services.tick(session, task, by) if at else services.reopen(session, task, by)


def _trashed(user: Person) -> ColumnElement[bool] | None:
    """All of it for administrators; for the others what they wrote or removed, as in the feed."""
    if user.can("activity.edit_all"):
        return true()
    if not user.can("activity.add"):
        return None
    is_own = or_(Entry.author_id == user.id, Entry.removed_by_id == user.id)
    return select(Entry.id).where(Entry.id == Fact.entity_id, is_own).correlate(Fact).exists()


ENTRY = Way(
    Entry,
    _may,
    _check,
    delete=_remove,
    sets={
        "removed_at": _trash,
        "removed_by_id": None,
        "pinned_at": _pin,
        "done_at": _tick,
        "done_by_id": None,
    },
    settle=_settle,
    final=_final,
    removed="removed_at",
    trash=_trashed,
)


def register() -> None:
    """Let them be taken back."""
    undoing.register(ENTRY)
