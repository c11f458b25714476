"""How long the program keeps what it notes for its own sake: sessions, tries, keys of forms. Facts are final and stay.

A feature registers what it notes; the worker removes what is out of its time, a little at a time, so that nobody who
saves waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, inspect, select, tuple_

from backoffice.core.db import now


@dataclass(frozen=True)
class Trace:
    """Rows that go some time after `moment`, a column or an expression of theirs. A row without it stays."""

    model: Any
    moment: Any
    kept: timedelta


#: By name, what makes a trace of the settings of an installation.
TRACES: dict[str, Callable[[Any], Trace]] = {}


def keep_for(name: str, trace: Callable[[Any], Trace]) -> None:
    """Say how long something is kept; `trace` is given the settings."""
    TRACES[name] = trace


def sweep(session: Any, trace: Trace, most: int) -> int:
    """Remove what is out of its time, the oldest first and at most `most` rows; returns how many. Flushes."""
    key = inspect(trace.model).primary_key
    old = select(*key).where(trace.moment < now() - trace.kept).order_by(trace.moment).limit(most)
    found = [tuple(row) for row in session.execute(old)]
    if found:
        session.execute(
            delete(trace.model).where(tuple_(*key).in_(found)),
            execution_options={"synchronize_session": False},
        )
    return len(found)
