"""How changes are taken back: each feature says it of its own records, as it says how the history tells of them.

The facts of a change hold all that is needed: what each field was and became, and of a record that was removed the
whole of it. A `Way` adds what only the feature knows: who may, which rules are asked, what has a transition of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from backoffice.core.audit import Actor
from backoffice.core.problems import Message, Problem

#: For so long what was removed can be brought back.
TRASH = timedelta(days=30)
TOO_LATE = _("Ce qui a été supprimé il y a plus de trente jours ne se rétablit plus.")

Ref = tuple[str, int]
#: Puts a field back through its own transition.
Setter = Callable[[Session, Any, Any, Actor], Problem | None]


class Person(Protocol):
    """Who asks to take something back."""

    @property
    def id(self) -> int: ...
    def can(self, right: str) -> bool: ...


@dataclass
class Change:
    """What one action did to one record: "create", "update" or "delete", and each field before and after."""

    ref: Ref
    owner: Ref
    actor_id: int | None
    operation: str
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    #: The id of its last fact: what comes later has changed it since.
    last: int = 0

    def is_only(self, *names: str) -> bool:
        """Has it changed nothing but these fields?"""
        return self.operation == "update" and self.fields.keys() <= set(names)


def _nothing(_session: Session, _record: Any) -> None:
    """Nothing is left to do."""


def _no_problem(_session: Session, _record: Any) -> Iterable[Problem]:
    return ()


def _none(_person: Person) -> None:
    """Nothing of this kind is in anybody's trash."""


def all_for(right: str) -> Callable[[Person], ColumnElement[bool] | None]:
    """All that was removed, for those who have a right."""
    return lambda person: true() if person.can(right) else None


def _delete(session: Session, record: Any) -> None:
    session.delete(record)


@dataclass(frozen=True, eq=False)
class Way:
    """How the changes of one kind of record are taken back."""

    model: Any
    #: May this person? Asked with all changes of the action; the record is None where the facts alone must do.
    may: Callable[[Person, Change, Sequence[Change], Any], bool]
    #: The rules that its screens ask, of a record as it would become.
    check: Callable[[Session, Any], Iterable[Problem]] = _no_problem
    #: Why a record that was created can't be deleted again, and how that is done (without a flush where it can be).
    refuse_delete: Callable[[Session, Any], Problem | None] = _nothing
    delete: Callable[[Session, Any], None] = _delete
    #: What goes along with a record that is deleted.
    along: Callable[[Any], Iterable[Any]] = lambda _record: ()
    #: Fields with a transition of their own; None for those that another one carries along.
    sets: Mapping[str, Setter | None] = field(default_factory=dict)
    #: What is left to do for a record once it is as it was.
    settle: Callable[[Session, Any], None] = _nothing
    #: Why a change of this kind is never taken back.
    final: Callable[[Change], Message | None] = lambda _change: None
    #: Is it one of its owner's, whose row is locked before it, and for whose forms it counts?
    is_part: bool = False
    #: A field that every record has: its fact stands for the removal of one in the trash.
    always: str = ""
    #: Which of the facts that tell of removals this person may take back; None for those who never may.
    trash: Callable[[Person], ColumnElement[bool] | None] = _none
    #: A field whose value says that a record lies in a trash of its own, for those that are not deleted at once.
    removed: str = ""

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)


_ways: dict[str, Way] = {}


def register(way: Way) -> None:
    """Say how the changes of a kind of record are taken back."""
    _ways[way.table] = way


def way_of(table: str) -> Way | None:
    """How changes of this table are taken back; None where they never are."""
    return _ways.get(table)


def ways() -> Collection[Way]:
    """All of them, in the order of the features."""
    return _ways.values()
