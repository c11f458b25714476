"""A form sent twice makes one record: the key that the form carries is kept with what it made.

The row is written in the transaction of the change. The second sender waits for the first one (the
unique key on PostgreSQL, the write lock on SQLite), then finds the key taken.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, delete
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.core.db import Base, now

#: A session lasts twelve hours at most, and its forms with it.
KEPT = timedelta(days=2)
_SHAPE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class IdempotencyKey(Base):
    """A form that was carried out, and the record that it made."""

    __tablename__ = "idempotency_key"
    __audited__ = False
    __table_args__ = (Index(None, "user_id", "made_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    purpose: Mapped[str] = mapped_column(String(60), primary_key=True)
    record_id: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(default=now)


def new_key() -> str:
    """A key for one form."""
    return uuid.uuid4().hex


def made_by(session: Any, key: str | None, user_id: int, purpose: str) -> int | None:
    """The id of the record that this form has already made, None when it has made none."""
    if not key or not _SHAPE.fullmatch(key):
        return None
    found: IdempotencyKey | None = session.get(IdempotencyKey, (key, user_id, purpose))
    return found.record_id if found else None


def keep(session: Any, key: str | None, user_id: int, purpose: str, record_id: int) -> None:
    """Note what a form has made, and forget what no open form of this person can still carry.

    Raises IntegrityError when another sender of the same form was first.
    """
    if key and _SHAPE.fullmatch(key):
        old = delete(IdempotencyKey).where(
            IdempotencyKey.user_id == user_id, IdempotencyKey.made_at < now() - KEPT
        )
        session.execute(old)
        session.add(IdempotencyKey(key=key, user_id=user_id, purpose=purpose, record_id=record_id))
        session.flush()
