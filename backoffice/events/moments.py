"""How events count as activity of their client: when they are planned, and until their last day if they take place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import object_session

from backoffice.clients.happening import Happening, When
from backoffice.core.db import now
from backoffice.events.models import Event, EventStatus


def _moments(event: Any) -> Iterable[When]:
    return event.created_at or now(), event.ends_on if _takes_place(event) else None


def _takes_place(event: Any) -> bool:
    """What lies ahead and is not awaited, being cancelled, keeps nobody busy."""
    if event.ends_on is not None and event.ends_on <= now().date():
        return True
    session = object_session(event)
    status = event.status or (session.get(EventStatus, event.status_id) if session else None)
    return status is not None and bool(status.is_open)


def _latest(client_id: int) -> Iterable[ScalarSelect[Any]]:
    here = Event.client_id == client_id
    planned = select(Event.created_at).where(here).order_by(Event.created_at.desc()).limit(1)
    held = (
        select(func.max(Event.ends_on))
        .join(Event.status)
        .where(here, or_(EventStatus.is_open, Event.ends_on <= now().date()))
    )
    return planned.scalar_subquery(), held.scalar_subquery()


HAPPENING = Happening(_moments, _latest, ("created_at", "ends_on", "status_id"))
