"""How values are written on screen: French (or English) dates, numbers, yes and no."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import (
    format_date,
    format_datetime,
    format_decimal,
    format_time,
    get_locale,
    get_timezone,
    gettext,
    to_user_timezone,
)
from markupsafe import Markup

from backoffice.core.countries import country_name
from backoffice.core.db import now

NOTHING = "—"


def show(value: Any) -> str:
    """A value as text for the reader; a dash for none."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return str(gettext("Oui") if value else gettext("Non"))
    if isinstance(value, datetime):
        pattern = "d MMMM y 'à' HH:mm" if _french() else "d MMMM y, HH:mm"
        return str(format_datetime(value, _first(to_user_timezone(value), pattern)))
    if isinstance(value, time):
        return str(format_time(value, "HH:mm"))
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, Decimal | int | float):
        return str(format_decimal(value))
    return str(value)


def shown_by(field: Any, value: Any) -> str:
    """A value as its form field words it."""
    if value not in (None, "") and (shows := getattr(field, "shows", None)) is not None:
        return str(shows(value))
    choices = {choice.value: choice.label for choice in getattr(field, "choices", None) or ()}
    return str(choices.get(value) or show(value))


def country(code: str) -> str:
    """The name of a country in the language of the screen."""
    return country_name(code, str(get_locale() or "fr"))


def pill(is_on: bool, on: Any, off: Any) -> Markup:
    """A state as a list shows it: a word with its colour, never the colour alone."""
    return Markup('<span class="pill{}">{}</span>').format("" if is_on else " off", on if is_on else off)


def unbroken(number: str) -> Any:
    """A number in groups that stay on one line; a dash for none."""
    return Markup("<span class=nb>{}</span>").format(number) if number else NOTHING


def breakable(email: str) -> Markup:
    """An e-mail that a narrow column rather breaks behind its @ than in the middle of a word."""
    return Markup("@<wbr>").join(email.split("@"))


def when(moment: datetime) -> str:
    """A moment inside a sentence: "à 10 h 12" today, "le 3 mars 2026 à 10 h 12" on another day."""
    is_today = to_user_timezone(moment).date() == today()
    return str(gettext("à %(time)s", time=_clock(moment))) if is_today else _day_and_clock(moment)


def since(moment: datetime) -> str:
    """A moment after "since": "10 h 05" today, "le 3 mars 2026 à 10 h 12" on another day."""
    is_today = to_user_timezone(moment).date() == today()
    return _clock(moment).replace(" ", "\u00a0") if is_today else _day_and_clock(moment)


def _clock(moment: datetime) -> str:
    return str(format_time(moment, "H 'h' mm" if _french() else "HH:mm"))


def _day_and_clock(moment: datetime) -> str:
    day = in_words(to_user_timezone(moment).date())
    return str(gettext("le %(day)s à %(time)s", day=day, time=_clock(moment)))


def in_words(day: date, pattern: str = "d MMMM y") -> str:
    """A day as one writes it, the first of a month in French as "1er"."""
    return str(format_date(day, _first(day, pattern)))


def _first(day: date, pattern: str) -> str:
    return pattern.replace("d", "d'er'", 1) if day.day == 1 and _french() else pattern


def today() -> date:
    """The day it is where the office is."""
    day: date = to_user_timezone(now()).date()
    return day


def start_of(day: date) -> datetime:
    """The moment at which this day begins where the office is."""
    # Flask-Babel's own zone is pytz's: set on a datetime directly, it is the town's solar time.
    return datetime.combine(day, time(), tzinfo=ZoneInfo(str(get_timezone())))


def _french() -> bool:
    return str(get_locale() or "fr").startswith("fr")


def init_app(app: Flask) -> None:
    """Offer `show` and `when` to the templates as filters."""
    app.jinja_env.filters.update(show=show, when=when)
