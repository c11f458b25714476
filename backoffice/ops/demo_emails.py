"""The e-mails of the cast, written and kept as anybody does it; nothing is handed to a mail server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from flask import current_app
from sqlalchemy.orm import Session

from backoffice.activity import services as activity
from backoffice.clients.models import Client, Contact
from backoffice.core.db import now
from backoffice.core.problems import errors
from backoffice.emails import eml, keeping, services
from backoffice.emails.models import SENT, Email
from backoffice.ops.cast_emails import EMAILS, Mailed
from backoffice.users.models import User


def add_emails(session: Session, there: Mapping[str, Client], account: Callable[[str], User]) -> int:
    """Add those of these clients; returns how many. `account` says who a colleague of the story is here."""
    added = 0
    for mailed in EMAILS:
        client = there.get(mailed.company)
        contact = (
            next((each for each in client.contacts if each.email == mailed.contact), None) if client else None
        )
        if client is not None and contact is not None:
            add = _keep if mailed.is_received else _send
            added += add(session, mailed, contact, account(mailed.by))
    return added


def _send(session: Session, mailed: Mailed, contact: Contact, author: User) -> bool:
    """One that is gone: no worker will find it."""
    with session.no_autoflush:
        email = Email(client=contact.client, contact=contact, subject=mailed.subject, body=mailed.body)
        activity.begin(email, author.actor)
        problems = services.write(session, email, author)
    if errors(problems):
        if email in session:
            session.expunge(email)
        return False
    email.state, email.tries, email.message_id = SENT, 1, _id_for(author.email)
    email.at = email.mailed_at = now() - timedelta(hours=mailed.hours_ago)
    session.add(email)
    session.flush()
    return True


def _keep(session: Session, mailed: Mailed, contact: Contact, author: User) -> bool:
    """One that came, with its file in the data folder."""
    raw = _message(mailed, contact, author).as_bytes()
    letter = eml.read(raw)
    if not isinstance(letter, eml.Letter):
        return False
    data = current_app.extensions["settings"].data_dir
    return not keeping.keep(
        session, data, raw, letter, (contact.client, contact, None), author.actor
    ).is_known


def _message(mailed: Mailed, contact: Contact, author: User) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"{contact} <{contact.email}>"
    message["To"] = author.email
    message["Subject"] = mailed.subject
    message["Date"] = format_datetime(now() - timedelta(hours=mailed.hours_ago))
    message["Message-ID"] = _id_for(mailed.contact)
    message.set_content(mailed.body)
    paragraphs = "".join(f"<p>{part}</p>" for part in mailed.body.replace("\n", "<br>").split("<br><br>"))
    message.add_alternative(paragraphs, subtype="html")
    name, text = mailed.file
    if name:
        message.add_attachment(text, filename=name)
    return message


def _id_for(address: str) -> str:
    return make_msgid(domain=address.rpartition("@")[2])
