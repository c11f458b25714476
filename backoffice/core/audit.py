"""The facts of the history: who changed which field of which record, when, through what, from what to what.

One session listener writes them in the transaction of the change itself. The edges (screen, command,
API, worker) say with `act_as` who acts and through what; a flush that changes an audited record without
it is refused. Bulk UPDATE and DELETE go round the session: a service that uses them calls `record`.
What is written is final: triggers of the database refuse to change or remove a fact.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, event, insert, inspect, literal, select, text
from sqlalchemy.orm import ColumnProperty, Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import QueryableAttribute, flag_modified

from backoffice.core.db import Base, now


class MissingActor(RuntimeError):
    """An audited record was about to change and nobody had said who acts."""


@dataclass(frozen=True)
class Actor:
    """The person who acts. `id` is None for the product itself (a command, the first set-up)."""

    id: int | None
    name: str


_READERS: dict[type, Any] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    time: time.fromisoformat,
    Decimal: Decimal,
}

#: The product acting for nobody in particular.
SYSTEM = Actor(None, "système")


#: The facts that tell of a removal: of a record, or of one that keeps a trash of its own.
REMOVALS = text("(operation = 'delete' OR field = 'removed_at')")


class Fact(Base):
    """One field of one record, before and after, in one action of one person."""

    __tablename__ = "fact"
    __audited__ = False

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(32), doc="the same for all facts of one action")
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    via: Mapped[str] = mapped_column(String(40), doc="screen, command, api, …")
    operation: Mapped[str] = mapped_column(String(8), doc="create, update, delete or note")
    entity: Mapped[str] = mapped_column(String(40), doc="the table of the record")
    entity_id: Mapped[int]
    owner: Mapped[str] = mapped_column(String(40), doc="the table of the record whose history shows it")
    owner_id: Mapped[int]
    field: Mapped[str] = mapped_column(String(60))
    before: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)

    __table_args__ = (
        Index(None, "owner", "owner_id", "id"),
        Index(None, "entity", "entity_id", "id"),
        # The journal, from the newest fact on: all of it, by person, by kind of record, by way in.
        Index(None, "at", "id"),
        Index(None, "actor_id", "at", "id"),
        Index(None, "entity", "at", "id"),
        Index(None, "via", "at", "id"),
        # What one action did, to take it back; and what was removed, the latest first.
        Index(None, "action"),
        Index("ix_fact_removed", "at", "id", sqlite_where=REMOVALS, postgresql_where=REMOVALS),
    )


def act_as(session: Any, actor: Actor, via: str) -> None:
    """Say who acts in this session from now on, and through what; the facts of it form one action."""
    session.info.update(actor=actor, via=via, action=uuid.uuid4().hex)


def record(
    session: Any, record_: Any, field: str, before: Any, after: Any, operation: str = "update"
) -> None:
    """Write one fact by hand, for what the listener cannot see (bulk statements, notes)."""
    _write(session, [_fact(session, record_, operation, field, before, after)])


def record_all(session: Any, model: Any, where: Any, field: str, before: Any, after: Any) -> int:
    """Write the fact of one field for every record that meets `where`, in one statement; returns how many.

    It locks those records, so that the bulk statement which follows changes exactly them.
    """
    fact = _fact(session, model, "update", field, before, after)
    types = Fact.__table__.c
    values = [
        value if isinstance(value, QueryableAttribute) else literal(value, types[name].type)
        for name, value in fact.items()
    ]
    found = select(*values).where(where).with_for_update(of=model, key_share=True)
    written: int = session.execute(insert(Fact).from_select(list(fact), found)).rowcount
    return written


def touch(obj: Any) -> None:
    """Let the next flush count as a change of this record (its version moves) though none of its fields changes.

    A field that has changed is left alone: flagged, it would forget what it was before, and leave no fact.
    """
    field = next(iter(audited_columns(obj)))[0]
    if not inspect(obj).attrs[field].history.has_changes():
        flag_modified(obj, field)


def latest_fact(session: Any, obj: Any) -> Fact | None:
    """The newest fact of a record or of what belongs to it: who changed it last, and when."""
    owner, owner_id = owner_of(obj)
    newest = (
        select(Fact).where(Fact.owner == owner, Fact.owner_id == owner_id).order_by(Fact.id.desc()).limit(1)
    )
    found: Fact | None = session.scalar(newest)
    return found


def owner_of(obj: Any) -> tuple[str, Any]:
    """The table and id of the record whose history shows the changes of this one.

    Asked of a model, it answers with the column that holds those ids.
    """
    owner = getattr(obj, "history_owner", (obj.__tablename__, obj.id))
    found: tuple[str, Any] = owner.fget(obj) if isinstance(owner, property) and owner.fget else owner
    return found


def _fact(session: Any, obj: Any, operation: str, field: str, before: Any, after: Any) -> dict[str, Any]:
    try:
        actor, via, action = (session.info[key] for key in ("actor", "via", "action"))
    except KeyError:
        raise MissingActor(f"nobody acts: {operation} of {obj.__tablename__}.{field}") from None
    owner, owner_id = owner_of(obj)
    return {
        "at": now(),
        "action": action,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "via": via,
        "operation": operation,
        "entity": obj.__tablename__,
        "entity_id": obj.id,
        "owner": owner,
        "owner_id": owner_id,
        "field": field,
        "before": plain(before),
        "after": plain(after),
    }


def _write(session: Any, facts: list[dict[str, Any]]) -> None:
    if facts:
        session.execute(insert(Fact), facts)


def read(kind: type, plain: Any) -> Any:
    """A value of a fact as the record holds it; `kind` is the Python type of its column.

    Raises ValueError or ArithmeticError for what the column no longer understands.
    """
    reader = _READERS.get(kind)
    return reader(plain) if plain is not None and reader is not None else plain


def plain(value: Any) -> Any:
    """A value as facts hold it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, bytes):
        return f"{len(value)} octets"
    return value


