"""The filters of a list as its bar shows them: each a chip that opens in place, the less used ones behind one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.admin.listing import Asked

#: A choice of no more than this applies at one click.
MOST_AT_ONE_CLICK = 12


@dataclass(frozen=True)
class Chip:
    """One filter with its choices, and its value where it is in use."""

    key: str
    name: str
    kind: str
    url: str
    options: Sequence[tuple[str, Any]]
    value: str
    word: str

    @property
    def applies_at_once(self) -> bool:
        return 0 < len(self.options) <= MOST_AT_ONE_CLICK


@dataclass(frozen=True)
class Chips:
    """Those that stand in the bar, and those behind "+ Filtre"."""

    front: list[Chip]
    behind: list[Chip]


def chips_of(view: Any, asked: Asked) -> Chips:
    """The chips of a list; a filter in use always stands in the bar."""
    front: list[Chip] = []
    behind: list[Chip] = []
    for named in view.named_filters:
        chip = _chip(named, asked.filters.get(named.key, ""))
        is_front = chip.value or named.key in view.front_filters or not view.front_filters
        (front if is_front else behind).append(chip)
    return Chips(front, behind)


def _chip(named: Any, value: str) -> Chip:
    options = named.choices()
    by_key = {str(key): str(label) for key, label in options}
    word = by_key.get(value, value) if options else named.word(value) if value else ""
    url = getattr(named, "url", "")
    return Chip(named.key, str(named.name), named.data_type, url, options, value, word)
