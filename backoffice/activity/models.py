"""What happens with a client: notes, calls and tasks in one table, and whom their texts mention.

One feed shows them all, so they are one kind of record with kinds of their own; a task knows more than the others.
Whatever is removed stays in the table, in a trash: what hangs on a client is never lost by a click.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from backoffice.clients.models import Client, Contact, OfClient
from backoffice.core.db import NEVER_REUSED, Base, now
from backoffice.core.text import fold
from backoffice.events.models import Event
from backoffice.users.models import User

_KEPT = {"audited": False}
_LONGEST_TITLE = 200
#: Compared letter by letter on PostgreSQL as well, so that an index finds the beginning of a title.
_PLAIN_ORDER = String(_LONGEST_TITLE).with_variant(String(_LONGEST_TITLE, collation="C"), "postgresql")

PRIORITIES: dict[str, Any] = {"high": _("Haute"), "normal": _("Normale"), "low": _("Basse")}
#: When somebody wants to be reminded of a task (reminders.py reckons with it).
REMINDERS: dict[str, Any] = {
    "none": _("Aucun"),
    "day": _("Le jour même à 8 h"),
    "due": _("À l’heure dite"),
    "hour": _("Une heure avant"),
    "eve": _("La veille à 8 h"),
    "two_days": _("Deux jours avant à 8 h"),
    "week": _("Une semaine avant à 8 h"),
}

_IN_FEED = text("removed_at IS NULL AND pinned_at IS NULL")
_PINNED = text("removed_at IS NULL AND pinned_at IS NOT NULL")
_REMOVED = text("removed_at IS NOT NULL")
# Only tasks are due; said so, not by their kind, an engine sees from any query that this index will do.
_OPEN = text("due_on IS NOT NULL AND done_at IS NULL AND removed_at IS NULL")
_DONE = text("done_at IS NOT NULL AND removed_at IS NULL")
_UNREAD = text("read_at IS NULL")
_TO_REMIND = text("remind_at IS NOT NULL AND reminded_at IS NULL AND done_at IS NULL AND removed_at IS NULL")
_TO_NOTICE = text(
    "remind_at IS NOT NULL AND remind_read_at IS NULL AND done_at IS NULL AND removed_at IS NULL"
)


def _partial(name: str, where: Any, *columns: Any) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Entry(OfClient, Base):
    """Something that was said, heard or has to be done about a client."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version: Mapped[int] = mapped_column(default=1, info=_KEPT)
    kind: Mapped[str] = mapped_column(String(8), info={"label": _("Nature")})
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), info={"label": _("Client")})
    #: A contact that moves to another client keeps its past, so no key ties it to this client.
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), info={"label": _("Contact")})
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), info={"label": _("Événement")})
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), info={"label": _("Auteur")})
    at: Mapped[datetime] = mapped_column(default=now, info={"label": _("Écrit le"), **_KEPT})
    edited_at: Mapped[datetime | None] = mapped_column(info=_KEPT)
    body: Mapped[str | None] = mapped_column(Text, info={"label": _("Texte")})
    pinned_at: Mapped[datetime | None] = mapped_column(info={"label": _("Épinglé le")})
    removed_at: Mapped[datetime | None] = mapped_column(info={"label": _("Supprimé le")})
    removed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), info={"label": _("Supprimé par")}
    )

    client: Mapped[Client] = relationship(info={"label": _("Client")})
    contact: Mapped[Contact | None] = relationship(info={"label": _("Contact")})
    event: Mapped[Event | None] = relationship(info={"label": _("Événement")})
    author: Mapped[User] = relationship(foreign_keys=[author_id], info={"label": _("Auteur")})
    removed_by: Mapped[User | None] = relationship(
        foreign_keys=[removed_by_id], info={"label": _("Supprimé par")}
    )

    # One table: what a task knows more comes with the row.
    __mapper_args__ = {"polymorphic_on": "kind", "with_polymorphic": "*", "version_id_col": version}
    __table_args__ = (
        CheckConstraint("kind IN ('note', 'call', 'task', 'email')", name="known_kind"),
        CheckConstraint(
            "kind IN ('task', 'email') OR body IS NOT NULL AND trim(body) <> ''", name="says_something"
        ),
        CheckConstraint(
            "kind <> 'task' OR title IS NOT NULL AND trim(title) <> '' AND due_on IS NOT NULL "
            "AND owner_id IS NOT NULL AND priority IN ('high', 'normal', 'low')",
            name="task_is_whole",
        ),
        CheckConstraint("kind = 'task' OR due_on IS NULL AND done_at IS NULL", name="only_tasks_are_due"),
        CheckConstraint("kind = 'task' OR remind_at IS NULL", name="only_tasks_are_recalled"),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_by_somebody"),
        CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name="removed_by_somebody"),
        _partial("ix_entry_client", _IN_FEED, "client_id", "at", "id"),
        _partial("ix_entry_client_kind", _IN_FEED, "client_id", "kind", "at", "id"),
        _partial("ix_entry_client_author", _IN_FEED, "client_id", "author_id", "at", "id"),
        _partial("ix_entry_contact", _IN_FEED, "contact_id", "at", "id"),
        _partial("ix_entry_event", _IN_FEED, "event_id", "at", "id"),
        _partial("ix_entry_pinned", _PINNED, "client_id", "pinned_at"),
        _partial("ix_entry_removed", _REMOVED, "client_id", "removed_at"),
        # What a deletion asks, whatever became of the entry.
        Index("ix_entry_client_id", "client_id"),
        Index("ix_entry_contact_id", "contact_id"),
        Index("ix_entry_event_id", "event_id"),
        NEVER_REUSED,
    )

    def __str__(self) -> str:
        return (self.body or "").partition("\n")[0][:80]


