"""The screens of events: list, form, page, and the table of their states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin import BaseView, expose
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from backoffice.admin.in_place import InPlace
from backoffice.admin.layout import Cell
from backoffice.admin.listing import Asked
from backoffice.admin.records import read_id
from backoffice.admin.tabs import Tab, Tabbed, panels_of
from backoffice.clients import queries as clients
from backoffice.clients import removal
from backoffice.clients.forms import ClientLoader
from backoffice.clients.models import Client, Contact
from backoffice.core.db import db
from backoffice.core.problems import Problem
from backoffice.events import cards, forms, listing, queries, services
from backoffice.events.calendar import CalendarView
from backoffice.events.models import Event
from backoffice.events.shown import status_pill
from backoffice.lookups.admin import LookupView

#: What replaces the link to the earlier events of a card that is shown already.
_IN_PLACE_OF_LINK = {
    "HX-Retarget": "#events-more",
    "HX-Reselect": "#event-rows > *",
    "HX-Reswap": "outerHTML show:none",
}
_READ = ("index_view", "details_view", "beside_view", "columns_view", "ajax_lookup", "more_view")
_WRITE = ("create_view", "edit_view", "field_view", "delete_view", "contacts_view")


class EventView(Tabbed, InPlace):
    """Events of clients: what is planned, confirmed and over."""

    rights: ClassVar = dict.fromkeys(_READ, "client.read") | dict.fromkeys(_WRITE, "client.write")
    list_template = "events/list.html"
    details_template = "events/event.html"
    card = "event"
    layout = forms.LAYOUT
    form_ajax_refs: Any = {
        "client": forms.EventClientLoader("client"),
        "contact": forms.EventContactLoader(),
    }
    form_overrides: Any = {"contact": forms.ContactField, "owner": forms.PersonField}
    column_list: Any = listing.COLUMNS
    optional_columns = listing.OPTIONAL_COLUMNS
    column_loads = listing.COLUMN_LOADS
    column_formatters: Any = listing.FORMATS
    plain_columns = ("name", "starts_on", "client", "status")
    orders: Any = listing.ORDERS
    default_sort = "starts_on"
    default_descending = True
    list_loads = listing.LOADS
    card_loads = (
        joinedload(Event.client),
        joinedload(Event.status),
        joinedload(Event.contact),
        joinedload(Event.owner),
    )
    in_place: ClassVar = {"starts_on": ("starts_on", "starts_time", "ends_on", "ends_time")} | {
        name: (name,)
        for name in ("status", "contact", "owner", "place", "headcount", "amount_excl_tax", "description")
    }
    named_filters = listing.FILTERS
    front_filters = listing.FRONT_FILTERS
    search_kind = "event"
    has_status = True
    status_words = listing.STATUS_WORDS
    new_title = _("Nouvel événement")
    created_message = _("Événement créé : %(name)s.")
    saved_message = _("Événement enregistré : %(name)s.")
    deleted_message = _("Événement supprimé : %(name)s.")

    def __init__(self) -> None:
        super().__init__(Event, name=_("Événements"))
        self.column_labels |= {"starts_on": _("Dates"), "name": _("Événement"), "headcount": _("Personnes")}

    def count_noun(self, number: int) -> str:
        return str(ngettext("événement", "événements", number))

    def list_ids(self, asked: Asked) -> Select[Any]:
        """Active and inactive are the clients here: the events of one that has left leave the list with it."""
        ids = super().list_ids(replace(asked, status="all"))
        if asked.status == "all":
            return ids
        is_active = queries.is_of_active_client()
        return ids.where(is_active if asked.status == "active" else ~is_active)

    def search_condition(self, search: str) -> Any:
        return queries.spoken_of(search)

    # The form

    live: ClassVar = {"of-client": "event.contacts_view"}

    @property
    def can_add_another(self) -> bool:
        """Begun on the card of a client, one comes back to it."""
        return "client" not in request.args

    def _asked_client(self) -> Client | None:
        """The active client that a new event is for, when its address names one."""
        return ClientLoader().get_one(request.args.get("client", ""))

    def _asked_contact(self, client: Client | None) -> Contact | None:
        """The contact of this client that a new event begins with, when its address names one."""
        contact = db.session.get(Contact, read_id(request.args.get("contact")) or 0)
        return (
            contact if contact is not None and client is not None and contact.client_id == client.id else None
        )

    def create_form(self, obj: Any = None) -> Any:
        sent = request.form if request.method == "POST" else None
        client = self._asked_client()
        first = {
            "client": client,
            "contact": self._asked_contact(client),
            "owner": current_user._get_current_object(),
        }
        return self._offering(self._create_form_class(sent, **first))

    def edit_form(self, obj: Any = None) -> Any:
        return self._offering(super().edit_form(obj))

    def _offering(self, form: Any) -> Any:
        form.contact.client = form.client.data
        return form

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        if is_created:
            services.begin(record, current_user.actor)
        return services.check_event(record)

    def home_of(self, record: Any) -> str:
        """A new event that is given up leads back to the client whose card it was begun on."""
        client = self._asked_client() if record is None else None
        if client is not None:
            return str(self.get_url("client.details_view", id=client.id))
        return super().home_of(record)

    @expose("/contacts/")
    def contacts_view(self) -> ResponseReturnValue:
        """The contacts that a form offers once its client is chosen: by the name of the field, id and name."""
        client = db.session.get(Client, read_id(request.args.get("client")) or 0) or abort(404)
        offered = db.session.scalars(clients.contacts_offered(client))
        return jsonify(contact=[(contact.id, str(contact)) for contact in offered])

    # Cards

    @expose("/more/")
    def more_view(self) -> ResponseReturnValue:
        """The earlier events of a client or contact in short form, for a card that is shown already."""
        key = "contact" if "contact" in request.args else "client"
        record_id = read_id(request.args.get(key)) or abort(404)
        events, following = cards.REELS[key].read(record_id, cards.MORE, request.args.get("after"))
        seen = request.args.get("seen", 0, type=int) + len(events)
        count = db.session.scalar(select(queries.counted(cards.REELS[key].ids(record_id))))
        page = self.render(
            "events/more.html", events=events, next=following, reel=key, of=record_id, seen=seen, count=count
        )
        return page, _IN_PLACE_OF_LINK

    def refuse_delete(self, record: Any) -> Problem | None:
        return removal.refusal(db.session(), record)

    def after_delete(self, record: Any) -> str:
        return str(self.get_url("client.details_view", id=record.client_id))


class EventStatusView(LookupView):
    """States of events, with their colour and whether such events are still awaited."""

    column_list = ("label", "label_en", "color", "is_open", "is_default", "is_active", "uses")
    more_cells = (
        Cell("color", 2, hint=_("Toujours à côté du mot, jamais seule.")),
        Cell("is_open", 4, hint=_("Décoché, ses événements ne comptent plus parmi les prochains.")),
    )

    def cell(self, record: Any, name: str) -> Any:
        if name == "color":
            return status_pill(record)
        return super().cell(record, name)


def event_tab(event: Event) -> dict[str, Any]:
    """What others show beside an event; the event itself is loaded with its page."""
    return {"panels": panels_of("event", event)}


RECORD_TAB = Tab("record", _("Fiche"), "events/record.html", event_tab, position=10)


def views() -> Sequence[BaseView]:
    """The screens of this feature, made for one app."""
    return [EventView(), CalendarView(name=_("Calendrier"), endpoint="calendar", url="/event/calendar")]
