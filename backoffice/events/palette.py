"""What the search over everything finds of events: those whose name begins so, by its index."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from backoffice.admin import palette
from backoffice.admin.palette import Action, Hit, Provider
from backoffice.events import queries
from backoffice.events.shown import days


def events(session: Session, words: str, most: int) -> Sequence[Hit]:
    """Events by name, each with its day and its client."""
    return [
        Hit(
            event.name,
            url_for("event.details_view", id=event.id),
            f"{days(event)} · {event.client.name}",
        )
        for event in session.scalars(queries.find(words, most))
    ]


def all_of(words: str) -> Hit:
    """The way to the list of all events that the words speak of."""
    label = _("Chercher « %(words)s » dans la liste des événements", words=words)
    return Hit(str(label), url_for("event.index_view", search=words))


def register() -> None:
    """Offer events, and the beginning of one."""
    palette.register(Provider("events", _("Événements"), events, "client.read", 30, all_of))
    words = _("ajouter créer")
    month = _("calendrier mois agenda")
    palette.register(
        Action("event.calendar", _("Calendrier des événements"), "/event/calendar/", "client.read", month, 25)
    )
    palette.register(Action("event.new", _("Nouvel événement"), "/event/new/", "client.write", words, 20))
