"""A calendar as calendar programs read it (RFC 5545): made of plain entries, with no database and no request.

The library escapes and folds. What it lets through, and programs choke on, is taken out here: control characters,
and line breaks where only one line is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

#: Where the office is. The definition goes along for programs that know no names of zones.
ZONE = ZoneInfo("Europe/Paris")
_ZONE = b"""BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
""".replace(b"\n", b"\r\n")

#: How often a program should ask again.
REFRESH = timedelta(hours=1)
#: What an event takes of which only the beginning is known, and a task that is due at an hour.
_USUAL, _TASK = timedelta(hours=1), timedelta(minutes=30)
_LONGEST_TEXT = 2_000
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_BREAK = re.compile("\r\n?|\x85|\u2028|\u2029")

#: From when to when: two days, the second no longer part of it, or two hours where the office is.
Span = tuple[date, date] | tuple[datetime, datetime]


@dataclass(frozen=True)
class Entry:
    """One line of a calendar. `is_busy` says whether it takes the person's time."""

    key: str
    title: str
    span: Span
    changed_at: datetime
    version: int
    url: str
    about: str
    place: str = ""
    is_busy: bool = True


def event_span(first: date, first_hour: time | None, last: date, last_hour: time | None) -> Span:
    """When an event is. One without an hour of beginning takes whole days, whatever is known of its end."""
    if first_hour is None:
        return first, last + timedelta(days=1)
    start = datetime.combine(first, first_hour)
    if last_hour is not None:
        end = datetime.combine(last, last_hour)
    elif last > first:
        end = datetime.combine(last + timedelta(days=1), time())
    else:
        end = start + _USUAL
    # No entry may end when it begins.
    return start, end if end > start else start + _USUAL


def task_span(day: date, hour: time | None) -> Span:
    """When a task is due: a day, or half an hour of it."""
    if hour is None:
        return day, day + timedelta(days=1)
    start = datetime.combine(day, hour)
    return start, start + _TASK


def calendar(name: str, host: str, entries: Iterable[Entry]) -> bytes:
    """The calendar as a file. The same entries make the same file."""
    made = Calendar()
    made.add("prodid", "-//Back office//Agenda//FR")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", _line(name))
    made.add("x-wr-timezone", ZONE.key)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", f"PT{REFRESH // timedelta(hours=1)}H")
    made.add_component(Timezone.from_ical(_ZONE))
    for entry in entries:
        made.add_component(_component(entry, host))
    return bytes(made.to_ical())


def _component(entry: Entry, host: str) -> Event:
    made, (start, end) = Event(), entry.span
    made.add("uid", f"{entry.key}@{host}")
    # Without a method the stamp is the moment of the last change, and a file that has not changed is the same.
    made.add("dtstamp", entry.changed_at.astimezone(UTC))
    made.add("last-modified", entry.changed_at.astimezone(UTC))
    made.add("sequence", max(entry.version - 1, 0))
    made.add("summary", _line(entry.title))
    made.add("dtstart", _here(start))
    made.add("dtend", _here(end))
    made.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    made.add("url", entry.url)
    made.add("description", _lines(entry.about))
    if entry.place:
        made.add("location", _line(entry.place))
    return made


def _here(at: date) -> date:
    return at.replace(tzinfo=ZONE) if isinstance(at, datetime) else at


def _line(text: str) -> str:
    return " ".join(_lines(text).split())


def _lines(text: str) -> str:
    return _CONTROL.sub("", _BREAK.sub("\n", text))


def shortened(text: str | None) -> str:
    """A text of any length, as much of it as belongs into a calendar."""
    text = (text or "").strip()
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT].rstrip()}…"
