"""The names of the records that a page of facts speaks of: two queries, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from backoffice.admin.tellings import PERSON_FIELDS, Kind, columns_of, kind_of
from backoffice.core.audit import Fact
from backoffice.history import queries

Ref = tuple[str, int]


class Names:
    """What each record is called: today, or when it was removed."""

    def __init__(self, session: Session, facts: Iterable[Fact], more: Iterable[Ref] = ()) -> None:
        wanted = {*_named_in(facts), *more}
        self._there: dict[Ref, str] = {}
        self._gone: dict[Ref, str] = {}
        if by_kind := _by_kind(wanted):
            rows = session.execute(queries.names(by_kind))
            self._there = {(table, id_): (name or "").partition("\n")[0] for table, id_, name in rows}
        if by_kind := _by_kind(wanted - self._there.keys()):
            self._gone = _put_together(session.execute(queries.last_names(by_kind)))

    def is_there(self, ref: Ref) -> bool:
        """Can this record still be opened?"""
        return ref in self._there

    def plain(self, ref: Ref) -> str:
        """The name alone; the number of a record whose name nobody knows."""
        return self._there.get(ref) or self._gone.get(ref) or gettext("n° %(number)s", number=ref[1])

    def told(self, ref: Ref) -> str:
        """The name, and what became of a record that is gone."""
        if ref in self._there:
            return self.plain(ref)
        if ref in self._gone:
            return str(gettext("%(name)s (n° %(number)s, supprimé)", name=self._gone[ref], number=ref[1]))
        return self.plain(ref)


def target_of(kind: Kind | None, field: str) -> str | None:
    """The table that a field points at."""
    column = columns_of(kind.model).get(field) if kind is not None else None
    keys = sorted(column.foreign_keys, key=lambda key: str(key.target_fullname)) if column is not None else []
    return str(keys[0].column.table.name) if keys else None


def _named_in(facts: Iterable[Fact]) -> Iterator[Ref]:
    for fact in facts:
        yield fact.entity, fact.entity_id
        yield fact.owner, fact.owner_id
        target = target_of(kind_of(fact.entity), fact.field)
        for value in (fact.before, fact.after):
            if target is not None and isinstance(value, int) and value:
                yield target, value


def _by_kind(refs: Iterable[Ref]) -> dict[Any, set[int]]:
    found: dict[Any, set[int]] = defaultdict(set)
    for table, id_ in refs:
        if (kind := kind_of(table)) is not None:
            found[kind].add(id_)
    return found


def _put_together(rows: Iterable[Any]) -> dict[Ref, str]:
    parts: dict[Ref, dict[str, str]] = {}
    latest: dict[Ref, str] = {}
    for table, id_, action, field, value in rows:
        ref = (table, id_)
        if latest.get(ref) != action:  # removed once more, by a name that may have become shorter
            latest[ref], parts[ref] = action, {}
        if value:
            parts[ref][field] = str(value)
    return {ref: _name(ref, fields) for ref, fields in parts.items()}


def _name(ref: Ref, fields: dict[str, str]) -> str:
    kind = kind_of(ref[0])
    in_order = [fields[name] for name in (kind.name_fields if kind else ()) if name in fields]
    if kind is not None and kind.name_fields == PERSON_FIELDS:
        return " ".join(in_order[:-1]) or in_order[-1]
    return in_order[0].partition("\n")[0] if in_order else ""
