"""Where one is: on the card of a client, a contact or an event. What is written there belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, url_for

from backoffice.activity.queries import Scope
from backoffice.admin.records import read_id
from backoffice.clients.models import Client, Contact
from backoffice.core.db import db
from backoffice.events.models import Event

#: Whose feeds there are, the narrowest first.
_MODELS: dict[str, Any] = {"event": Event, "contact": Contact, "client": Client}


@dataclass(frozen=True)
class Where:
    """A client, and the contact or event of it whose card is shown."""

    of: str
    client: Client
    contact: Contact | None = None
    event: Event | None = None

    @property
    def record(self) -> Any:
        return getattr(self, self.of)

    @property
    def scope(self) -> Scope:
        return Scope(self.of, self.record.id)

    @property
    def args(self) -> dict[str, Any]:
        """What names this place in an address."""
        return {self.of: self.record.id}

    def card(self, **more: Any) -> str:
        """The address of its feed."""
        return url_for(f"{self.of}.details_view", id=self.record.id, tab="activity", **more)


def at(record: Any) -> Where:
    """The place that the card of this record is."""
    of = next(name for name, model in _MODELS.items() if isinstance(record, model))
    if of == "client":
        return Where(of, record)
    return Where(of, record.client, **{of: record})


def read(args: Mapping[str, Any]) -> Where | None:
    """The place that an address names, None when it names none; the page 404 for one that does not exist."""
    for name, model in _MODELS.items():
        if name in args:
            number = read_id(args[name])
            record = db.session.get(model, number) if number else None
            return at(record) if record is not None else abort(404)
    return None
