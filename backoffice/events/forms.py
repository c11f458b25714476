"""What the form of an event is made of beside its columns."""

from __future__ import annotations

from typing import Any

from flask_admin.model.ajax import AjaxModelLoader
from flask_babel import lazy_gettext as _
from sqlalchemy import Select

from backoffice.admin.layout import Cell, Section
from backoffice.admin.records import read_id
from backoffice.admin.typed import RecordField
from backoffice.clients import queries as clients
from backoffice.clients.forms import MOST_CHOICES, ClientLoader
from backoffice.clients.models import Client, Contact
from backoffice.core.db import db
from backoffice.events import queries
from backoffice.users import queries as users
from backoffice.users.models import User


class EventClientLoader(ClientLoader):
    """The client of an event, or the one that a list of them is narrowed to."""

    url = "/event/ajax/lookup/?name=client"


class EventContactLoader(AjaxModelLoader):
    """The contact that a list of events is narrowed to."""

    url = "/event/ajax/lookup/?name=contact"

    def __init__(self) -> None:
        super().__init__("contact", {})

    def format(self, model: Any) -> tuple[int, str] | None:
        return None if model is None else (model.id, f"{model.full_name} ({model.client.name})")

    def named(self, pk: str) -> Contact | None:
        """The contact with this id, to name it."""
        number = read_id(pk)
        return db.session.get(Contact, number) if number else None

    def get_list(self, query: str | None, offset: int | None = 0, limit: int | None = 0) -> list[Any]:
        return list(db.session.scalars(queries.contacts_named(query or "", MOST_CHOICES)))


class ContactField(RecordField):
    """One of the active contacts of the client, and the one that was chosen before."""

    model = Contact
    #: Whose contacts are offered; the view sets it once it has made the form.
    client: Client | None = None

    def query(self) -> Select[Any] | None:
        return clients.contacts_offered(self.client) if self.client is not None else None


class PersonField(RecordField):
    """Somebody who is active, and who was chosen before."""

    model = User

    def query(self) -> Select[Any] | None:
        return users.active_people()

    def word(self, record: Any) -> str:
        return str(record) if record.active else " ".join((str(record), str(_("(inactif)"))))


LAYOUT = (
    Section(
        _("Événement"),
        Cell("name", 6),
        Cell("client", 3),
        Cell("contact", 3, hint=_("Parmi les contacts de ce client.")),
        Cell("starts_on", 2),
        Cell("starts_time", 1),
        Cell("ends_on", 2, hint=_("Vide : le jour du début.")),
        Cell("ends_time", 1),
        Cell("status", 3),
        Cell("owner", 3),
    ),
    Section(
        _("Détails"),
        Cell("place", 6),
        Cell("headcount", 3),
        Cell("amount_excl_tax", 3, hint=_("En euros.")),
        Cell("description", 6),
    ),
)