class Note(Entry):
    """Something worth knowing of a client."""

    __mapper_args__ = {"polymorphic_identity": "note"}


class Call(Entry):
    """A call, and what was said."""

    __mapper_args__ = {"polymorphic_identity": "call"}


class Task(Entry):
    """Something that somebody has to do by a day."""

    # Every task has these, no other entry has: the table lets them be null, and its check does not.
    title: Mapped[str] = mapped_column(String(_LONGEST_TITLE), nullable=True, info={"label": _("Titre")})
    title_key: Mapped[str | None] = mapped_column(_PLAIN_ORDER, info=_KEPT)
    due_on: Mapped[date] = mapped_column(nullable=True, info={"label": _("Échéance")})
    due_time: Mapped[time | None] = mapped_column(info={"label": _("Heure")})
    owner_id: Mapped[int] = mapped_column(
        ForeignKey("user.id"), nullable=True, info={"label": _("Responsable")}
    )
    priority: Mapped[str] = mapped_column(
        String(8), default="normal", nullable=True, info={"label": _("Priorité"), "choices": PRIORITIES}
    )
    done_at: Mapped[datetime | None] = mapped_column(info={"label": _("Terminé le")})
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), info={"label": _("Terminé par")})
    reminder: Mapped[str] = mapped_column(
        String(8), default="none", nullable=True, info={"label": _("Rappel"), "choices": REMINDERS}
    )
    #: The moment that comes of it; none of one that had already passed when it was asked for.
    remind_at: Mapped[datetime | None] = mapped_column(info=_KEPT)
    #: When the worker took the reminder to mail it: a mail goes out once, and not again to the next owner.
    reminded_at: Mapped[datetime | None] = mapped_column(info=_KEPT)
    #: When its owner has seen it in the page.
    remind_read_at: Mapped[datetime | None] = mapped_column(info=_KEPT)

    owner: Mapped[User] = relationship(foreign_keys=[owner_id], info={"label": _("Responsable")})
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id], info={"label": _("Terminé par")})

    __mapper_args__ = {"polymorphic_identity": "task"}

    @validates("title")
    def _fold_title(self, key: str, title: str | None) -> str | None:
        self.title_key = fold(title or "")[:_LONGEST_TITLE]
        return title

    def __str__(self) -> str:
        return self.title or ""


for _name, _where, _column, _then in (
    ("ix_entry_open_of_client", _OPEN, Task.client_id, Task.due_on),
    ("ix_entry_open_of_owner", _OPEN, Task.owner_id, Task.due_on),
    ("ix_entry_done_of_owner", _DONE, Task.owner_id, Task.done_at),
    ("ix_entry_to_notice", _TO_NOTICE, Task.owner_id, Task.remind_at),
):
    _partial(_name, _where, _column, _then, Task.id)
_partial("ix_entry_open", _OPEN, Task.due_on, Task.id)
_partial("ix_entry_open_title", _OPEN, Task.title_key, Task.id)
_partial("ix_entry_done", _DONE, Task.done_at, Task.id)
_partial("ix_entry_to_remind", _TO_REMIND, Task.remind_at, Task.id)
_partial("ix_entry_trash", _REMOVED, Task.removed_at, Task.id)


class Mention(Base):
    """Somebody whom the text of an entry names, until they have read it: what the mark beside their name counts."""

    __tablename__ = "mention"
    __audited__ = False

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    read_at: Mapped[datetime | None]

    entry: Mapped[Entry] = relationship()

    __table_args__ = (
        Index("ix_mention_user", "user_id", "entry_id"),
        _partial("ix_mention_unread", _UNREAD, "user_id"),
    )
