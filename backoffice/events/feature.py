"""What this feature registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.admin.features import Feature
from backoffice.admin.help import explain
from backoffice.admin.tabs import register
from backoffice.clients import happening, removal
from backoffice.clients.models import Client, Contact
from backoffice.events import cards, moments, palette, services, tellings, undoing
from backoffice.events.admin import RECORD_TAB, EventStatusView, views
from backoffice.events.models import Event, EventStatus
from backoffice.events.shown import HELPERS
from backoffice.lookups.admin import show_by


def _init(app: Flask) -> None:
    _explain()
    cards.register()
    palette.register()
    tellings.register()
    undoing.register()
    register("event", RECORD_TAB)
    happening.register(Event, moments.HAPPENING)
    removal.guard(Client, services.events_of_client, services.KEEPS_CLIENT)
    removal.guard(Contact, services.events_of_contact, services.KEEPS_CONTACT)
    show_by(EventStatus, EventStatusView)
    app.jinja_env.globals.update(HELPERS, events_left=cards.left, all_events=cards.all_of)


def _explain() -> None:
    read, write = "client.read", "client.write"
    explain("events/help/list", _("Liste des événements"), read, "event.index_view")
    explain("events/help/event", _("Fiche d’un événement"), read, "event")
    explain(
        "events/help/form", _("Créer ou modifier un événement"), write, "event.create_view", "event.edit_view"
    )
    explain("events/help/calendar", _("Calendrier des événements"), read, "calendar")
    explain("events/help/statuses", _("Statuts d’événement"), "lookup.write", "eventstatus")


FEATURE = Feature("events", views=views, init=_init)
