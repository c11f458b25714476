"""Making, replacing and revoking the address of a calendar. Everything here flushes and never commits."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from backoffice.agenda import queries
from backoffice.agenda.models import CalendarAddress
from backoffice.core.db import now
from backoffice.users import rules
from backoffice.users import services as users
from backoffice.users.models import User

#: A calendar program reads every few minutes; who wants to know whether it does needs no more than this.
MARKED_EVERY = timedelta(hours=1)
_BYTES = 32


def make(session: Session, user: User, known: int) -> str | None:
    """A new address for somebody whose account is locked; the one before opens nothing any more.

    Its token, to be shown this once. `known` is the version of the address that they have seen, 0 for none: when it
    is no longer the one that is valid nothing is done, and the answer is None.
    """
    address, token = session.scalar(queries.address_of(user.id)), secrets.token_urlsafe(_BYTES)
    if (address.version if address else 0) != known:
        return None
    if address is None:
        session.add(CalendarAddress(user_id=user.id, token_hash=rules.token_hash(token)))
    else:
        address.token_hash, address.since, address.last_read_at = rules.token_hash(token), now(), None
    session.flush()
    users.note(session, user, "calendar_address", "replaced" if known else "made")
    return token


def revoke(session: Session, user: User) -> bool:
    """Let the address of somebody open nothing any more; False when they have none."""
    address = session.scalar(queries.address_of(user.id))
    if address is None:
        return False
    session.delete(address)
    session.flush()
    users.note(session, user, "calendar_address", "revoked")
    return True


def is_to_be_marked(address: CalendarAddress, at: datetime) -> bool:
    """Is what is known of the last reading too old?"""
    return address.last_read_at is None or at - address.last_read_at >= MARKED_EVERY


def mark_read(session: Session, address: CalendarAddress, at: datetime) -> bool:
    """Keep that the address was read. Of many readings at once only the first does."""
    marked: Any = session.execute(
        update(CalendarAddress)
        .where(
            CalendarAddress.token_hash == address.token_hash,
            or_(CalendarAddress.last_read_at.is_(None), CalendarAddress.last_read_at <= at - MARKED_EVERY),
        )
        .values(last_read_at=at)
    )
    return bool(marked.rowcount)
