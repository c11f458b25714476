"""Facts told in sentences: those of one action together, one tale for each record that it touched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape

from backoffice.admin.tellings import VIAS, Kind, fields_of, kind_of, sentence_of
from backoffice.core.audit import Fact
from backoffice.history.names import Names, Ref
from backoffice.history.plans import UNDONE
from backoffice.history.values import Shown, shown, told_at

_NOBODY = {"système": _("système"), "visiteur": _("visiteur")}
_UNKNOWN = {
    "create": _("a créé %(name)s (%(kind)s)"),
    "update": _("a modifié %(name)s (%(kind)s)"),
    "delete": _("a supprimé %(name)s (%(kind)s)"),
    "note": _("a noté sur %(name)s (%(kind)s)"),
}


@dataclass(frozen=True)
class Row:
    """One field: what it was, what it is. `before` is None for a record that was created, `after` for one removed."""

    label: str
    before: Shown | None
    after: Shown | None


@dataclass
class Tale:
    """What happened to one record, as a sentence that goes on after the name of whoever did it."""

    sentence: Markup
    rows: list[Row] = field(default_factory=list)
    is_brief: bool = False
    #: Of whom the record is, where the page is not theirs.
    of: Markup = field(default_factory=Markup)
    #: The record.
    ref: Ref = ("", 0)


@dataclass
class Action:
    """All that one person did at once."""

    id: str
    actor: str
    at: datetime
    via: str
    tales: list[Tale]
    #: The records for which whoever looks is offered to take it back.
    back: list[Ref] = field(default_factory=list)
    #: Has all of it been taken back?
    is_undone: bool = False


class Teller:
    """Tells a page of facts. `own` is the record whose card shows them, None for the journal."""

    def __init__(self, names: Names, own: Ref | None) -> None:
        self.names, self.own = names, own

    def actions(self, facts: Sequence[Fact]) -> list[Action]:
        """The newest action first, as the facts are; what an action did is told in the order in which it did it."""
        together: dict[str, list[Fact]] = {}
        for fact in facts:
            together.setdefault(fact.action, []).append(fact)
        return [self._action(found) for found in together.values()]

    def _action(self, newest_first: list[Fact]) -> Action:
        first = newest_first[0]
        by_record: dict[Ref, list[Fact]] = {}
        for fact in reversed(newest_first):
            by_record.setdefault((fact.entity, fact.entity_id), []).append(fact)
        told = list(self._undone(newest_first))
        for ref, found in by_record.items():
            for tale in self._tales(found):
                tale.ref = ref
                told.append(tale)
        actor = first.actor_name if first.actor_id else str(_NOBODY.get(first.actor_name, first.actor_name))
        return Action(first.action, actor, first.at, str(VIAS.get(first.via, first.via)), told)

    def _tales(self, facts: list[Fact]) -> Iterator[Tale]:
        by_operation: dict[str, list[Fact]] = {}
        for fact in facts:
            by_operation.setdefault(fact.operation, []).append(fact)
        if created := by_operation.get("create"):
            # The pointers of a new record are set once what they point at is there.
            last = {fact.field: fact for fact in (*created, *by_operation.pop("update", ()))}
            yield self._whole(list(last.values()), "create")
        if changed := by_operation.get("update"):
            yield from self._changes(changed)
        for fact in by_operation.get("note", ()):
            if fact.field == UNDONE:
                continue
            yield Tale(self._said(fact) or self._sentence(fact, "note"), [], of=self._of(fact))
        if removed := by_operation.get("delete"):
            yield self._whole(removed, "delete")

    def _undone(self, facts: list[Fact]) -> Iterator[Tale]:
        """What an action that took back another one says of that, once."""
        note = next((fact for fact in facts if fact.operation == "note" and fact.field == UNDONE), None)
        if note is not None:
            who, at = note.before["by"], datetime.fromisoformat(note.before["at"])
            yield Tale(_fill(_UNDONE, who=who or _NOBODY["système"], at=told_at(at)))

    def _whole(self, facts: list[Fact], operation: str) -> Tale:
        """A record that came or went: its fields are shown on demand."""
        kind = kind_of(facts[0].entity)
        is_new = operation == "create"
        rows = [
            Row(row.label, None, row.after) if is_new else Row(row.label, row.before, None)
            for row in self._rows(kind, facts)
            if not _is_empty(row)
        ]
        return Tale(self._sentence(facts[0], operation), rows, is_brief=True, of=self._of(facts[0]))

    def _changes(self, facts: list[Fact]) -> Iterator[Tale]:
        kind, first = kind_of(facts[0].entity), facts[0]
        plain = []
        for fact in facts:
            if kind is not None and fact.field in kind.hides:
                continue
            sentence = self._said(fact)
            if sentence is None:
                plain.append(fact)
            else:
                yield Tale(sentence, of=self._of(fact))
        rows = list(self._rows(kind, plain))
        if len(rows) == 1 and self._is_own(first) and not _is_long(rows[0]):
            (row,) = rows
            yield Tale(_fill(_ONE, field=row.label, before=_value(row.before), after=_value(row.after)))
        elif rows:
            brief = kind is not None and kind.is_brief
            yield Tale(self._sentence(first, "update"), rows, is_brief=brief, of=self._of(first))

    def _rows(self, kind: Kind | None, facts: Iterable[Fact]) -> Iterator[Row]:
        labels = fields_of(kind) if kind is not None else {}
        for fact in facts:
            if kind is None or fact.field in labels:
                before = shown(kind, fact.field, fact.before, self.names)
                after = shown(kind, fact.field, fact.after, self.names)
                yield Row(str(labels.get(fact.field, fact.field)), before, after)

    # Sentences

    def _said(self, fact: Fact) -> Markup | None:
        sentence = sentence_of(fact.entity, fact.field, fact.before, fact.after)
        if sentence is None:
            return None
        kind = kind_of(fact.entity)
        return _fill(
            sentence,
            name=self._link((fact.entity, fact.entity_id)),
            before=_value(shown(kind, fact.field, fact.before, self.names)),
            after=_value(shown(kind, fact.field, fact.after, self.names)),
        )

    def _sentence(self, fact: Fact, operation: str) -> Markup:
        kind = kind_of(fact.entity)
        sentences = {"create": kind.created, "update": kind.changed, "delete": kind.deleted} if kind else {}
        return _fill(
            sentences.get(operation, _UNKNOWN[operation]),
            name=self._link((fact.entity, fact.entity_id)),
            kind=kind.name if kind else fact.entity,
        )

    def _is_own(self, fact: Fact) -> bool:
        return self.own == (fact.entity, fact.entity_id)

    def _of(self, fact: Fact) -> Markup:
        """Of whom the record is: not said on a card of theirs, nor of who is it themselves."""
        owner = (fact.owner, fact.owner_id)
        if self.own is not None or owner == (fact.entity, fact.entity_id):
            return Markup("")
        return self._link(owner)

    def _link(self, ref: Ref) -> Markup:
        kind, name = kind_of(ref[0]), self.names.plain(ref)
        if kind is None or not kind.page or ref == self.own or not self.names.is_there(ref):
            return escape(name)
        return Markup('<a href="{}">{}</a>').format(url_for(kind.page, id=ref[1]), name)


_UNDONE = _("a annulé ce qui avait été fait par %(who)s %(at)s")
_ONE = _("a changé « %(field)s » : %(before)s → %(after)s")


def _value(value: Shown | None) -> Markup:
    text = str(value) if value is not None else ""
    return Markup("<i>{}</i>").format(text) if value is not None and value.is_blank else escape(text)


def _fill(sentence: Any, **values: Any) -> Markup:
    """A sentence with its values, each escaped; the sentence is ours."""
    return Markup(str(sentence)) % values  # noqa: S704


def _is_empty(row: Row) -> bool:
    return all(value is None or value.is_blank for value in (row.before, row.after))


def _is_long(row: Row) -> bool:
    return any(value is not None and value.whole for value in (row.before, row.after))
