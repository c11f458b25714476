"""What the first page asks: counts that stop at a cap, several in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

from backoffice.clients import completing, queries
from backoffice.clients.models import Client
from backoffice.core.counting import counted

#: Active clients are counted no further than this; at a million clients that takes a few milliseconds.
MOST_CLIENTS = 50_000
#: Records to complete are counted as far as their list counts them.
MOST_INCOMPLETE = 10_000


def client_counts() -> Select[Any]:
    """How many clients are active, and how many of them lack anything (`any`) and what: each to its cap."""
    counts = {"active": counted(queries.active_client_ids(), MOST_CLIENTS + 1)}
    for kind in ("any", *completing.LACKS):
        counts[kind] = counted(select(Client.id).where(queries.lacks(kind)), MOST_INCOMPLETE + 1)
    return _side_by_side(counts)


def created_counts(spans: Iterable[tuple[datetime, datetime]]) -> Select[Any]:
    """How many clients were created in each span of time, active or not."""
    return _side_by_side(
        {
            f"span_{number}": select(func.count(Client.id))
            .where(Client.created_at >= begin, Client.created_at < end)
            .scalar_subquery()
            for number, (begin, end) in enumerate(spans)
        }
    )


def any_client() -> Select[int]:
    """Any client at all."""
    return select(Client.id).limit(1)


def _side_by_side(counts: Mapping[str, ScalarSelect[int]]) -> Select[Any]:
    columns: list[Any] = [count.label(name) for name, count in counts.items()]
    return select(*columns)
