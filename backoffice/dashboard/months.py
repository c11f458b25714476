"""New clients by month: the last twelve, as bars and as a table."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel.numbers import format_compact_decimal
from flask import current_app, url_for
from flask_babel import format_date, format_decimal, get_locale

from backoffice.admin.formats import start_of, today
from backoffice.admin.panels import once_a_page
from backoffice.core.db import db
from backoffice.dashboard import queries

MONTHS = 12
#: Past months hardly change: where there are so many clients that counting them takes time, their counts are
#: kept in this process for a minute. A smaller office always reads what is there.
_KEPT_FROM, _KEPT_SECONDS = 10_000, 60
#: From here on a bar says its value in short.
_LONG_NUMBER = 10_000

#: The drawing, in pixels from its top; across it is measured in hundredths of its width, so that it stretches.
HEIGHT, _TOP, _BASE, _NAMES = 206, 24, 176, 196
_BAR_SHARE = 0.58


@dataclass(frozen=True)
class Month:
    """A month and how many clients were created in it."""

    first: date
    count: int

    @property
    def name(self) -> str:
        return str(format_date(self.first, "LLLL y"))

    @property
    def short_name(self) -> str:
        return str(format_date(self.first, "LLL"))

    @property
    def initial(self) -> str:
        return str(format_date(self.first, "LLLLL"))

    @property
    def shown_count(self) -> str:
        """The number as it fits above a bar."""
        if self.count < _LONG_NUMBER:
            return str(format_decimal(self.count))
        digits = 1 if self.count < 100_000 else 0
        return format_compact_decimal(self.count, locale=get_locale(), fraction_digits=digits)

    @property
    def url(self) -> str:
        """The list of these clients."""
        last = first_of_next(self.first) - timedelta(days=1)
        return created_between(self.first.isoformat(), last.isoformat())


@dataclass(frozen=True)
class Bar:
    """A month as it is drawn."""

    month: Month
    left: str
    slot: str
    bar_left: str
    bar_width: str
    middle: str
    top: float
    height: float


def created_between(begin: str, end: str | None = None) -> str:
    """The list of the clients that were created from one day to another, the latest first."""
    return url_for(
        "client.index_view", created_from=begin, created_to=end, status="all", sort="created_at", desc=1
    )


@once_a_page
def last_months() -> list[Month]:
    """The last twelve months up to this one, the oldest first."""
    firsts = [today().replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    firsts.reverse()
    known = _remembered(firsts[:-1])
    counts = _counts(firsts) if known is None else [*known, *_counts(firsts[-1:])]
    if known is None:
        _remember(firsts[:-1], counts[:-1])
    return [Month(first, count) for first, count in zip(firsts, counts, strict=True)]


def chart() -> dict[str, Any]:
    """What the panel shows."""
    months = last_months()
    return {
        "months": months,
        "bars": list(bars(months)),
        "height": HEIGHT,
        "base": _BASE,
        "names": _NAMES,
        "total": sum(month.count for month in months),
    }


def bars(months: list[Month]) -> Iterable[Bar]:
    """Each month's bar, the tallest as high as the drawing allows. One client is still to be seen."""
    most, slot = max((month.count for month in months), default=0) or 1, 100 / len(months)
    for place, month in enumerate(months):
        height = max(2.0, (_BASE - _TOP) * month.count / most) if month.count else 0.0
        width = slot * _BAR_SHARE
        yield Bar(
            month,
            left=_share(slot * place),
            slot=_share(slot),
            bar_left=_share(slot * place + (slot - width) / 2),
            bar_width=_share(width),
            middle=_share(slot * (place + 0.5)),
            top=round(_BASE - height, 1),
            height=round(height, 1),
        )


def first_of_next(first: date) -> date:
    """The first day of the month after this one."""
    return (first + timedelta(days=32)).replace(day=1)


def _counts(firsts: list[date]) -> list[int]:
    spans = [(start_of(first), start_of(first_of_next(first))) for first in firsts]
    return list(db.session.execute(queries.created_counts(spans)).one())


def _share(hundredths: float) -> str:
    return f"{hundredths:.3f}%"


# Counts of past months, kept for a minute where they are many


def _memory() -> dict[str, Any]:
    memory: dict[str, Any] = current_app.extensions.setdefault("dashboard_months", {})
    return memory


def _remembered(firsts: list[date]) -> list[int] | None:
    memory = _memory()
    is_fresh = memory.get("of") == firsts and time.monotonic() < memory["until"]
    return memory["counts"] if is_fresh else None


def _remember(firsts: list[date], counts: list[int]) -> None:
    if sum(counts) >= _KEPT_FROM:
        _memory().update(of=firsts, counts=counts, until=time.monotonic() + _KEPT_SECONDS)
