"""What is asked of e-mails and of templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, literal_column, or_, select

from backoffice.activity.models import Entry
from backoffice.activity.queries import Scope
from backoffice.clients.models import Contact
from backoffice.emails.models import QUEUED, SENDING, Email, EmailTemplate


def templates_offered() -> Select[EmailTemplate]:
    """The templates that a form offers, in their order."""
    found = select(EmailTemplate).where(EmailTemplate.is_active)
    return found.order_by(EmailTemplate.position, EmailTemplate.label_key)


def due(at: datetime) -> Select[Email]:
    """The first that is to be tried by now, was to be sent by now and is not known to be, or lies in the trash.

    Another worker's is not waited for.
    """
    waiting = Email.state.in_(
        literal_column(f"'{state}'") for state in (QUEUED, SENDING)
    )  # as the index says
    thrown_away = and_(Email.state == QUEUED, Email.removed_at.is_not(None))
    found = select(Email).where(waiting, or_(Email.try_at <= at, thrown_away))
    locked = found.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return locked.order_by(Email.try_at, Email.id).limit(1)


def waiting() -> Select[Email]:
    """All that are to be sent, and those that are being sent."""
    return select(Email).where(Email.state.in_((QUEUED, SENDING))).with_for_update(of=Email, key_share=True)


def locked(email_id: int) -> Select[Email]:
    """One e-mail as the database has it now, kept from changing."""
    found = select(Email).where(Email.id == email_id).with_for_update(of=Email, key_share=True)
    return found.execution_options(populate_existing=True)


def named(client_id: int, message_id: str) -> Select[Email]:
    """What stands in the feed of a client under this id, which another message may bear all the same."""
    found = select(Email).where(
        Email.message_id == message_id, Email.client_id == client_id, Email.removed_at.is_(None)
    )
    return found.order_by(Email.id)


def kept_under(names: Sequence[str]) -> Select[str | None]:
    """Those of these names of files that an e-mail has."""
    return select(Email.raw_name).where(Email.raw_name.in_(names))


def contacts_at(keys: Sequence[str]) -> Select[Contact]:
    """Those who have one of these addresses."""
    return select(Contact).where(Contact.email_key.in_(keys))


def newer(email: Email, scope: Scope) -> Select[int]:
    """Anything that stands above an e-mail in a feed."""
    above = or_(Entry.at > email.at, and_(Entry.at == email.at, Entry.id > email.id))
    return select(Entry.id).where(scope.condition, Entry.removed_at.is_(None), above).limit(1)
