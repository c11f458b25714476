"""How an event is written on screen: its days, its hours, its state in its colour."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from flask_babel import format_time, get_locale, gettext, ngettext
from markupsafe import Markup

from backoffice.admin.formats import in_words, show
from backoffice.events.models import Event, EventStatus

_NO_BREAK = "\N{NO-BREAK SPACE}"


def days(event: Event) -> str:
    """When it is: "14 – 15 avril 2027", "30 avril – 2 mai 2027", "12 décembre 2026"."""
    first, last = event.starts_on, event.ends_on
    if first == last:
        return show(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{in_words(first, 'd')} – {show(last)}"
    if first.year == last.year:
        return f"{_day_of_year(first)} – {show(last)}"
    return f"{show(first)} – {show(last)}"


def days_and_hours(event: Event) -> str:
    """The days, and the hours that are known."""
    hours = [_clock(hour) for hour in (event.starts_time, event.ends_time) if hour is not None]
    if event.starts_time is None and hours:
        hours[0] = gettext("jusqu’à %(hour)s", hour=hours[0])
    return ", ".join([days(event), *([" – ".join(hours)] if hours else [])])


def status_pill(status: EventStatus) -> Markup:
    """A state as its word, with its colour beside it."""
    return Markup('<span class="pill {}">{}</span>').format(f"of-{status.color}", status)


def people(event: Event) -> str:
    """How many people: "80 personnes"; "" where nobody knows."""
    if event.headcount is None:
        return ""
    text: str = ngettext("%(n)s personne", "%(n)s personnes", event.headcount, n=show(event.headcount))
    return text.replace(" ", _NO_BREAK)


def where_and_how_many(event: Event) -> str:
    """When, where and for how many, in one line."""
    return " · ".join(filter(None, (days(event), event.place, people(event))))


def euros(amount: Decimal | None) -> str:
    """An amount as people write it."""
    if amount is None:
        return show(None)
    text: str = format_currency(amount, "EUR", locale=get_locale())
    return (
        text.removesuffix(f",00{_NO_BREAK}€") + f"{_NO_BREAK}€" if text.endswith(f",00{_NO_BREAK}€") else text
    )


def _clock(hour: time) -> str:
    french = "H 'h' mm" if hour.minute else "H 'h'"
    return str(format_time(hour, "HH:mm" if _english() else french)).replace(" ", _NO_BREAK)


def _day_of_year(day: date) -> str:
    return in_words(day, "d MMMM")


def _english() -> bool:
    return str(get_locale() or "fr").startswith("en")


def begins_at(event: Event, day: date) -> str:
    """The hour at which it begins, on its first day and if it has one."""
    return _clock(event.starts_time) if event.starts_time is not None and event.starts_on == day else ""


HELPERS: dict[str, Any] = {
    "event_begins_at": begins_at,
    "event_days": days,
    "event_when": days_and_hours,
    "event_facts": where_and_how_many,
    "event_people": people,
    "status_pill": status_pill,
    "euros": euros,
}
