"""What counts as activity of a client: features above say so of their records, and the client's row keeps the latest.

Whatever is written of such a record moves `Client.last_activity_at` on in the same transaction, by a bulk UPDATE:
the client's version does not move, so nobody's open form becomes an old one. The row of the client is taken before
those that point at it, as every save and switch of a client does, so that no two of them wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ScalarSelect, case, event, inspect, select, update
from sqlalchemy.orm import Session

from backoffice.clients.models import Client
from backoffice.core.db import now

#: A moment, or a day as a whole.
When = datetime | date | None

#: A day is kept as its noon in UTC, which is the same day for every reader nearby.
_NOON = time(12, tzinfo=UTC)
_STALE = "clients_to_read_again"
_TABLE: Any = Client.__table__


@dataclass(frozen=True)
class Happening:
    """Records that are activity of their client (`client`, `client_id`)."""

    #: When something happened, as one record tells; nothing for what does not count, as the trash.
    moments: Callable[[Any], Iterable[When]]
    #: The latest of them by client, asked of an index.
    latest: Callable[[int], Iterable[ScalarSelect[Any]]]
    #: The fields that the moments depend on, beside the client.
    fields: tuple[str, ...]


_happenings: dict[type[Any], Happening] = {}


def register(model: type[Any], happening: Happening) -> None:
    """Records of this model, and of those that inherit from it, are activity of their clients."""
    _happenings[model] = happening


def happened(session: Session, client_id: int, at: When) -> None:
    """Something happened with a client: its last activity moves on, never back."""
    column = _TABLE.c.last_activity_at
    moment = _moment(at)
    # Said without a condition on the row: whoever reads it anew waits for this one, and this one for them.
    later = case((column < moment, moment), else_=column)
    session.execute(update(_TABLE).where(_TABLE.c.id == client_id).values(last_activity_at=later))


def read_again(session: Session, client_id: int) -> None:
    """Find out anew when something last happened with a client whose row is locked."""
    moment = _latest(session, client_id)
    if moment is not None:
        session.execute(update(_TABLE).where(_TABLE.c.id == client_id).values(last_activity_at=moment))


def _latest(session: Session, client_id: int) -> datetime | None:
    """When something last happened with a client, as the records tell; None when there is no such client."""
    latest = [asked for happening in _happenings.values() for asked in happening.latest(client_id)]
    row = session.execute(select(Client.created_at, *latest).where(Client.id == client_id)).one_or_none()
    return max(_moment(at) for at in row if at is not None) if row is not None else None


def _moment(at: When) -> datetime:
    if isinstance(at, datetime):
        return at
    return datetime.combine(at, _NOON) if at is not None else datetime.min.replace(tzinfo=UTC)


# ----------------------------------------------------------------------- what a session is about to write


@event.listens_for(Session, "before_flush")
def _take_clients(session: Session, context: Any, instances: Any) -> None:
    """Move clients on for what is new, and lock those of which something is changed or goes."""
    later: dict[int, datetime] = {}
    for record, happening in _concerned(session.new):
        moment = max(map(_moment, happening.moments(record)), default=_moment(None))
        _keep_later(record, moment, later)
    stale = {
        client_id
        for record, happening in (*_concerned(session.dirty), *_concerned(session.deleted))
        if record in session.deleted or _is_changed(record, happening)
        for client_id in _clients_of(record)
    }
    if stale:
        ids = sorted(stale | later.keys())
        locked = select(Client.id).where(Client.id.in_(ids)).order_by(Client.id)
        session.execute(locked.with_for_update(of=Client, key_share=True))
        session.info.setdefault(_STALE, set()).update(stale)
    for client_id in sorted(later):
        happened(session, client_id, later[client_id])


@event.listens_for(Session, "after_flush")
def _read_clients_again(session: Session, context: Any) -> None:
    for client_id in sorted(session.info.pop(_STALE, ())):
        read_again(session, client_id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_STALE, None)


def _concerned(records: Iterable[Any]) -> list[tuple[Any, Happening]]:
    """Those of these records that are activity, in no order of their own."""
    found = []
    for record in records:
        happening = next((_happenings[kind] for kind in type(record).__mro__ if kind in _happenings), None)
        if happening is not None:
            found.append((record, happening))
    return found


def _keep_later(record: Any, moment: datetime, later: dict[int, datetime]) -> None:
    """Note for its client that something happened; a client that is new itself takes it with it."""
    client = inspect(record).dict.get("client")
    client_id = client.id if client is not None else record.client_id
    if client_id is not None:
        later[client_id] = max(moment, later.get(client_id, moment))
    elif client is not None:
        client.last_activity_at = max(moment, client.last_activity_at or client.created_at or now())


def _is_changed(record: Any, happening: Happening) -> bool:
    attrs = inspect(record).attrs
    return any(
        attrs[name].history.has_changes()
        for name in ("client", "client_id", *happening.fields)
        if name in attrs
    )


def _clients_of(record: Any) -> Iterable[int]:
    """The client that a record is of, and the one that it was of before."""
    state = inspect(record)
    client = state.dict.get("client")
    before = state.attrs.client_id.history.deleted or ()
    found = (record.client_id, *before, client.id if client is not None else None)
    return [client_id for client_id in found if client_id is not None]
