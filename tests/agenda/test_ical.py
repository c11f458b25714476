"""The file by itself: when an entry is, what hostile texts become, and what the zone says of summer and winter."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from backoffice.agenda import ical

DAY, NEXT = date(2026, 12, 12), date(2026, 12, 13)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour where the office is."""
    return datetime.combine(day, time(hour, minute))


SPANS = [
    ((DAY, None, DAY, None), (DAY, NEXT)),
    ((DAY, None, NEXT, time(12)), (DAY, date(2026, 12, 14))),
    ((DAY, time(9), DAY, time(18, 30)), (at(DAY, 9), at(DAY, 18, 30))),
    ((DAY, time(22), NEXT, time(2)), (at(DAY, 22), at(NEXT, 2))),
    ((DAY, time(9), DAY, None), (at(DAY, 9), at(DAY, 10))),
    ((DAY, time(9), NEXT, None), (at(DAY, 9), at(date(2026, 12, 14), 0))),
    ((DAY, time(9), DAY, time(9)), (at(DAY, 9), at(DAY, 10))),
]


@pytest.mark.parametrize(("known", "expected"), SPANS)
def test_an_event_takes_the_hours_that_are_known_or_whole_days(known: Any, expected: ical.Span) -> None:
    assert ical.event_span(*known) == expected


def test_a_task_takes_its_day_or_half_an_hour_of_it_even_before_midnight() -> None:
    assert ical.task_span(DAY, None) == (DAY, NEXT)
    late = ical.task_span(DAY, time(23, 45))
    assert late == (at(DAY, 23, 45), at(NEXT, 0, 15))


def _entry(**changes: Any) -> ical.Entry:
    values: dict[str, Any] = {
        "key": "event-7",
        "title": "Soirée",
        "span": (DAY, NEXT),
        "changed_at": datetime(2026, 11, 2, 10, tzinfo=UTC),
        "version": 3,
        "url": "https://clients.exemple.fr/event/details/?id=7",
        "about": "",
    }
    return ical.Entry(**values | changes)


def _read_back(*entries: ical.Entry) -> Any:
    return Calendar.from_ical(ical.calendar("Agenda", "clients.exemple.fr", entries))


HOSTILE = 'A; B, C: \\n "x"\r\nEND:VEVENT\rBEGIN:VALARM\u2028\x85\x00\x07\x1b 🎉 é' + "ü🎉" * 150


def test_a_hostile_text_ends_no_entry_and_comes_back_as_it_was_typed() -> None:
    made = ical.calendar("Agenda", "x", [_entry(title=HOSTILE, place=HOSTILE, about=HOSTILE), _entry()])
    (first, second) = Calendar.from_ical(made).walk("VEVENT")
    plain = 'A; B, C: \\n "x" END:VEVENT BEGIN:VALARM 🎉 é' + "ü🎉" * 150
    assert first["summary"] == first["location"] == plain
    assert str(first["description"]).replace("\n", " ").split() == plain.split()
    assert second["summary"] == "Soirée"
    assert not any(component.name == "VALARM" for component in Calendar.from_ical(made).walk())
    assert max(map(len, made.split(b"\r\n"))) <= 75
    assert b"\x07" not in made


def test_an_entry_says_whose_it_is_when_it_was_changed_and_how_often() -> None:
    found = _read_back(_entry(is_busy=False))
    (entry,) = found.walk("VEVENT")
    assert entry["uid"] == "event-7@clients.exemple.fr"
    assert entry["sequence"] == 2
    assert entry["dtstamp"].dt == entry["last-modified"].dt == datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert entry["transp"] == "TRANSPARENT"
    assert entry["url"] == "https://clients.exemple.fr/event/details/?id=7"
    assert (found["x-wr-calname"], found["x-published-ttl"]) == ("Agenda", "PT1H")
    assert found["refresh-interval"].dt == timedelta(hours=1)


def test_the_zone_that_goes_along_tells_summer_from_winter_as_the_office_does() -> None:
    (zone,) = _read_back().timezones
    told, ours = zone.to_tz(lookup_tzid=False), ZoneInfo("Europe/Paris")
    for year in (2025, 2026, 2027, 2030):
        for month in range(1, 13):
            for day in (1, 24, 28, 31 if month in (3, 10) else 27):
                noon = at(date(year, month, day), 12)
                assert noon.replace(tzinfo=told).utcoffset() == noon.replace(tzinfo=ours).utcoffset(), noon


def test_the_same_entries_make_the_same_file() -> None:
    once, again = (ical.calendar("Agenda", "x", [_entry()]) for _ in range(2))
    assert once == again
    assert ical.calendar("Agenda", "x", [_entry(version=4)]) != once


def test_a_long_text_is_cut_and_says_so() -> None:
    assert ical.shortened("x" * 2_000) == "x" * 2_000
    assert ical.shortened("x" * 2_001) == f"{'x' * 2_000}…"
    assert ical.shortened(None) == ""
