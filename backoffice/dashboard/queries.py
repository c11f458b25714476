"""What the first page asks: counts that stop at a cap, several in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, literal, select, union_all
from sqlalchemy.orm import contains_eager

from backoffice.clients import completing, queries, visits
from backoffice.clients.models import Client, ClientVisit
from backoffice.core.counting import counted

#: Active clients are counted no further than this; at a million clients that takes a few milliseconds.
MOST_CLIENTS = 50_000
#: Records to complete are counted as far as their list counts them.
MOST_INCOMPLETE = 10_000
#: And so are clients without activity.
MOST_QUIET = 10_000


def client_counts(quiet_since: datetime) -> Select[Any]:
    """How many clients are active, how many of them are quiet, and how many lack anything (`any`) and what.

    Each is counted to its cap.
    """
    counts = {
        "active": counted(queries.active_client_ids(), MOST_CLIENTS + 1),
        "quiet": counted(queries.quiet_client_ids(quiet_since), MOST_QUIET + 1),
    }
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


def named_clients(user_id: int, quiet_since: datetime, most: int) -> Select[Any]:
    """The clients that the page names, with their main contacts, in one statement: (panel, moment, client).

    Those that this person opened last, and so many of those that have been quiet for the longest time.
    """
    opened = select(literal("opened").label("panel"), ClientVisit.at, ClientVisit.client_id)
    opened = opened.where(ClientVisit.user_id == user_id).order_by(ClientVisit.at.desc()).limit(visits.SHOWN)
    quiet = queries.quiet_client_ids(quiet_since).with_only_columns(
        literal("quiet").label("panel"), Client.last_activity_at, Client.id
    )
    quiet = quiet.order_by(Client.last_activity_at, Client.id).limit(most)
    named = union_all(select(opened.subquery()), select(quiet.subquery())).subquery()
    found = select(named.c.panel, named.c.at, Client).join(Client, Client.id == named.c.client_id)
    return found.join(Client.main_contact).options(contains_eager(Client.main_contact))


def any_client() -> Select[int]:
    """Any client at all."""
    return select(Client.id).limit(1)


def _side_by_side(counts: Mapping[str, ScalarSelect[int]]) -> Select[Any]:
    columns: list[Any] = [count.label(name) for name, count in counts.items()]
    return select(*columns)
