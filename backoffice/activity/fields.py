"""Fields of the forms of notes, calls and tasks: choices within a client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from wtforms.fields.choices import Choice as Option

from backoffice.activity import queries
from backoffice.admin.records import read_id
from backoffice.admin.typed import RecordField
from backoffice.clients import queries as clients
from backoffice.clients.forms import ClientLoader
from backoffice.clients.models import Client, Contact
from backoffice.core.db import db
from backoffice.events.models import Event
from backoffice.users import queries as users
from backoffice.users.models import User


class AnyClientLoader(ClientLoader):
    """Active clients as one types; a card may add to an inactive one as well."""

    url = "/task/ajax/lookup/?name=client"

    def get_one(self, pk: Any) -> Any:
        number = read_id(pk)
        return db.session.get(Client, number) if number else None


def contacts_of(client: Client) -> list[Contact]:
    """The contacts that a form and a feed of this client offer, asked once a page."""
    known: dict[int, list[Contact]] = g.setdefault("activity_contacts", {})
    if client.id not in known:
        known[client.id] = list(db.session.scalars(clients.contacts_offered(client)))
    return known[client.id]


class ContactField(RecordField):
    """A contact of the client, which the view names once the form is made."""

    model = Contact
    blank = _("Aucun")
    client: Client | None = None

    def offered(self) -> list[Contact]:
        found = contacts_of(self.client) if self.client is not None else []
        return found if self.data is None or self.data in found else [self.data, *found]


class EventField(RecordField):
    """An event of the client, which the view names once the form is made."""

    model = Event
    blank = _("Aucun")
    client: Client | None = None

    def query(self) -> Select[Any] | None:
        return queries.events_offered(self.client.id) if self.client is not None else None


class PersonField(RecordField):
    """Somebody who is active. A task has somebody at all times, so that nobody is no choice."""

    model = User

    def query(self) -> Select[Any] | None:
        return users.active_people()

    def iter_choices(self) -> Iterator[Option]:
        choices = super().iter_choices()
        next(choices)
        return choices


class Marked:
    """Shows a field as required; the rule says it in its own words."""

    field_flags: Any = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Nothing to refuse."""
