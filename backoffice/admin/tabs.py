"""What other features show on a card: tabs, and panels beside the record. They touch no file of its feature."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_login import current_user


@dataclass(frozen=True)
class Part:
    """What is shown of a record: its key, its template, what the template needs, and who may see it."""

    key: str
    label: Any
    template: str
    context: Callable[[Any], dict[str, Any]]
    right: str = "client.read"
    position: int = 100


class Tab(Part):
    """A part that is opened by its label; its key stands in the address."""


class Panel(Part):
    """A part in the right column of the first tab. Its template finds its context as `panel`."""


_tabs: dict[str, dict[str, Tab]] = defaultdict(dict)
_panels: dict[str, dict[str, Panel]] = defaultdict(dict)


def register(card: str, tab: Tab) -> None:
    """Add a tab to the card of a kind of record."""
    _tabs[card][tab.key] = tab


def register_panel(card: str, panel: Panel) -> None:
    """Add a panel to the card of a kind of record."""
    _panels[card][panel.key] = panel


def tabs_of(card: str) -> list[Tab]:
    """The tabs that the person who is logged in may open, in their order."""
    allowed = (tab for tab in _tabs[card].values() if current_user.can(tab.right))
    return sorted(allowed, key=lambda tab: tab.position)


def panels_of(card: str, record: Any) -> list[tuple[str, dict[str, Any]]]:
    """The panels that the person who is logged in may see, in their order: each template with its context."""
    allowed = (panel for panel in _panels[card].values() if current_user.can(panel.right))
    ordered = sorted(allowed, key=lambda panel: panel.position)
    return [(panel.template, panel.context(record)) for panel in ordered]


def chosen(card: str, key: str | None) -> Tab:
    """The tab that the address asks for, else the first one."""
    tabs = tabs_of(card)
    return next((tab for tab in tabs if tab.key == key), tabs[0])
