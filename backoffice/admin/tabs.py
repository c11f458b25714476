"""Tabs of a card: a feature registers its own, and touches no file of the feature whose card it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_login import current_user

_tabs: dict[str, dict[str, Tab]] = defaultdict(dict)


@dataclass(frozen=True)
class Tab:
    """One tab: its key in the address, its label, its template, and what the template needs."""

    key: str
    label: Any
    template: str
    context: Callable[[Any], dict[str, Any]]
    right: str = "client.read"
    position: int = 100


def register(card: str, tab: Tab) -> None:
    """Add a tab to the card of a kind of record."""
    _tabs[card][tab.key] = tab


def tabs_of(card: str) -> list[Tab]:
    """The tabs that the person who is logged in may open, in their order."""
    allowed = (tab for tab in _tabs[card].values() if current_user.can(tab.right))
    return sorted(allowed, key=lambda tab: tab.position)


def chosen(card: str, key: str | None) -> Tab:
    """The tab that the address asks for, else the first one."""
    tabs = tabs_of(card)
    return next((tab for tab in tabs if tab.key == key), tabs[0])
