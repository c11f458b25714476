"""Messages that say what was done, each with the way to take it back where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash


def say(message: Any, category: str = "success", undo: tuple[str, Mapping[str, Any]] | None = None) -> None:
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
