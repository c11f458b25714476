"""A record as it was before some of its facts: for who has a form of that time in front of them.

What is rebuilt is made of facts and of what stands in the database now. It belongs to no session and is never
stored: it is only read, by the forms that show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, inspect, select
from sqlalchemy.orm import MANYTOONE
from sqlalchemy.orm.attributes import set_committed_value

from backoffice.core import audit
from backoffice.core.audit import Fact

#: More changes than these are not looked through: nobody has one form open for so long.
MOST_FACTS = 5000
#: One field of one record: its table, its id, the field.
Key = tuple[str, int, str]


def newest_fact(session: Any, model: Any, id_: int) -> int:
    """The number of the newest fact of a record and of what stands in its form; 0 when it has none."""
    found: int | None = session.scalar(select(func.max(Fact.id)).where(*_concerning(model, id_)))
    return found or 0


def facts_since(session: Any, record: Any, number: int) -> Sequence[Fact]:
    """What has changed of a record, and of what stands in its form, after the fact of this number."""
    later = (*_concerning(type(record), record.id), Fact.id > number)
    found: Sequence[Fact] = session.scalars(
        select(Fact).where(*later).order_by(Fact.id).limit(MOST_FACTS)
    ).all()
    return found


def _concerning(model: Any, id_: int) -> tuple[ColumnElement[bool], ...]:
    """Only what owns its history has the rows of others in its form."""
    if hasattr(model, "history_owner"):
        return Fact.entity == model.__tablename__, Fact.entity_id == id_
    return Fact.owner == model.__tablename__, Fact.owner_id == id_


def latest_by_field(facts: Iterable[Fact]) -> dict[Key, Fact]:
    """The last of these facts of each field."""
    return {(fact.entity, fact.entity_id, fact.field): fact for fact in facts}


def as_it_was(session: Any, record: Any, facts: Sequence[Fact]) -> Any:
    """The record before these facts, with the rows that it had and what it pointed at."""
    return _Rebuilding(session, facts).of(record)


class _Rebuilding:
    def __init__(self, session: Any, facts: Sequence[Fact]) -> None:
        self._session = session
        self._first: dict[Key, Fact] = {}
        for fact in (fact for fact in facts if fact.operation != "note"):
            self._first.setdefault((fact.entity, fact.entity_id, fact.field), fact)
        self._made: dict[tuple[Any, Any], Any] = {}

    def of(self, record: Any) -> Any:
        past = self._bare(type(record), record.id, record)
        for name, relation in inspect(type(record)).relationships.items():
            if relation.uselist:
                set_committed_value(past, name, list(self._rows(record, relation)))
        for made in list(self._made.values()):
            self._point(made)
        return past

    def _bare(self, model: Any, id_: int, record: Any) -> Any:
        past = model()
        for prop in inspect(model).column_attrs:
            fact = self._first.get((model.__tablename__, id_, prop.key))
            now = getattr(record, prop.key) if record is not None else None
            is_told = fact is not None and not prop.columns[0].info.get("secret")
            value = _read(prop.columns[0], fact.before) if fact is not None and is_told else now
            set_committed_value(past, prop.key, value)
        set_committed_value(past, "id", id_)
        self._made[model, id_] = past
        return past

    def _rows(self, record: Any, relation: Any) -> Iterable[Any]:
        model = relation.mapper.class_
        there = {row.id: row for row in getattr(record, relation.key)}
        gone = {fact.entity_id for fact in self._of(model) if fact.operation == "delete"}
        new = {fact.entity_id for fact in self._of(model) if fact.operation == "create"}
        key = inspect(model).get_property_by_column(next(iter(relation.remote_side))).key
        for id_ in sorted((there.keys() | gone) - new):
            row = self._bare(model, id_, there.get(id_))
            if getattr(row, key) == record.id:  # one that came from elsewhere meanwhile was not there
                yield row

    def _of(self, model: Any) -> Iterable[Fact]:
        return (fact for key, fact in self._first.items() if key[0] == model.__tablename__)

    def _point(self, past: Any) -> None:
        """What it pointed at: another record that was rebuilt, or one that is there."""
        mapper = inspect(type(past))
        for name, relation in mapper.relationships.items():
            if relation.direction is not MANYTOONE:
                continue
            model = relation.mapper.class_
            id_ = getattr(past, mapper.get_property_by_column(next(iter(relation.local_columns))).key)
            target = self._made.get((model, id_)) or (self._session.get(model, id_) if id_ else None)
            set_committed_value(past, name, target)


def _read(column: Any, value: Any) -> Any:
    try:
        return audit.read(column.type.python_type, value)
    except (ValueError, TypeError, ArithmeticError):
        return value
