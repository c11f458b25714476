"""The list of events: its columns, what it can be sorted and narrowed by."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from backoffice.admin import filters
from backoffice.admin.pager import Order
from backoffice.clients.models import Client
from backoffice.core.db import db
from backoffice.events import queries
from backoffice.events.forms import EventClientLoader, EventContactLoader
from backoffice.events.models import Event, EventStatus
from backoffice.events.shown import days_and_hours, euros, status_pill

COLUMNS = ("name", "starts_on", "client", "status", "place", "headcount")
OPTIONAL_COLUMNS = ("contact", "owner", "ends_on", "amount_excl_tax", "created_at", "created_by")
LOADS = (joinedload(Event.client), joinedload(Event.status))
COLUMN_LOADS = {"contact": joinedload(Event.contact), "owner": joinedload(Event.owner)}


def _client(view: Any, context: Any, event: Event, name: str) -> Markup:
    address = view.get_url("client.details_view", id=event.client_id)
    mark = Markup(' <span class="pill off">{}</span>').format(_("Inactive"))
    link = Markup('<a href="{}">{}</a>').format(address, event.client.name)
    return link if event.client.is_active else link + mark


FORMATS: dict[str, Any] = {
    "client": _client,
    "starts_on": lambda view, context, event, name: days_and_hours(event),
    "status": lambda view, context, event, name: status_pill(event.status),
    "amount_excl_tax": lambda view, context, event, name: euros(event.amount_excl_tax),
}
ORDERS = {
    "starts_on": Order((Event.starts_on,)),
    "name": Order((Event.name_key,)),
    "client": Order((Client.name_key, Event.starts_on), (Event.client,)),
    "status": Order((EventStatus.position, Event.starts_on), (Event.status,)),
    "created_at": Order((Event.created_at,)),
}


def everybody() -> filters.Options:
    """Those who may be in charge of an event, asked once a page."""
    if "event_people" not in g:
        people = db.session.scalars(queries.people())
        g.event_people = [
            (str(one.id), one.name if one.active else " ".join((one.name, gettext("(inactif)"))))
            for one in people
        ]
    found: filters.Options = g.event_people
    return found


FILTERS = (
    filters.LookupFilter("state", _("Statut"), lambda value: Event.status_id == value, EventStatus),
    filters.RecordFilter(
        "client", _("Client"), lambda value: Event.client_id == value, EventClientLoader("client")
    ),
    filters.RecordFilter(
        "contact", _("Contact client"), lambda value: Event.contact_id == value, EventContactLoader()
    ),
    filters.ChoiceFilter(
        "owner", _("Utilisateur en charge"), lambda value: Event.owner_id == int(value), everybody
    ),
    filters.DayFilter("from", _("À partir du"), queries.ends_from),
    filters.DayFilter("to", _("Jusqu’au"), lambda day: Event.starts_on <= day),
)
#: The filters that have a chip of their own; the others stand behind "+ Filtre".
FRONT_FILTERS = ("state", "client", "owner", "from", "to")
STATUS_WORDS = {
    "active": _("Clients actifs"),
    "inactive": _("Clients inactifs"),
    "all": _("Tous les clients"),
}
