"""Messages that say what was done, each with the way to take it back where there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash

from backoffice.core import undoing

#: The address and the fields of a POST that takes something back.
Way = tuple[str, Mapping[str, Any]]
_ways_back: list[Callable[[Any], Way | None]] = []


def offer_way_back(make: Callable[[Any], Way | None]) -> None:
    """Say how what a session has just done is taken back."""
    _ways_back[:] = [make]


def way_back(session: Any, record: Any) -> Way | None:
    """How what this session has just done to a record is taken back; None where it can't be."""
    can_be = undoing.way_of(record.__tablename__) is not None
    return next((make(session) for make in _ways_back if can_be), None)


def say(message: Any, category: str = "success", undo: Way | None = None) -> None:
    """Say something on the next page. `undo` is the address and the fields of the POST that takes it back.

    A value that is a list is sent as several fields of one name.
    """
    if undo is None:
        flash(str(message), category)
        return
    address, fields = undo
    pairs = [
        (name, str(value))
        for name, found in fields.items()
        for value in (found if isinstance(found, list | tuple) else [found])
    ]
    flash({"text": str(message), "url": address, "fields": pairs}, category)  # type: ignore[arg-type]
