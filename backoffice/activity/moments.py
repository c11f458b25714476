"""How notes, calls, tasks and whatever else stands in a feed count as activity of their client."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, select

from backoffice.activity.models import Entry, Task
from backoffice.clients.happening import Happening


def _moments(entry: Any) -> Iterable[datetime]:
    """When it was written, and when the task was ticked off. What lies in the trash has not happened."""
    found = (entry.at, getattr(entry, "done_at", None)) if entry.removed_at is None else ()
    return [at for at in found if at is not None]


def _latest(client_id: int) -> Iterable[ScalarSelect[Any]]:
    """Pinned or not is asked apart: each has its index, and a feed may be long."""
    here = (Entry.client_id == client_id, Entry.removed_at.is_(None))
    written = select(Entry.at).where(*here).order_by(Entry.at.desc()).limit(1)
    done = select(Task.done_at).where(*here, Task.done_at.is_not(None))
    return (
        written.where(Entry.pinned_at.is_(None)).scalar_subquery(),
        written.where(Entry.pinned_at.is_not(None)).scalar_subquery(),
        done.order_by(Task.done_at.desc()).limit(1).scalar_subquery(),
    )


HAPPENING = Happening(_moments, _latest, ("at", "done_at", "removed_at"))
