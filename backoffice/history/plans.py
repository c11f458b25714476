"""What it would mean to take back an action, read from its facts: what each record would become, and what forbids it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from backoffice.admin.tellings import columns_of
from backoffice.core import audit, undoing
from backoffice.core.audit import Fact, audited_columns
from backoffice.core.db import now
from backoffice.core.problems import Message
from backoffice.core.undoing import TOO_LATE, Change, Person, Ref
from backoffice.history import queries

#: The note that tells which action was taken back; it stands on every record that this concerned.
UNDONE = "undo"
#: What was done otherwise was not done by a person who could think better of it.
_BY_PEOPLE = ("screen", "undo")
#: No more records than this are taken back at once, nor more facts read for it.
MOST_RECORDS = 150
MOST_FACTS = 5_000
_NOT_BY_PEOPLE = _("Ce qu’une commande ou un travail de fond a fait ne s’annule pas d’ici.")
_NO_WAY = _("Les comptes, les mots de passe, les connexions et le logo ne s’annulent pas d’ici.")
_NOTHING = _("Il n’y a rien à annuler ici.")
_TOO_MANY = _(
    "Cette action a touché plus de %(most)d fiches : elle ne s’annule pas d’un coup.", most=MOST_RECORDS
)


@dataclass(frozen=True)
class Obstacle:
    """Why a change can't be taken back: a field, or the record as a whole (""), is no longer as the action left it."""

    ref: Ref
    field: str
    #: "changed", "gone", "back" or "added".
    why: str
    now: Any = None
    #: The fact that tells who did that.
    by: Fact | None = None


@dataclass
class Plan:
    """An action, or what it did to one record, that is to be taken back."""

    action: str
    facts: list[Fact]
    #: The record that it is about, alone or with all that belongs to it; None for the whole action.
    on: Ref | None = None
    with_owned: bool = False
    #: Has the action done more than this?
    is_part: bool = False

    @cached_property
    def changes(self) -> list[Change]:
        """What it did, in the order in which records are taken back: clients before what belongs to them."""
        order = {way.table: place for place, way in enumerate(undoing.ways())}
        return sorted(_changes(self.facts), key=lambda change: (order.get(change.ref[0], 99), change.ref))

    @property
    def refs(self) -> list[Ref]:
        return [change.ref for change in self.changes]

    @property
    def is_removal(self) -> bool:
        """Would it bring back anything that was removed?"""
        return any(_removes(change) for change in self.changes)

    @property
    def is_return(self) -> bool:
        """Is it above all the return of a record that was removed?"""
        return bool(self.changes) and _removes(self.changes[0])

    @cached_property
    def refusal(self) -> Message | None:
        """Why it is never taken back, whatever became of its records since; None when it may be."""
        if self.facts[0].via not in _BY_PEOPLE:
            return _NOT_BY_PEOPLE
        if any(undoing.way_of(table) is None for table, _id in self.refs):
            return _NO_WAY
        if len(self.facts) >= MOST_FACTS or len(self.changes) > MOST_RECORDS:
            return _TOO_MANY
        if self.is_removal and self.facts[0].at < now() - undoing.TRASH:
            return TOO_LATE
        finals = (way.final(change) for change in self.changes if (way := undoing.way_of(change.ref[0])))
        return next((why for why in finals if why is not None), None if self.changes else _NOTHING)

    def may(self, person: Person, records: dict[Ref, Any]) -> bool:
        """May this person take back all of it? `records` are those that are there.

        What nobody takes back is spoken of to those alone who read all of the history.
        """
        ways = [(undoing.way_of(change.ref[0]), change) for change in self.changes]
        if not all(way is not None for way, _change in ways) or not ways:
            return person.can("history.read")
        return all(
            way.may(person, change, self.changes, records.get(change.ref))
            for way, change in ways
            if way is not None
        )


def _removes(change: Change) -> bool:
    way = undoing.way_of(change.ref[0])
    marked = change.fields.get(way.removed) if way is not None else None
    return change.operation == "delete" or (marked is not None and marked[1] is not None)


def read(session: Session, action: str, on: Ref | None = None, with_owned: bool = False) -> Plan | None:
    """The plan of an action, or of what it did to one record, alone or with all that belongs to it; None for nothing.

    What came or went along with a record comes back with it, or goes again.
    """
    facts = list(session.scalars(queries.of_action(action, MOST_FACTS)))
    if on is None:
        return Plan(action, facts) if facts else None
    done = [fact for fact in facts if (fact.entity, fact.entity_id) == on]
    is_whole = any(fact.operation in ("create", "delete") for fact in done)

    def belongs(fact: Fact) -> bool:
        is_owned = (fact.owner, fact.owner_id) == on
        return is_owned and (with_owned or (is_whole and _is_part_of_owner(fact)))

    own = [fact for fact in facts if (fact.entity, fact.entity_id) == on or belongs(fact)]
    touched = {(fact.entity, fact.entity_id) for fact in facts if fact.operation != "note"}
    is_part = not touched <= {(fact.entity, fact.entity_id) for fact in own}
    return Plan(action, own, on, with_owned, is_part) if own else None


