"""What other features show on a card: tabs, and panels beside the record. They touch no file of its feature."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_login import current_user
from sqlalchemy import ScalarSelect, Select, select

from backoffice.admin.records import RecordView
from backoffice.core.counting import counted
from backoffice.core.db import db

#: Beyond this a card says "99+" and counts no further.
MOST_COUNTED = 99


@dataclass(frozen=True)
class Part:
    """What is shown of a record: its key, its template, what the template needs, and who may see it.

    `count` gives, for a record, the scalar subquery of how many there are (see `capped`): those of all parts of a
    card are asked in one query. A tab and a panel with one key share theirs.
    """

    key: str
    label: Any
    template: str
    context: Callable[[Any], dict[str, Any]]
    right: str = "client.read"
    position: int = 100
    count: Callable[[Any], Any] | None = None


class Tab(Part):
    """A part that is opened by its label; its key stands in the address, and it is asked for when it is opened."""


class Panel(Part):
    """A part in the right column of the first tab. Its template finds its context as `panel`, `panel.count` in it."""


class Mark(Part):
    """A word beside the name at the head of a card, on every tab; shown while its count is not zero.

    Its template finds its context as `mark`, `mark.count` in it.
    """


@dataclass(frozen=True)
class Action:
    """What one can do with a record from the head of its card. `url` gives its address, "" where it makes no sense."""

    key: str
    label: Any
    url: Callable[[Any], str]
    right: str


_AnyPart = TypeVar("_AnyPart", bound=Part)
_tabs: dict[str, dict[str, Tab]] = defaultdict(dict)
_panels: dict[str, dict[str, Panel]] = defaultdict(dict)
_numbers: dict[str, dict[str, Callable[[Any], Any]]] = defaultdict(dict)
_marks: dict[str, dict[str, Mark]] = defaultdict(dict)
_actions: dict[str, dict[str, Action]] = defaultdict(dict)


def register(card: str, tab: Tab) -> None:
    """Add a tab to the card of a kind of record."""
    _tabs[card][tab.key] = tab


def register_panel(card: str, panel: Panel) -> None:
    """Add a panel to the card of a kind of record."""
    _panels[card][panel.key] = panel


def register_mark(card: str, mark: Mark) -> None:
    """Add a mark to the head of the card of a kind of record."""
    _marks[card][mark.key] = mark


def register_action(card: str, action: Action) -> None:
    """Add an action to the head of the card of a kind of record."""
    _actions[card][action.key] = action


def register_number(card: str, key: str, count: Callable[[Any], Any]) -> None:
    """Count something else of these records in the query that counts for their parts: see `counts_of`."""
    _numbers[card][key] = count


def _allowed(parts: Iterable[_AnyPart]) -> list[_AnyPart]:
    """Those that the person who is logged in may see, in their order."""
    return sorted((part for part in parts if current_user.can(part.right)), key=lambda part: part.position)


def tabs_of(card: str) -> list[Tab]:
    """The tabs that the person who is logged in may open, in their order."""
    return _allowed(_tabs[card].values())


def panels_of(card: str, record: Any) -> list[tuple[str, dict[str, Any]]]:
    """The panels that the person who is logged in may see, in their order: each template with its context."""
    counts = counts_of(card, record)
    return [
        (panel.template, {"count": counts.get(panel.key), **panel.context(record)})
        for panel in _allowed(_panels[card].values())
    ]


def marks_of(card: str, record: Any) -> list[tuple[str, dict[str, Any]]]:
    """The marks that count something, in their order: each template with its context."""
    counts = counts_of(card, record)
    return [
        (mark.template, {"count": counts[mark.key], **mark.context(record)})
        for mark in _allowed(_marks[card].values())
        if counts.get(mark.key)
    ]


def actions_of(card: str, record: Any) -> list[tuple[Action, str]]:
    """The actions that the person who is logged in may begin here, each with its address."""
    allowed = (action for action in _actions[card].values() if current_user.can(action.right))
    return [(action, address) for action in allowed if (address := action.url(record))]


def chosen(card: str, key: str | None) -> Tab:
    """The tab that the address asks for, else the first one."""
    tabs = tabs_of(card)
    return next((tab for tab in tabs if tab.key == key), tabs[0])


def capped(found: Select[Any]) -> ScalarSelect[int]:
    """How many rows a query finds, as a subquery that stops once there are more than a card says."""
    return counted(found, MOST_COUNTED + 1)


def counts_of(card: str, record: Any) -> dict[str, int]:
    """How many there are in the tabs and panels of a record that count, asked once a page in one query."""
    known: dict[Any, dict[str, int]] = g.setdefault("counts_of_cards", {})
    if (card, record.id) not in known:
        parts = _allowed((*_tabs[card].values(), *_panels[card].values(), *_marks[card].values()))
        asked = {part.key: part.count(record) for part in parts if part.count is not None}
        asked |= {key: count(record) for key, count in _numbers[card].items()}
        found = db.session.execute(select(*asked.values())).one() if asked else ()
        known[card, record.id] = dict(zip(asked, found, strict=True))
    return known[card, record.id]


class Tabbed(RecordView):
    """A record whose card has tabs and panels: those that features have registered under the name of `card`.

    Named before other bases of a view: Flask-Admin gives each class its own copy of what it inherits.
    """

    card: ClassVar[str] = ""

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        return self.card_page(self.find(request.args.get("id"), self.details_loads or self.card_loads))

    def card_page(self, record: Any, **context: Any) -> ResponseReturnValue:
        """The card with the tab that the address asks for; the others are asked for when they are opened."""
        tab = chosen(self.card, request.args.get("tab"))
        return self.render(
            self.details_template,
            record=record,
            tabs=tabs_of(self.card),
            current_tab=tab,
            counts=counts_of(self.card, record),
            marks=marks_of(self.card, record),
            actions=actions_of(self.card, record),
            most_counted=MOST_COUNTED,
            return_url=self.get_url(".index_view"),
            **tab.context(record),
            **context,
        )