def audited_columns(obj: Any) -> Iterable[tuple[str, bool]]:
    """The audited columns of a record: (attribute, whether its values are secret)."""
    for prop in inspect(type(obj)).column_attrs:
        info = prop.columns[0].info
        if not prop.columns[0].primary_key and info.get("audited", True):
            yield prop.key, info.get("secret", False)


def _kept_columns(obj: Any) -> Iterable[str]:
    """What no fact tells of while a record is there, and what has to be known for one that is gone to come back."""
    for prop in inspect(type(obj)).column_attrs:
        if prop.columns[0].info.get("kept"):
            yield prop.key


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, context: Any) -> None:
    facts: list[dict[str, Any]] = []
    for objects, operation in (
        (session.new, "create"),
        (session.dirty, "update"),
        (session.deleted, "delete"),
    ):
        for obj in objects:
            if getattr(obj, "__audited__", False):
                facts.extend(_changes(session, obj, operation))
    _write(session, facts)


def _changes(session: Session, obj: Any, operation: str) -> Iterable[dict[str, Any]]:
    for key, secret in audited_columns(obj):
        before, after = _old_and_new(obj, key, operation)
        if before == after:
            continue  # flag_modified and a value set back make no fact
        if secret:
            before, after = None, "•••"
        yield _fact(session, obj, operation, key, before, after)
    if operation == "delete":
        for key in _kept_columns(obj):
            if (last := getattr(obj, key)) is not None:
                yield _fact(session, obj, operation, key, last, None)


def _old_and_new(obj: Any, key: str, operation: str) -> tuple[Any, Any]:
    if operation == "create":
        return None, getattr(obj, key)
    history = inspect(obj).attrs[key].history
    if operation == "delete":
        return getattr(obj, key), None
    if not history.deleted:  # unchanged, or only flagged: every real change knows what was before
        return None, None
    return history.deleted[0], (history.added or [None])[0]


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _remember_old_values(cls: type, key: str, attribute: QueryableAttribute[Any]) -> None:
    """Without active history an expired attribute loses its "before" when it is set."""
    if isinstance(attribute.property, ColumnProperty):
        attribute.property.active_history = True
        attribute.impl.active_history = True
