"""How values are written on screen: French (or English) dates, numbers, yes and no."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal, gettext

NOTHING = "—"


def show(value: Any) -> str:
    """A value as text for the reader; a dash for none."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext("Oui") if value else gettext("Non")
    if isinstance(value, datetime):
        return str(format_datetime(value, "d MMMM y 'à' HH:mm" if _french() else "d MMMM y, HH:mm"))
    if isinstance(value, date):
        return str(format_date(value, "d MMMM y"))
    if isinstance(value, Decimal | int | float):
        return str(format_decimal(value))
    return str(value)


def _french() -> bool:
    from flask_babel import get_locale

    return str(get_locale() or "fr").startswith("fr")


def init_app(app: Flask) -> None:
    """Offer `show` to the templates as a filter."""
    app.jinja_env.filters["show"] = show
