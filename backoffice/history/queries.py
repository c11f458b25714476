"""What is asked of the facts. A page costs the same at any depth: each way to read them has its index."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from backoffice.admin.tellings import Kind
from backoffice.core.audit import REMOVALS, Fact
from backoffice.core.undoing import Way
from backoffice.users.models import User
from backoffice.users.tellings import SIGN_INS

#: Stands for whoever has no account: the product itself, a visitor.
NOBODY = 0


@dataclass(frozen=True)
class Narrowing:
    """What is left out: all but one person, one kind of record, one field, one way in, some days."""

    who: int | None = None
    table: str = ""
    field: str = ""
    via: str = ""
    only_sign_ins: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        found = [
            column == value
            for column, value in ((Fact.entity, self.table), (Fact.field, self.field), (Fact.via, self.via))
            if value
        ]
        if self.who is not None:
            found.append(Fact.actor_id.is_(None) if self.who == NOBODY else Fact.actor_id == self.who)
        if self.only_sign_ins:
            found += [Fact.operation == "note", Fact.field.in_(SIGN_INS)]
        if self.since is not None:
            found.append(Fact.at >= self.since)
        if self.until is not None:
            found.append(Fact.at < self.until)
        return found


def of_owner(table: str, id_: int) -> Select[int]:
    """The history of a record with all that belongs to it."""
    return select(Fact.id).where(Fact.owner == table, Fact.owner_id == id_)


def of_record(table: str, id_: int) -> Select[int]:
    """The history of a record that stands in that of another, wherever it belonged."""
    return select(Fact.id).where(Fact.entity == table, Fact.entity_id == id_)


def everything() -> Select[int]:
    """All facts."""
    return select(Fact.id)


def facts(ids: Collection[int]) -> Select[Fact]:
    """These facts."""
    return select(Fact).where(Fact.id.in_(ids))


def names(wanted: Mapping[Kind, Collection[int]]) -> Select[Any]:
    """What these records are called today: (table, id, name) of each that is there, in one statement."""
    parts = [
        select(
            literal(kind.table).label("table"), kind.model.id.label("id"), kind.named().label("name")
        ).where(kind.model.id.in_(ids))
        for kind, ids in wanted.items()
    ]
    return select(union_all(*parts).subquery())


def last_names(wanted: Mapping[Kind, Collection[int]]) -> Select[Any]:
    """What these records were called when they were removed: (table, id, action, field, value) of what made up the
    name, the latest removal last."""
    gone = (
        and_(Fact.entity == kind.table, Fact.entity_id.in_(ids), Fact.field.in_(kind.name_fields))
        for kind, ids in wanted.items()
    )
    parts = select(Fact.entity, Fact.entity_id, Fact.action, Fact.field, Fact.before)
    return parts.where(Fact.operation == "delete", or_(*gone)).order_by(Fact.id)


def people() -> Select[User]:
    """All accounts by name: who has left is still named in the history."""
    return select(User).order_by(User.name_key, User.id)


# ------------------------------------------------------------------------------------- taking back


def of_action(action: str, most: int) -> Select[Fact]:
    """What one action did, in the order in which it did it."""
    return select(Fact).where(Fact.action == action).order_by(Fact.id).limit(most)


def latest_since(since: Mapping[tuple[str, int], int]) -> Select[Fact]:
    """The latest fact of each field of these records, by what was done, after a fact of theirs."""
    later = or_(
        *(
            and_(Fact.entity == table, Fact.entity_id == id_, Fact.id > last)
            for (table, id_), last in since.items()
        )
    )
    by_field = (Fact.entity, Fact.entity_id, Fact.operation, Fact.field)
    latest = select(func.max(Fact.id)).where(later, Fact.operation != "note").group_by(*by_field)
    return select(Fact).where(Fact.id.in_(latest))


def removed(ways: Mapping[Way, ColumnElement[bool]], since: datetime) -> Select[int]:
    """The facts that stand for what was removed and has not come back: one for each record, asked of an index.

    `ways` are the kinds of records with what each of them is narrowed to.
    """
    kinds = [and_(_is_removal(way), ~_has_come_back(way), own) for way, own in ways.items()]
    return select(Fact.id).where(REMOVALS, Fact.at > since, or_(false(), *kinds))


def _is_removal(way: Way) -> ColumnElement[bool]:
    # Said so that no engine goes by the kind, whose facts are many: those that tell of removals are few.
    of_kind = Fact.entity.concat("") == way.table
    if way.removed:
        moved = (Fact.operation == "update", Fact.field == way.removed, Fact.after.is_not(None))
        return and_(of_kind, *moved)
    gone = (of_kind, Fact.operation == "delete", Fact.field == way.always)
    return and_(*gone, ~_went_along()) if way.is_part else and_(*gone)


def _went_along() -> ColumnElement[bool]:
    """Was it removed with its owner? Then it comes back with it."""
    other = aliased(Fact)
    owner = select(other.id).where(
        other.entity == Fact.owner,
        other.entity_id == Fact.owner_id,
        other.action == Fact.action,
        other.operation == "delete",
    )
    return owner.correlate(Fact).exists()


def _has_come_back(way: Way) -> ColumnElement[bool]:
    later = aliased(Fact)
    is_back = later.operation == "create"
    if way.removed:
        is_back = or_(later.field == way.removed, later.operation == "delete")
    found = select(later.id).where(
        later.entity == Fact.entity, later.entity_id == Fact.entity_id, later.id > Fact.id, is_back
    )
    return found.correlate(Fact).exists()
