"""How a value of the history reads: as the screen shows it, in the language of whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, to_user_timezone

from backoffice.activity.shown import said_at
from backoffice.admin.formats import show, today, when
from backoffice.admin.tellings import Kind, columns_of
from backoffice.core import audit
from backoffice.history.names import Names, target_of

#: Longer texts are cut, and shown whole on demand.
LONGEST = 90


@dataclass(frozen=True)
class Shown:
    """A value as text; `whole` where that was cut."""

    text: str
    whole: str = ""
    is_blank: bool = False

    def __str__(self) -> str:
        return self.text


def shown(kind: Kind | None, field: str, value: Any, names: Names) -> Shown:
    """One value of a field. What the field no longer understands is shown as it is."""
    target = target_of(kind, field)
    if value is None or value == "" or (target is not None and value == 0):
        meant = kind.blanks.get(field) if kind is not None else None
        return Shown(str(meant)) if meant else Shown(gettext("vide"), is_blank=True)
    try:
        text = _text(kind, field, value, names, target)
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError):
        text = str(value)
    short = text.strip().partition("\n")[0]
    if len(short) > LONGEST:
        short = short[:LONGEST].rstrip()
    return Shown(text) if short == text.strip() else Shown(f"{short}…", whole=text)


def _text(kind: Kind | None, field: str, value: Any, names: Names, target: str | None) -> str:
    if target is not None:
        return names.told((target, value))
    column = columns_of(kind.model).get(field) if kind is not None else None
    if kind is None or column is None:
        return show(value)
    if field in kind.shows:
        return str(kind.shows[field](value))
    if (choices := column.info.get("choices")) is not None:
        return str(choices[value])
    return show(audit.read(column.type.python_type, value))


def told_at(moment: datetime) -> str:
    """When something was done, to the minute: "hier à 17 h 40", "le 3 mars 2026 à 10 h 12"."""
    is_near = (today() - to_user_timezone(moment).date()).days in (0, 1)
    return said_at(moment) if is_near else when(moment)
