"""The private address under which somebody's own calendar program reads their tasks and events."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.core.db import Base, Versioned, now


class CalendarAddress(Versioned, Base):
    """One for each person at most. The address holds a random token, this row only its hash.

    Its facts are notes on the account, as those of log-ins are: there is nothing else in it to tell.
    """

    __tablename__ = "calendar_address"
    __audited__ = False

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    since: Mapped[datetime] = mapped_column(default=now)
    #: To the hour, and not by whom: enough to see that an address is in use, or no longer.
    last_read_at: Mapped[datetime | None]
