"""Lists that page by key: a page costs the same at any depth, and the count stops at a cap.

A position is the sort key of a row and its id, written into the address (`after=`, `before=`). The ids of
a page come from one narrow query, the rows from a second one with explicit loads.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from backoffice.core.counting import counted
from backoffice.core.search_index import Search

#: Rows are counted no further than this: beyond, the page says "plus de 10 000".
COUNT_CAP = 10_000
_LONGEST_POSITION = 1000


@dataclass(frozen=True)
class Order:
    """How a list is sorted: columns that are never null; the id is added as the last one."""

    columns: tuple[Any, ...]
    joins: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Page:
    """The ids of one page, and the positions from which its neighbours begin (None where there is none)."""

    ids: list[int]
    previous: str | None
    next: str | None


@dataclass(frozen=True)
class Count:
    """How many rows a list has, as far as was counted."""

    value: int

    @property
    def is_capped(self) -> bool:
        return self.value > COUNT_CAP


def count(session: Session, ids: Select[Any]) -> Count:
    """Count the rows, no further than one beyond the cap."""
    return Count(session.scalar(select(counted(ids, COUNT_CAP + 1))) or 0)


def fetch(
    session: Session,
    ids: Select[Any],
    pk: Any,
    order: Order,
    *,
    descending: bool = False,
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
    search: Search | None = None,
) -> Page:
    """One page of the ids that `ids` selects, of those that a search finds. An unreadable position counts as none."""
    keys = [*order.columns, pk]
    start, backwards = (read_position(before, keys), True) if before else (read_position(after, keys), False)
    backwards = backwards and start is not None
    reverse = descending != backwards
    statement = ids.with_only_columns(*keys)
    for join in order.joins:
        statement = statement.outerjoin(join)
    if start is not None:
        statement = statement.where(_beyond(keys, start, reverse))
    statement = statement.order_by(*(key.desc() if reverse else key.asc() for key in keys))
    if search is None:
        found = session.execute(statement.limit(size + 1)).all()
    else:
        found = search.first(session, statement, pk, size + 1)
    rows = [tuple(row) for row in found]
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    return _page(
        rows, has_previous=more if backwards else start is not None, has_next=True if backwards else more
    )


def position_of(session: Session, pk: Any, id: int, order: Order) -> str | None:
    """The position of one row in this order, None when there is no such row."""
    statement = select(*order.columns, pk).where(pk == id)
    for join in order.joins:
        statement = statement.outerjoin(join)
    row = session.execute(statement).first()
    return write_position(tuple(row)) if row is not None else None


def _page(rows: Sequence[tuple[Any, ...]], has_previous: bool, has_next: bool) -> Page:
    if not rows:
        return Page([], None, None)
    return Page(
        [row[-1] for row in rows],
        write_position(rows[0]) if has_previous else None,
        write_position(rows[-1]) if has_next else None,
    )


def _beyond(keys: Sequence[Any], start: Sequence[Any], reverse: bool) -> ColumnElement[bool]:
    """`keys` after `start` in this direction, spelled out so that both engines use an index on the first key."""
    # Parameters, since SQLAlchemy refuses to order by a literal True or False.
    values = [bindparam(None, value, type_=key.type) for key, value in zip(keys, start, strict=True)]
    alternatives = []
    for position, (key, value) in enumerate(zip(keys, values, strict=True)):
        same = [earlier == values[index] for index, earlier in enumerate(keys[:position])]
        alternatives.append(and_(*same, key < value if reverse else key > value))
    first = keys[0] <= values[0] if reverse else keys[0] >= values[0]
    return and_(first, or_(*alternatives))


def write_position(row: Sequence[Any]) -> str:
    """The position of a row, for an address."""
    plain = [value.isoformat() if isinstance(value, date | datetime) else value for value in row]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def read_position(text: str | None, keys: Sequence[Any]) -> list[Any] | None:
    """The key values of a position, None when it is not one of this list."""
    if not text or len(text) > _LONGEST_POSITION:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            return None
        return [_typed(value, key.type.python_type) for value, key in zip(values, keys, strict=True)]
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
        return None


def _typed(value: Any, kind: type) -> Any:
    """The value as both engines take it. Raises ValueError, TypeError or OverflowError for any other."""
    if kind is datetime and (moment := datetime.fromisoformat(value)).tzinfo is not None:
        return moment.astimezone(UTC)
    if kind is date:
        return date.fromisoformat(value)
    if kind is int and isinstance(value, bool | int) and abs(value) < 2**31:
        return int(value)
    if kind is bool and isinstance(value, bool):
        return value
    if kind is str and isinstance(value, str) and "\x00" not in value:
        return value.encode().decode()  # half a surrogate pair is no text
    raise ValueError(value)
