"""How the history tells of events."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _

from backoffice.admin.tellings import Kind, tell_of
from backoffice.events.models import Event
from backoffice.events.shown import euros

EVENT = Kind(
    Event,
    _("Événements"),
    _("a créé l’événement %(name)s"),
    _("a modifié l’événement %(name)s"),
    _("a supprimé l’événement %(name)s"),
    lambda: Event.name,
    ("name",),
    "event.details_view",
    shows={"amount_excl_tax": lambda amount: euros(Decimal(amount))},
    is_brief=True,
)


def register() -> None:
    """Tell of them."""
    tell_of(EVENT)
