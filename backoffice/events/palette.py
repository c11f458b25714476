"""What the search over everything finds of events: those whose name begins so, then the latest by any word of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from backoffice.admin import palette
from backoffice.admin.palette import Action, Hit, Provider
from backoffice.events import queries
from backoffice.events.models import Event
from backoffice.events.shown import days

#: So many events are looked through for a word within their name, from the last one on.
_LOOKED_THROUGH = 2000


def events(session: Session, words: str, most: int) -> Sequence[Hit]:
    """Events whose name begins so, each with its day and its client."""
    return [_hit(event) for event in session.scalars(queries.find(words, most))]


def by_any_word(session: Session, words: str, most: int) -> Sequence[Hit]:
    """After these, the latest ones by any word of their name."""
    found = list(session.scalars(queries.find(words, most)))
    if len(found) < most:
        latest = session.scalars(queries.find_latest(words, most, _LOOKED_THROUGH))
        found += [event for event in latest if event not in found]
    return [_hit(event) for event in found[:most]]


def _hit(event: Event) -> Hit:
    detail = f"{days(event)} · {event.client.name}"
    return Hit(event.name, url_for("event.details_view", id=event.id), detail)


def all_of(words: str) -> Hit:
    """The way to the list of all events that the words speak of."""
    label = _("Chercher « %(words)s » dans la liste des événements", words=words)
    return Hit(str(label), url_for("event.index_view", search=words))


def register() -> None:
    """Offer events, and the beginning of one."""
    palette.register(Provider("events", _("Événements"), events, "client.read", 30, all_of, by_any_word))
    words = _("ajouter créer")
    month = _("calendrier mois agenda")
    palette.register(
        Action("event.calendar", _("Calendrier des événements"), "/event/calendar/", "client.read", month, 25)
    )
    palette.register(Action("event.new", _("Nouvel événement"), "/event/new/", "client.write", words, 20))
