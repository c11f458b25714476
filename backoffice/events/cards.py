"""What the cards of a client and of a contact show of events: the first ones, and the others as they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select

from backoffice.admin import pager, panels, tabs
from backoffice.admin.formats import show, today
from backoffice.clients.models import Client, Contact
from backoffice.core.db import db
from backoffice.events import queries
from backoffice.events.models import Event

#: A card shows so many events whole, and brings the earlier ones in short by so many.
FIRST, MORE = 5, 20
ON_FIRST_PAGE = 6


@dataclass(frozen=True)
class Reel:
    """The events of a kind of record, the last first: whose they are, and what they are sorted by."""

    of: Any
    key: Any
    sort: str

    def ids(self, record_id: int) -> Select[int]:
        """All of them."""
        return select(Event.id).where(self.of == record_id)

    def read(self, record_id: int, size: int, after: str | None = None) -> tuple[list[Event], str | None]:
        """Some events, and the position after which the earlier ones begin: none when there are none."""
        before = pager.read_position(after, (self.key, Event.id))
        rows = queries.some_of(self.of == record_id, self.key, before, size + 1)
        found = list(db.session.scalars(rows))
        if len(found) <= size:
            return found, None
        last = found[size - 1]
        return found[:size], pager.write_position((getattr(last, self.sort), last.id))


#: On a client the last created first; on a contact the last held.
REELS = {
    "client": Reel(Event.client_id, Event.created_at, "created_at"),
    "contact": Reel(Event.contact_id, Event.starts_on, "starts_on"),
}


def panel_of(key: str) -> Callable[[Any], dict[str, Any]]:
    """What the panel of a card shows of its record's events."""

    def read(record: Any) -> dict[str, Any]:
        events, following = REELS[key].read(record.id, FIRST)
        return {"events": events, "reel": key, "next": following, "of": record.id}

    return read


def left(count: int | None, shown: int) -> str:
    """How many more there are, as the link to them says it; "" where that was not counted."""
    if count is None or count <= shown:
        return ""
    if count > queries.MOST_COUNTED:
        return str(gettext("plus de %(n)s", n=show(queries.MOST_COUNTED - shown)))
    return show(count - shown)


def all_of(key: str, record_id: int) -> str:
    """The list of these events."""
    args: dict[str, Any] = {key: record_id, "status": "all", "sort": REELS[key].sort, "desc": 1}
    return url_for("event.index_view", **args)


def _business(contact: Contact) -> dict[str, Any]:
    """What the agency does with this contact: features add to it by panels of their own."""
    return {"panels": tabs.panels_of("contact.business", contact)}


def _next() -> dict[str, Any]:
    return {"events": db.session.scalars(queries.upcoming(today(), ON_FIRST_PAGE)).all()}


def _count_of_client(client: Client) -> Any:
    return queries.counted(queries.of_client(client.id))


def _count_of_contact(contact: Contact) -> Any:
    return queries.counted(queries.of_contact(contact.id))


def register() -> None:
    """Put events on the cards of clients and contacts, and on the first page."""
    title = _("Événements de la société")
    panel = tabs.Panel(
        "events", title, "events/panel.html", panel_of("client"), position=30, count=_count_of_client
    )
    tabs.register_panel("client", panel)
    own = tabs.Panel(
        "events", _("Événements"), "events/panel.html", panel_of("contact"), count=_count_of_contact
    )
    tabs.register_panel("contact.business", own)
    tab = tabs.Tab(
        "business",
        _("Relation commerciale"),
        "events/business.html",
        _business,
        position=40,
        count=_count_of_contact,
    )
    tabs.register("contact", tab)
    panels.register(panels.Panel("events.next", 30, "events/next.html", _next, "client.read", is_beside=True))