def _is_part_of_owner(fact: Fact) -> bool:
    way = undoing.way_of(fact.entity)
    return way is not None and way.is_part


def _changes(facts: Iterable[Fact]) -> Iterator[Change]:
    by_record: dict[Ref, list[Fact]] = {}
    for fact in facts:
        if fact.operation != "note":
            by_record.setdefault((fact.entity, fact.entity_id), []).append(fact)
    for ref, found in by_record.items():
        change = _change(ref, found)
        if change is not None and (change.fields or change.operation != "update"):
            yield change


def _change(ref: Ref, facts: list[Fact]) -> Change | None:
    operations = {fact.operation for fact in facts}
    if {"create", "delete"} <= operations:
        return None  # it came and went
    last = facts[-1]
    whole = operations & {"create", "delete"}
    change = Change(ref, (last.owner, last.owner_id), last.actor_id, whole.pop() if whole else "update")
    way = undoing.way_of(ref[0])
    columns = columns_of(way.model) if way is not None else {}
    for fact in facts:
        if way is None or fact.field in columns:
            first = change.fields.get(fact.field, (fact.before, None))[0]
            change.fields[fact.field] = (first, fact.after)
    if change.operation == "update":
        change.fields = {name: pair for name, pair in change.fields.items() if pair[0] != pair[1]}
    change.last = last.id
    return change


def offered(person: Person, facts: Sequence[Fact]) -> list[Ref]:
    """The records of an action that this person is offered to take back, as far as these facts alone can tell."""
    plan = Plan(facts[0].action, sorted(facts, key=lambda fact: fact.id))
    if plan.refusal is not None or not plan.may(person, {}):
        return []
    whole = {change.ref for change in plan.changes if change.operation != "update"}
    return [change.ref for change in plan.changes if change.owner == change.ref or change.owner not in whole]


def undone(facts: Iterable[Fact]) -> set[tuple[str, Ref]]:
    """What of these facts, the latest first, has been taken back and not put back again."""
    out: set[tuple[str, Ref]] = set()
    for fact in facts:
        ref = (fact.entity, fact.entity_id)
        if fact.operation == "note" and fact.field == UNDONE and (fact.action, ref) not in out:
            out.add((fact.after, ref))
    return out


# ------------------------------------------------------------------------------------- as it is now


def value_of(model: Any, field: str, plain: Any) -> Any:
    """A value of the history as the record holds it."""
    return audit.read(columns_of(model)[field].type.python_type, plain)


def obstacles(session: Session, plan: Plan, records: dict[Ref, Any]) -> list[Obstacle]:
    """What has changed since the action, field by field, and who did it."""
    found = [each for change in plan.changes for each in _in_the_way(plan, change, records.get(change.ref))]
    if not found:
        return []
    since = {change.ref: change.last for change in plan.changes}
    since |= {each.ref: plan.facts[-1].id for each in found if each.why == "added"}
    later = {
        (fact.entity, fact.entity_id, fact.operation, fact.field): fact
        for fact in session.scalars(queries.latest_since(since))
    }
    return [Obstacle(each.ref, each.field, each.why, each.now, _teller(each, later)) for each in found]


def _in_the_way(plan: Plan, change: Change, record: Any) -> Iterator[Obstacle]:
    if change.operation == "delete":
        if record is not None:
            yield Obstacle(change.ref, "", "back")
    elif record is None:
        yield Obstacle(change.ref, "", "gone")
    else:
        yield from _changed(change, record)
        yield from _added(plan, change, record)


def _changed(change: Change, record: Any) -> Iterator[Obstacle]:
    names: Collection[str] = change.fields
    if change.operation == "create":
        names = [name for name, _secret in audited_columns(record)]
    for name in names:
        after = change.fields.get(name, (None, None))[1]
        present = getattr(record, name, None)
        if present != value_of(type(record), name, after):
            yield Obstacle(change.ref, name, "changed", present)


def _added(plan: Plan, change: Change, record: Any) -> Iterator[Obstacle]:
    """What has come to belong to a new record since then would go with it."""
    way = undoing.way_of(change.ref[0])
    if way is None or change.operation != "create":
        return
    for part in way.along(record):
        ref = (str(part.__tablename__), int(part.id))
        if ref not in plan.refs:
            yield Obstacle(ref, "", "added")


def _teller(found: Obstacle, later: dict[tuple[str, int, str, str], Fact]) -> Fact | None:
    operation = {"gone": "delete", "back": "create", "added": "create"}.get(found.why, "update")
    told = [
        fact
        for (table, id_, done, name), fact in later.items()
        if (table, id_) == found.ref and done == operation and found.field in ("", name)
    ]
    return max(told, key=lambda fact: fact.id, default=None)
