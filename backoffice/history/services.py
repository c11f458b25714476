"""Taking back what an action did: all of it or nothing. It flushes at most; the edges commit.

A field goes back only if it is still as the action left it. What was removed comes back from its facts under the same
id; what is checked is what the screens check, and what has a transition of its own goes through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from flask_babel import lazy_gettext as _
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import MANYTOONE, RelationshipProperty, Session

from backoffice.admin.tellings import columns_of
from backoffice.core import audit, undoing
from backoffice.core.audit import Actor
from backoffice.core.problems import Problem, errors
from backoffice.core.undoing import Change, Ref, Way
from backoffice.history.plans import UNDONE, Plan, value_of

_LOST = _("Ce qui était choisi ici n’existe plus : « %(field)s » ne peut pas revenir.")


def records_of(session: Session, plan: Plan, lock: bool = False) -> dict[Ref, Any]:
    """The records of a plan that are there; locked, they are as fresh as the lock."""
    if lock:
        _lock_owners(session, plan)
    found: dict[Ref, Any] = {}
    for way in undoing.ways():
        ids = sorted(id_ for table, id_ in plan.refs if table == way.table)
        if ids:
            found |= {(way.table, record.id): record for record in session.scalars(_asked(way, ids, lock))}
    return found


def _asked(way: Way, ids: Iterable[int], lock: bool) -> Any:
    asked = select(way.model).where(way.model.id.in_(ids)).order_by(way.model.id)
    if not lock:
        return asked
    locked = asked.with_for_update(of=way.model, key_share=True)
    return locked.execution_options(populate_existing=True)


def _lock_owners(session: Session, plan: Plan) -> None:
    """Owners before what belongs to them, in the order of their ids: those of now, of then and of before."""
    owners: dict[str, set[int]] = {}
    for way in undoing.ways():
        parts = [change for change in plan.changes if change.ref[0] == way.table]
        if not way.is_part or not parts:
            continue
        table, column = cast(Any, audit.owner_of(way.model))
        today = select(column).where(way.model.id.in_([change.ref[1] for change in parts]))
        ids = owners.setdefault(table, {id_ for of, id_ in plan.refs if of == table})
        ids.update(session.scalars(today), (change.owner[1] for change in parts))
        for change in parts:
            ids.update(value for value in change.fields.get(column.key, ()) if value)
    for table, ids in owners.items():
        if (way_ := undoing.way_of(table)) is not None:
            session.scalars(_asked(way_, sorted(ids), lock=True)).all()


def take_back(session: Session, plan: Plan, records: dict[Ref, Any], by: Actor) -> list[Problem]:
    """Take back a plan that nothing stands in the way of; returns what the rules say against it.

    Where that is an error, whoever asked rolls back.
    """
    problems: list[Problem] = []
    first = plan.facts[0]
    with session.no_autoflush:
        there = dict(records)
        for change, way in _parts(plan, "delete"):
            there[change.ref] = _rebuilt(session, way, change)
        for change, _way in _parts(plan):
            done = {"by": first.actor_name if first.actor_id else "", "at": first.at.isoformat()}
            audit.record(session, there[change.ref], UNDONE, done, plan.action, operation="note")
        for change, _way in _parts(plan, "delete"):
            problems += _related(session, there[change.ref], change, there)
        for change, way in _parts(plan, "update"):
            problems += _plain_fields(session, way, change, there)
        if errors(problems):
            return problems
        for change, way in _parts(plan, "update"):
            problems += _transitions(session, way, there[change.ref], change, by)
        problems += _remove_created(session, plan, there)
        problems += _checked(session, plan, there)
        if errors(problems):
            return problems
        for change, way in _parts(plan, "update", "delete"):
            way.settle(session, there[change.ref])
    session.flush()
    _go_on_counting(session, plan, there)
    return problems


def _parts(plan: Plan, *operations: str) -> Iterator[tuple[Change, Way]]:
    for change in plan.changes:
        way = undoing.way_of(change.ref[0])
        if way is not None and (not operations or change.operation in operations):
            yield change, way


# --------------------------------------------------------------------------------- what was removed


def _rebuilt(session: Session, way: Way, change: Change) -> Any:
    columns = columns_of(way.model)
    values = {
        name: value_of(way.model, name, before)
        for name, (before, _after) in change.fields.items()
        if name in columns and name != "version"
    }
    record = way.model(id=change.ref[1], **values)
    session.add(record)
    return record


def _related(session: Session, record: Any, change: Change, there: dict[Ref, Any]) -> Iterator[Problem]:
    """Let its relations know whom its keys name, as rules ask of them."""
    for name, (before, _after) in change.fields.items():
        relation = _relation(type(record), name)
        if relation is not None and before:
            yield from _relate(session, record, relation, name, before, there)


def _relate(
    session: Session, record: Any, relation: Any, name: str, key: Any, there: dict[Ref, Any]
) -> Iterator[Problem]:
    own, model = cast(Any, type(record)), relation.mapper.class_
    target = there.get((model.__tablename__, key)) or session.get(model, key)
    if target is None:
        label = columns_of(own)[name].info.get("label", name)
        yield Problem(relation.key, str(_LOST) % {"field": label}, subject=record)
    else:
        setattr(record, relation.key, target)


def _relation(model: Any, name: str) -> RelationshipProperty[Any] | None:
    """The relation to one other record that a column is the key of."""
    columns: Any = columns_of(model)
    column = columns[name]
    found = (
        relation
        for relation in inspect(model).relationships
        if relation.direction is MANYTOONE and relation.local_columns == {column}
    )
    return next(found, None)


def _go_on_counting(session: Session, plan: Plan, there: dict[Ref, Any]) -> None:
    """Forms that were opened before a record went meet a newer version of it, not one of the same number."""
    for change, way in _parts(plan, "delete"):
        version = change.fields.get("version", (None, None))[0]
        if version is not None:
            table = way.model.__table__
            session.execute(update(table).where(table.c.id == change.ref[1]).values(version=version + 1))
            session.expire(there[change.ref], ["version"])


# --------------------------------------------------------------------------------- what was changed


def _plain_fields(session: Session, way: Way, change: Change, there: dict[Ref, Any]) -> Iterator[Problem]:
    record = there[change.ref]
    for name, (before, _after) in change.fields.items():
        if name in way.sets:
            continue
        relation = _relation(type(record), name)
        if relation is not None and before:
            yield from _relate(session, record, relation, name, before, there)
        elif relation is not None:
            setattr(record, relation.key, None)
        else:
            setattr(record, name, value_of(type(record), name, before))


def _transitions(session: Session, way: Way, record: Any, change: Change, by: Actor) -> Iterator[Problem]:
    for name, setter in way.sets.items():
        if name in change.fields and setter is not None:
            before = value_of(type(record), name, change.fields[name][0])
            problem = setter(session, record, before, by)
            if problem is not None:
                yield Problem(problem.field, problem.message, subject=record)


# --------------------------------------------------------------------------------- what was created


def why_kept(session: Session, plan: Plan, records: dict[Ref, Any]) -> Problem | None:
    """Why a record that a plan does no more than remove can't be; of several, one may go because another does."""
    removed = list(_created(plan))
    if len(removed) != 1 or any(change.operation != "create" for change in plan.changes):
        return None
    change, way = removed[0]
    return way.refuse_delete(session, records[change.ref])


def _created(plan: Plan) -> Iterator[tuple[Change, Way]]:
    """What was made, without what goes along with it."""
    new = {change.ref for change, _way in _parts(plan, "create")}
    for change, way in _parts(plan, "create"):
        if not (way.is_part and change.owner in new):
            yield change, way


def _remove_created(session: Session, plan: Plan, there: dict[Ref, Any]) -> Iterator[Problem]:
    for change, way in _created(plan):
        record = there[change.ref]
        problem = way.refuse_delete(session, record)
        if problem is not None:
            yield Problem(problem.field, problem.message, subject=record)
        else:
            way.delete(session, record)


def _checked(session: Session, plan: Plan, there: dict[Ref, Any]) -> list[Problem]:
    found: dict[tuple[int, str], Problem] = {}
    for change, way in _parts(plan, "update", "delete"):
        for problem in way.check(session, there[change.ref]):
            found.setdefault((id(problem.subject), str(problem.message)), problem)
    return list(found.values())
