"""What a person has chosen for their own screens: shown columns, page size, shortcuts.

The kit asks and keeps; where they are kept, the feature of the accounts says with `keep_with`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_login import current_user

_keepers: list[Callable[[str, Any], None]] = []


def keep_with(keeper: Callable[[str, Any], None]) -> None:
    """Say how a choice of the person who is logged in is kept: `keeper(name, value)`, in a transaction of its own."""
    _keepers[:] = [keeper]


def preference(name: str, default: Any = None) -> Any:
    """What the person who is logged in has chosen under this name."""
    chosen = getattr(current_user, "preferences", None) or {}
    return chosen.get(name, default)


def keep(name: str, value: Any) -> None:
    """Keep a choice of the person who is logged in; None takes it back to the default. `value` goes into JSON."""
    for keeper in _keepers:
        keeper(name, value)
