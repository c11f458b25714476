"""Two people on one record: what one of them has typed beside what the other has saved, field by field.

Three forms of the same view are compared: as it was when it was opened (rebuilt from the facts), as it would be
opened now, and as it was sent. What only one of the two has changed keeps that change. Of what both have changed
one has to choose: a value that nobody has chosen is never written over another person's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from wtforms import HiddenField

from backoffice.admin import naming
from backoffice.admin.differing import BOTH, MINE, THEIRS, Difference, Differing, lists_of
from backoffice.admin.formats import show
from backoffice.core import audit, past
from backoffice.core.audit import Fact
from backoffice.core.db import db

#: Said by the page that compares: which version and which facts it has shown.
COMPARED = "_compared"
#: How the names of its choices begin.
KEEP = "_keep-"
#: Not carried from page to page.
_OWN = frozenset({"csrf_token", COMPARED, "_resumed", "_add_another", "_opened"})


@dataclass
class Comparison:
    """All differences of one form, and the fact that made it an old one."""

    differences: list[Difference]
    latest: Fact | None
    #: The version of the record and its newest fact, as the page shows them.
    version: str
    newest: str
    #: Names of blank rows, which no form needs.
    blank: list[str] = field(default_factory=list)

    @property
    def compared(self) -> str:
        """What the page says it has shown."""
        return f"{self.version}.{self.newest}"

    @property
    def is_unanswered(self) -> bool:
        """Was it sent with something still to be chosen?"""
        return bool(self.open) and request.form.get(COMPARED, "").partition(".")[0] == self.version

    @property
    def open(self) -> list[Difference]:
        """What is still to be chosen."""
        return [each for each in self.differences if each.can_choose and not each.kept]

    def by(self, whose: str) -> list[Difference]:
        return [each for each in self.differences if each.by == whose]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """All that was typed, for the next page."""
        return [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in _OWN and not name.startswith(KEEP)
        ]

    def merged(self) -> ImmutableMultiDict[str, str]:
        """What was typed without what is left to the other: a field that is not sent stays as it is."""
        sent = MultiDict(self.carried)
        for each in self.differences:
            if each.kept == THEIRS:
                _leave_out(sent, each)
            elif each.is_gone:
                sent[f"{each.name}-id"] = ""  # as a row that is new
        for name in self.blank:
            _without_row(sent, name)
        sent["row_version"], sent["seen_fact"] = self.version, self.newest
        return ImmutableMultiDict(sent)


def _leave_out(sent: MultiDict[str, str], each: Difference) -> None:
    if each.is_row:
        return _without_row(sent, each.name)
    for name in (each.name, *naming.text_fields(each.name)):
        sent.poplist(name)
    return None


def _without_row(sent: MultiDict[str, str], row: str) -> None:
    for name in [name for name in sent if name == f"del-{row}" or name.startswith(f"{row}-")]:
        sent.poplist(name)


@contextmanager
def sent_as(fields: MultiDict[str, str]) -> Iterator[None]:
    """Forms made inside are made of these fields instead of those that were sent."""
    kept = request.form
    _send(fields)
    try:
        yield
    finally:
        _send(kept)


def _send(fields: MultiDict[str, str]) -> None:
    """From here on these fields are what was sent."""
    current: Any = request
    current.form = fields


def compare(view: Any, record: Any) -> Comparison:
    """What was sent to this view beside what is stored. The number that the form has sent is trusted for no more."""
    seen = _number(request.form.get("seen_fact"))
    facts = past.facts_since(db.session, record, seen) if seen is not None else []
    with db.session.no_autoflush:
        then = past.as_it_was(db.session, record, facts) if facts else record
        with sent_as(ImmutableMultiDict()):
            before, theirs = view.edit_form(obj=then), view.edit_form(obj=record)
        mine = view.edit_form(obj=then)
        differing = Differing(record, facts, bool(facts))
        found = [*differing.of_forms(before, theirs, mine), *differing.beside(then, record, mine)]
        blank = [entry.name for rows in lists_of(mine) for entry in rows.entries if entry.is_blank]
    newest = past.newest_fact(db.session, type(record), record.id)
    _choose(found, differing.later)
    return Comparison(found, _latest(facts), str(record.version), str(newest), blank)


def of_few(form: Any, record: Any) -> tuple[Fact | None, list[Difference]]:
    """What a small form that is no view's says beside what is stored, and who has stored it."""
    seen = _number(form.seen_fact.data)
    facts = past.facts_since(db.session, record, seen) if seen is not None else []
    then = past.as_it_was(db.session, record, facts)
    found = []
    for each in form:
        was, now = getattr(then, each.name, None), getattr(record, each.name, None)
        if not isinstance(each, HiddenField) and (each.data or None) != now:
            values = show(was), show(now), show(each.data)
            found.append(Difference(each.name, str(each.label.text), *values, by=BOTH))
    return _latest(facts) or audit.latest_fact(db.session, record), found


def _latest(facts: Sequence[Fact]) -> Fact | None:
    """The last change; a note (somebody has logged in) only where there is nothing else."""
    changes = [fact for fact in facts if fact.operation != "note"]
    return next(reversed(changes or list(facts)), None)


def settled(view: Any, record: Any) -> bool:
    """Where the page that compares was sent: put what was chosen in the place of what was typed.

    False when something is still to be chosen. A page that has compared with an older version settles nothing.
    """
    version, _dot, _newest = request.form.get(COMPARED, "").partition(".")
    if version != str(record.version):
        return True
    comparison = compare(view, record)
    if comparison.open:
        return False
    _send(comparison.merged())
    return True


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _choose(found: Sequence[Difference], later: Mapping[str, Fact]) -> None:
    """What was chosen already, unless a third person has changed the field since."""
    shown = _number(request.form.get(COMPARED, "").partition(".")[2])
    for each in found:
        wanted, fact = request.form.get(KEEP + each.name), later.get(each.name)
        is_old = shown is None or (fact is not None and fact.id > shown)
        if each.can_choose and wanted in (THEIRS, MINE) and not is_old:
            each.chosen = str(wanted)
