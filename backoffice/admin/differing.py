"""Where three forms of one record differ: as it was opened, as it would be opened now, as it was sent.

What only one of two people has changed is theirs or mine; what both have changed differently has to be chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect
from wtforms import FileField, HiddenField

from backoffice.admin.formats import NOTHING, show, shown_by
from backoffice.core import past
from backoffice.core.audit import Fact, audited_columns

THEIRS, MINE, BOTH = "theirs", "mine", "both"


@dataclass
class Difference:
    """One field, or one whole row, of which not all agree. `by` says who has changed it."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    by: str
    #: Whoever has saved it, "" where nobody knows.
    who: str = ""
    #: Is it a row that comes or goes, and not a field?
    is_row: bool = False
    #: Is it gone from the record, so that one's own can only be added anew?
    is_gone: bool = False
    can_choose: bool = True
    chosen: str = ""

    @property
    def default(self) -> str:
        """What is kept unless one says otherwise; "" when one has to say."""
        return "" if self.by == BOTH else self.by

    @property
    def kept(self) -> str:
        return self.chosen or self.default


class Differing:
    """Where three forms differ. `is_known` says whether the first one is really what was opened."""

    def __init__(self, record: Any, facts: Sequence[Fact], is_known: bool) -> None:
        self._record, self._is_known = record, is_known
        self._by_field = past.latest_by_field(facts)
        changes = [fact for fact in facts if fact.operation != "note"]
        self._latest = changes[-1] if changes else None
        #: The last fact of each difference, by its name.
        self.later: dict[str, Fact] = {}

    def of_forms(self, before: Any, theirs: Any, mine: Any) -> Iterator[Difference]:
        for each in mine:
            if hasattr(each, "entry_of"):
                yield from self._of_rows(before[each.name], theirs[each.name], each)
            elif _is_compared(each):
                yield from self._of_field(
                    before[each.short_name], theirs[each.short_name], each, self._record, ""
                )

    def beside(self, then: Any, record: Any, form: Any) -> Iterator[Difference]:
        """What has changed of the record and stands in no form, for one to know."""
        mapper = inspect(type(record))
        relations = {_column_of(record, one.key): one.key for one in mapper.relationships}
        in_form = {_column_of(record, each.short_name) for each in form}
        for name, _secret in audited_columns(record):
            label = mapper.column_attrs[name].columns[0].info.get("label")
            if label is None or name in in_form or getattr(then, name) == getattr(record, name):
                continue
            words = [show(getattr(one, relations.get(name, name))) for one in (then, record)]
            yield Difference(
                name,
                str(label),
                words[0],
                words[1],
                NOTHING,
                THEIRS,
                self._who(name, record, name),
                can_choose=False,
            )

    def _of_field(self, before: Any, theirs: Any, mine: Any, record: Any, row: str) -> Iterator[Difference]:
        if _is_same(mine, theirs):
            return
        by = self._by(_is_same(theirs, before), _is_same(mine, before))
        who = self._who(mine.name, record, _column_of(record, mine.short_name))
        label = f"{row} · {mine.label.text}" if row else str(mine.label.text)
        yield Difference(mine.name, label, _words(before), _words(theirs), _words(mine), by, who)

    def _by(self, is_theirs_same: bool, is_mine_same: bool) -> str:
        if not self._is_known:
            return BOTH
        if is_mine_same:
            return THEIRS
        return MINE if is_theirs_same else BOTH

    def _who(self, name: str, record: Any, column: str) -> str:
        fact = self._by_field.get((record.__tablename__, record.id, column))
        if fact is not None:
            self.later[name] = fact
        elif self._latest is not None:
            self.later[name] = self._latest
        found = fact or self._latest
        return found.actor_name if found is not None else ""

    # Rows

    def _of_rows(self, before: Any, theirs: Any, mine: Any) -> Iterator[Difference]:
        was, now = _by_id(before), _by_id(theirs)
        mentioned = set()
        for entry in mine.entries:
            id_ = entry.record.id if entry.record is not None else None
            mentioned.add(id_)
            if id_ is not None and id_ in now:
                yield from self._of_kept_row(mine, was[id_], now[id_], entry)
            elif not entry.is_blank:
                yield from self._of_row_alone(
                    mine, was.get(id_ or 0), entry, is_mine=id_ is None and not entry.is_foreign
                )
        for id_, entry in now.items():
            if id_ not in was and id_ not in mentioned:
                yield self._added(mine, entry, f"{mine.name}#{id_}")

    def _added(self, rows: Any, theirs: Any, name: str) -> Difference:
        """A row that somebody else has added: no form speaks of it, so it stays."""
        who = self._who(name, theirs.record, "")
        return Difference(
            name,
            _title(rows, theirs),
            before=NOTHING,
            theirs=_told(theirs),
            mine=NOTHING,
            by=THEIRS,
            who=who,
            is_row=True,
            can_choose=False,
        )

    def _of_kept_row(self, rows: Any, before: Any, theirs: Any, mine: Any) -> Iterator[Difference]:
        if not rows.should_delete(mine):
            for each in mine.form:
                if _is_compared(each):
                    name = each.short_name
                    yield from self._of_field(
                        before.form[name], theirs.form[name], each, theirs.record, _title(rows, theirs)
                    )
            return
        is_same = self._is_known and all(
            _is_same(theirs.form[each.short_name], each) for each in before.form if _is_compared(each)
        )
        yield Difference(
            mine.name,
            _title(rows, theirs),
            before=_told(before),
            theirs=_told(theirs),
            mine="",
            by=MINE if is_same else BOTH,
            who=self._who(mine.name, theirs.record, ""),
            is_row=True,
        )

    def _of_row_alone(self, rows: Any, before: Any, mine: Any, is_mine: bool) -> Iterator[Difference]:
        """A row that is not in the record: one's own new one, or one that is gone."""
        title, who = _title(rows, before or mine), self._who(mine.name, self._record, "")
        is_dropped = rows.should_delete(mine)
        is_same = before is not None and all(
            _is_same(each, before.form[each.short_name]) for each in mine.form if _is_compared(each)
        )
        yield Difference(
            mine.name,
            title,
            before=_told(before) if before is not None else NOTHING,
            theirs=NOTHING if is_mine else "",
            mine="" if is_dropped else _told(mine),
            by=MINE if is_mine else THEIRS if is_same or is_dropped else BOTH,
            who=who,
            is_row=True,
            is_gone=not is_mine,
            can_choose=not (is_mine or is_dropped),
        )


