"""How events count as activity of their client: when they are planned, and until their last day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from backoffice.clients.happening import Happening, When
from backoffice.core.db import now
from backoffice.events.models import Event


def _moments(event: Any) -> Iterable[When]:
    return event.created_at or now(), event.ends_on


def _latest(client_id: int) -> Iterable[ScalarSelect[Any]]:
    here = Event.client_id == client_id
    planned = select(Event.created_at).where(here).order_by(Event.created_at.desc()).limit(1)
    return planned.scalar_subquery(), select(func.max(Event.ends_on)).where(here).scalar_subquery()


HAPPENING = Happening(_moments, _latest, ("created_at", "ends_on"))
