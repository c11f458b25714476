"""E-mails to and from clients, which stand in their feed like notes and calls, and the templates they begin with.

The row is the outbox: one that is queued is found by the worker, and its state says what has become of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import JSON, CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.activity.models import Entry
from backoffice.core.db import Base
from backoffice.lookups.models import Lookup

_KEPT = {"audited": False}

LONGEST_SUBJECT = 300
#: The states of an e-mail: "logged" came from elsewhere, the others are steps of one that we send.
LOGGED, QUEUED, SENDING, SENT, FAILED = "logged", "queued", "sending", "sent", "failed"
STATES: dict[str, Any] = {
    LOGGED: _("classé"),
    QUEUED: _("à envoyer"),
    SENDING: _("envoi en cours"),
    SENT: _("envoyé"),
    FAILED: _("échec"),
}
_WAITING = text("state IN ('queued', 'sending')")
_IDENTIFIED = text("message_id IS NOT NULL")


class Email(Entry):
    """One e-mail: written here and sent by the worker, or kept from a file."""

    # Every e-mail has a subject and a state, no other entry has: the table lets them be null, its checks do not.
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT), nullable=True, info={"label": _("Objet")})
    sender: Mapped[str | None] = mapped_column(String(320), info={"label": _("De")})
    recipients: Mapped[str | None] = mapped_column(Text, info={"label": _("À")})
    #: What its Date says; of one that is sent from here, when the server took it.
    mailed_at: Mapped[datetime | None] = mapped_column(info={"label": _("Envoyé le")})
    message_id: Mapped[str | None] = mapped_column(String(400), info=_KEPT)
    #: The file of the message as it came, in the data folder.
    raw_name: Mapped[str | None] = mapped_column(String(120), info=_KEPT)
    #: Of each attachment its name, type and size.
    attachments: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True), info=_KEPT)
    state: Mapped[str] = mapped_column(String(8), nullable=True, info={"label": _("État"), "choices": STATES})
    #: Of a queued one, when it is tried next; of one that is being sent, until when that may take.
    try_at: Mapped[datetime | None] = mapped_column(info=_KEPT)
    tries: Mapped[int | None] = mapped_column(info=_KEPT)
    failure: Mapped[str | None] = mapped_column(String(300), info={"label": _("Raison de l’échec")})

    __mapper_args__ = {"polymorphic_identity": "email"}

    def __str__(self) -> str:
        return self.subject or str(_("(sans objet)"))


_table: Any = Entry.__table__
_table.append_constraint(
    CheckConstraint(
        "kind <> 'email' OR subject IS NOT NULL AND state IS NOT NULL "
        "AND state IN ('logged', 'queued', 'sending', 'sent', 'failed')",
        name="email_is_whole",
    )
)
_table.append_constraint(CheckConstraint("kind = 'email' OR state IS NULL", name="only_emails_have_a_state"))
Index("ix_entry_outbox", Email.try_at, Email.id, sqlite_where=_WAITING, postgresql_where=_WAITING)
Index("ix_entry_message_id", Email.message_id, sqlite_where=_IDENTIFIED, postgresql_where=_IDENTIFIED)


class EmailTemplate(Lookup, Base):
    """What an e-mail can begin with, in the language of the client."""

    __tablename__ = "email_template"
    table_label = _("Modèles d’e-mail")

    subject_fr: Mapped[str] = mapped_column(String(LONGEST_SUBJECT), info={"label": _("Objet")})
    body_fr: Mapped[str] = mapped_column(Text, info={"label": _("Texte")})
    subject_en: Mapped[str | None] = mapped_column(
        String(LONGEST_SUBJECT), info={"label": _("Objet en anglais")}
    )
    body_en: Mapped[str | None] = mapped_column(Text, info={"label": _("Texte en anglais")})
