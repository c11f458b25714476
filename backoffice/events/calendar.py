"""A month of events as a table of weeks; on a narrow screen, a list of its days."""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import BaseView, expose
from flask_babel import format_date
from flask_login import current_user

from backoffice.admin.base import Guarded
from backoffice.admin.formats import in_words, today
from backoffice.core.db import db
from backoffice.events import queries
from backoffice.events.models import Event

#: A month reads no more events than this, and a day names no more than this; the list shows the others.
MOST_OF_MONTH, MOST_OF_DAY = 1000, 4
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_EARLIEST, _LATEST = 1900, 2999


@dataclass
class Day:
    """One day of the table and what goes on."""

    on: date
    is_in_month: bool
    is_today: bool
    events: list[Event] = field(default_factory=list)

    @property
    def shown(self) -> Sequence[Event]:
        return self.events if len(self.events) <= MOST_OF_DAY else self.events[: MOST_OF_DAY - 1]

    @property
    def left(self) -> int:
        return len(self.events) - len(self.shown)

    @property
    def name(self) -> str:
        return in_words(self.on, "EEEE d MMMM")


def read_month(text: str | None) -> date:
    """The first day of the month that an address names; of the present one for any other text."""
    found = _MONTH.fullmatch(text or "")
    if found and _EARLIEST <= int(found[1]) <= _LATEST and 1 <= int(found[2]) <= 12:
        return date(int(found[1]), int(found[2]), 1)
    return today().replace(day=1)


def weeks_of(first: date, events: Sequence[Event], now: date) -> list[list[Day]]:
    """The weeks of a month from Monday on, each event on every day that it touches."""
    weeks = [
        [Day(day, day.month == first.month, day == now) for day in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    by_day = {day.on: day for week in weeks for day in week}
    for event in events:
        for on in _days_of(event, weeks[0][0].on, weeks[-1][-1].on):
            by_day[on].events.append(event)
    return weeks


def _days_of(event: Event, first: date, last: date) -> Iterator[date]:
    on, end = max(event.starts_on, first), min(event.ends_on, last)
    while on <= end:
        yield on
        on += timedelta(days=1)


def _address(first: date) -> str:
    return f"{first:%Y-%m}"


class CalendarView(Guarded, BaseView):
    """The events of a month, whoever's they are."""

    rights: ClassVar = {"index": "client.read"}
    in_menu = False
    within = "event"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        first = read_month(request.args.get("month"))
        days = Calendar().monthdatescalendar(first.year, first.month)
        found = db.session.scalars(queries.between(days[0][0], days[-1][-1], MOST_OF_MONTH)).all()
        return self.render("events/calendar.html", **self._frame(first), **self._month(first, found))

    def _frame(self, first: date) -> dict[str, Any]:
        """What the month is called, and where its neighbours are."""
        before, after = first - timedelta(days=1), first + timedelta(days=31)
        return {
            "month": str(format_date(first, "LLLL y")),
            "previous": _address(before),
            "previous_name": str(format_date(before, "LLLL y")),
            "next": _address(after),
            "next_name": str(format_date(after, "LLLL y")),
            "may_create": bool(current_user.can("client.write")),
            "is_present": first == today().replace(day=1),
        }

    def _month(self, first: date, found: Sequence[Event]) -> dict[str, Any]:
        weeks = weeks_of(first, found, today())
        in_month = [event for week in weeks for day in week if day.is_in_month for event in day.events]
        return {
            "weeks": weeks,
            "weekdays": [
                (str(format_date(day.on, "EEEE")), str(format_date(day.on, "EEE"))) for day in weeks[0]
            ],
            "count": len({event.id for event in in_month}),
            "is_cut": len(found) == MOST_OF_MONTH,
        }
