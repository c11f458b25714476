"""Events: what is checked with the database at hand. Every function flushes at most; the edges commit."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, inspect

from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Actor
from backoffice.core.problems import Problem, check
from backoffice.events import queries
from backoffice.events.models import Event
from backoffice.events.rules import CLEANERS, event_rules

_FOREIGN = ("client", "contact", "owner")


def begin(event: Event, by: Actor) -> None:
    """Note who creates an event."""
    event.created_by = by.name


def check_event(event: Any) -> list[Problem]:
    """Clean an event and say everything that is wrong with it. One without an end ends on the day it starts."""
    changed = [name for name in _FOREIGN if inspect(event).attrs[name].history.has_changes()]
    problems = check(event, event_rules(changed), CLEANERS)
    if event.ends_on is None:
        event.ends_on = event.starts_on
    return problems


KEEPS_CLIENT = _("Cette société a des événements : désactivez-la plutôt que de la supprimer.")
KEEPS_CONTACT = _("Ce contact est celui d’événements : désactivez-le plutôt que de le supprimer.")


def events_of_client(client: Client) -> Select[int]:
    """What keeps a client from being deleted."""
    return queries.of_client(client.id)


def events_of_contact(contact: Contact) -> Select[int]:
    """What keeps a contact from being deleted."""
    return queries.of_contact(contact.id)
