"""What happens to a message that came from elsewhere: it is kept in the feed of a client, once.

The functions flush; the edge commits, and takes the file back when it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.activity import services as activity
from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Actor
from backoffice.core.db import now
from backoffice.core.validators.email import email_key
from backoffice.emails import eml, queries, storage
from backoffice.emails.models import LOGGED, LONGEST_SUBJECT, Email
from backoffice.events.models import Event

#: E-mail is no older; a date before is a clock that was wrong.
_FIRST_MAIL = datetime(1990, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Kept:
    """What became of a message: its entry, and whose address it names."""

    email: Email
    #: Was it here already? Then nothing is added.
    is_known: bool = False
    #: Somebody of another client whom it names, where nobody of this one is.
    stranger: Contact | None = None


def keep(
    session: Session,
    data: Path,
    raw: bytes,
    letter: eml.Letter,
    place: tuple[Client, Contact | None, Event | None],
    by: Actor,
) -> Kept:
    """Keep a message in the feed of a client. On the card of a contact it is with them, whoever wrote it."""
    client, contact, event = place
    session.execute(select(Client.id).where(Client.id == client.id).with_for_update(key_share=True))
    there = session.scalars(queries.named(client.id, letter.message_id))
    known = next((email for email in there if _is_same(data, email, raw, letter)), None)
    if known is not None:
        return Kept(known, is_known=True)
    named = named_in(session, letter)
    own = next((found for found in named if found.client_id == client.id), None)
    email = _email(letter)
    email.client_id, email.contact, email.event = client.id, contact or own, event
    activity.begin(email, by)
    email.at = told_at(letter.mailed_at, now())
    session.add(email)
    email.raw_name = storage.keep(data, raw)
    try:
        session.flush()
    except BaseException:
        storage.remove(data, email.raw_name)
        raise
    stranger = next((found for found in named if found.client_id != client.id), None)
    return Kept(email, stranger=None if email.contact else stranger)


def _is_same(data: Path, email: Email, raw: bytes, letter: eml.Letter) -> bool:
    """Is this the message that is kept? Its id alone does not tell: anybody may write it into another one."""
    kept = storage.read(data, email.raw_name)
    if kept == raw:
        return True
    read = eml.read(kept) if kept is not None else None
    if isinstance(read, eml.Letter):  # the way it came may differ, not what it says
        return _content(read) == _content(letter)
    # Sent from here, or its file is lost. A copy of ours comes back under the address of the office.
    said = (email.subject, (email.body or "").split())
    return said == (letter.subject[:LONGEST_SUBJECT], letter.text.split())


def _content(letter: eml.Letter) -> tuple[Any, ...]:
    return letter.subject, letter.sender, letter.text, letter.html, letter.attachments


def _email(letter: eml.Letter) -> Email:
    files = letter.attachments
    return Email(
        subject=letter.subject[:LONGEST_SUBJECT],
        sender=letter.sender,
        recipients=letter.recipients,
        mailed_at=letter.mailed_at,
        message_id=letter.message_id,
        body=letter.text or None,
        attachments=[{"name": file.name, "type": file.type, "size": len(file.content)} for file in files],
        state=LOGGED,
    )


def named_in(session: Session, letter: eml.Letter) -> list[Contact]:
    """The contacts whose addresses a message names, who wrote it first."""
    keys = list(dict.fromkeys(email_key(address) for address in letter.addresses))
    found = {contact.email_key: contact for contact in session.scalars(queries.contacts_at(keys))}
    return [found[key] for key in keys if key in found]


def told_at(mailed_at: datetime | None, at: datetime) -> datetime:
    """When a message counts as said: when it was sent, if that can be."""
    if mailed_at is None or not _FIRST_MAIL <= mailed_at <= at + _CLOCKS_DIFFER:
        return at
    return min(mailed_at, at)
