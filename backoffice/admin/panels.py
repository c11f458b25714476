"""What the first page shows, and one's account: a feature registers its own figures and panels, as it does the tabs
of a card.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import g
from flask_login import current_user

_Answer = TypeVar("_Answer")

#: The pages that have panels.
HOME, ACCOUNT = "home", "account"


@dataclass(frozen=True)
class Reading:
    """A figure as it stands now: the list that it counts, and a line under it."""

    value: Any
    url: str
    note: Any = ""


@dataclass(frozen=True)
class Figure:
    """One figure of the strip at the top."""

    key: str
    position: int
    label: Any
    read: Callable[[], Reading]
    right: str


@dataclass(frozen=True)
class Panel:
    """One card: its template, and what that needs. `is_beside` puts it into the narrow column on the right.

    An account shows those of features in its wide column, below its own.
    """

    key: str
    position: int
    template: str
    context: Callable[[], dict[str, Any]]
    right: str
    is_beside: bool = False
    page: str = HOME


_shown: dict[str, Figure | Panel] = {}


def register(shown: Figure | Panel) -> None:
    """Add a figure or a panel to its page; one of the same key takes its place."""
    _shown[shown.key] = shown


def figures() -> list[Figure]:
    """The figures that the person who is logged in may see, in their order."""
    return [shown for shown in _allowed() if isinstance(shown, Figure)]


def panels(is_beside: bool, page: str = HOME) -> list[Panel]:
    """The panels of one column that the person who is logged in may see, in their order."""
    return [
        shown
        for shown in _allowed()
        if isinstance(shown, Panel) and (shown.is_beside, shown.page) == (is_beside, page)
    ]


def _allowed() -> list[Figure | Panel]:
    allowed = (shown for shown in _shown.values() if current_user.can(shown.right))
    return sorted(allowed, key=lambda shown: shown.position)


def once_a_page(ask: Callable[[], _Answer]) -> Callable[[], _Answer]:
    """Ask the database once for what several figures and panels of a page show."""

    @wraps(ask)
    def asked() -> _Answer:
        answers: dict[Any, Any] = g.setdefault("dashboard_answers", {})
        if ask not in answers:
            answers[ask] = ask()
        answer: _Answer = answers[ask]
        return answer

    return asked