def _by_id(rows: Any) -> dict[int, Any]:
    return {entry.record.id: entry for entry in rows.entries if entry.record is not None}


def _title(rows: Any, entry: Any) -> str:
    """What a row is called: its kind, and its own name where it has one."""
    named = str(entry.record) if entry.record is not None else ""
    return f"{rows.label.text} {named}".strip()


def _told(entry: Any) -> str:
    """All that a row says, on one line."""
    said = (_words(each) for each in entry.form if _is_compared(each))
    return ", ".join(words for words in said if words != NOTHING) or NOTHING


def _column_of(record: Any, name: str) -> str:
    """The column behind a field: of what points at another record, the one that holds its id."""
    mapper = inspect(type(record))
    if name not in mapper.relationships or mapper.relationships[name].uselist:
        return name
    return str(mapper.get_property_by_column(next(iter(mapper.relationships[name].local_columns))).key)


def _is_same(one: Any, other: Any) -> bool:
    """Do two fields hold the same? What was typed and can't be read is no value of anybody else."""
    if one.process_errors or getattr(one, "_unknown", False):
        return False
    blank = (None, "", False)
    values = [None if each.data in blank else each.data for each in (one, other)]
    is_text = all(isinstance(value, str) for value in values)
    return values[0] == values[1] or (is_text and _words(one) == _words(other))


def _words(each: Any) -> str:
    """A field's value for the reader; what was typed as it was typed."""
    if unsettled := getattr(each, "unsettled", ""):
        return str(unsettled)
    if each.raw_data and (each.process_errors or isinstance(each.data, str)) and hasattr(each, "_shown"):
        return str(each.raw_data[0]).strip() or NOTHING
    return shown_by(each, each.data)


def lists_of(form: Any) -> Iterator[Any]:
    """The fields of a form that are rows of records."""
    return (each for each in form if hasattr(each, "entry_of"))


def _is_compared(each: Any) -> bool:
    return not isinstance(each, HiddenField | FileField) and not hasattr(each, "entry_of")
