"""What the agency plans and holds for its clients, and the states of an event."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from backoffice.clients.models import Client, Contact, OfClient
from backoffice.core.db import NEVER_REUSED, Base, Money, Versioned, now
from backoffice.core.text import fold
from backoffice.lookups.models import Lookup
from backoffice.users.models import User

#: The colours that a state can have; its word always stands beside.
COLORS: dict[str, Any] = {
    "amber": _("Orange"),
    "green": _("Vert"),
    "blue": _("Bleu"),
    "violet": _("Violet"),
    "red": _("Rouge"),
    "grey": _("Gris"),
}
#: No event is longer: so a month finds its events without looking at all that came before it.
MOST_DAYS = 366
LONGEST_NAME = 200
LONGEST_DESCRIPTION = 20_000
_KEPT = {"audited": False}
#: What only the fact of a removal holds, so that it is known again if the record comes back.
_LAST = {"audited": False, "kept": True}
#: Compared letter by letter on PostgreSQL as well, so that an index finds the beginning of a name.
_PLAIN_ORDER = String(LONGEST_NAME).with_variant(String(LONGEST_NAME, collation="C"), "postgresql")


class EventStatus(Lookup, Base):
    """How far an event is: an option, confirmed, over…"""

    __tablename__ = "event_status"
    table_label = _("Statuts d’événement")

    color: Mapped[str] = mapped_column(
        String(10), default="grey", info={"label": _("Couleur"), "choices": COLORS}
    )
    is_open: Mapped[bool] = mapped_column(default=True, info={"label": _("Événement attendu")})

    @classmethod
    def constraints(cls, *more: Any) -> tuple[Any, ...]:
        known = ", ".join(map(repr, COLORS))
        return super().constraints(CheckConstraint(f"color IN ({known})", name="known_color"), *more)


class Event(OfClient, Versioned, Base):
    """One event of the agency for a client."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), info={"label": _("Client")})
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), info={"label": _("Nom de l’événement")})
    name_key: Mapped[str] = mapped_column(_PLAIN_ORDER, info=_KEPT)
    starts_on: Mapped[date] = mapped_column(info={"label": _("Début")})
    starts_time: Mapped[time | None] = mapped_column(info={"label": _("Heure de début")})
    ends_on: Mapped[date] = mapped_column(info={"label": _("Fin"), "completed": True})
    ends_time: Mapped[time | None] = mapped_column(info={"label": _("Heure de fin")})
    status_id: Mapped[int] = mapped_column(ForeignKey("event_status.id"), info={"label": _("Statut")})
    contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact.id"), info={"label": _("Contact client")}
    )
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), info={"label": _("Utilisateur en charge")}
    )
    place: Mapped[str | None] = mapped_column(String(200), info={"label": _("Lieu")})
    headcount: Mapped[int | None] = mapped_column(info={"label": _("Nombre de personnes")})
    amount_excl_tax: Mapped[Decimal | None] = mapped_column(Money(), info={"label": _("Montant prévu HT")})
    description: Mapped[str | None] = mapped_column(
        Text, info={"label": _("Description"), "typed_max": LONGEST_DESCRIPTION}
    )
    created_at: Mapped[datetime] = mapped_column(default=now, info={"label": _("Créé le"), **_LAST})
    created_by: Mapped[str | None] = mapped_column(String(200), info={"label": _("Créé par"), **_LAST})

    client: Mapped[Client] = relationship(info={"label": _("Client")})
    status: Mapped[EventStatus] = relationship(info={"label": _("Statut")})
    contact: Mapped[Contact | None] = relationship(info={"label": _("Contact client")})
    owner: Mapped[User | None] = relationship(info={"label": _("Utilisateur en charge")})

    __table_args__ = (
        CheckConstraint("trim(name) <> ''", name="name_not_blank"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint(
            "ends_on > starts_on OR starts_time IS NULL OR ends_time IS NULL OR ends_time >= starts_time",
            name="hours_in_order",
        ),
        CheckConstraint("headcount >= 0", name="headcount_not_negative"),
        CheckConstraint("amount_excl_tax >= 0", name="amount_not_negative"),
        Index("ix_event_client", "client_id", "created_at", "id"),
        Index("ix_event_contact", "contact_id", "starts_on", "id"),
        Index("ix_event_owner", "owner_id", "starts_on", "id"),
        Index("ix_event_status", "status_id", "starts_on", "id"),
        Index("ix_event_starts_on", "starts_on", "id", "ends_on"),
        Index("ix_event_created_at", "created_at", "id"),
        Index("ix_event_name", "name_key", "id"),
        NEVER_REUSED,
    )

    @validates("name")
    def _fold_name(self, key: str, name: str | None) -> str | None:
        self.name_key = fold(name or "")[:LONGEST_NAME]
        return name

    def __str__(self) -> str:
        return self.name
