"""Active and inactive: a client leaves the choices and comes back whole. Services that flush; the edges commit."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Actor
from backoffice.core.db import now


def note_switch(client: Client, by: Actor) -> list[Contact]:
    """Keep since when and by whom a client is inactive; once active, the contacts that went along are back.

    Returns those.
    """
    if not client.is_active:
        if client.deactivated_at is None:
            client.deactivated_at, client.deactivated_by = now(), by.name
        return []
    client.deactivated_at = client.deactivated_by = None
    back = [contact for contact in client.contacts if contact.left_with_client or _is_needed(client, contact)]
    for contact in back:
        contact.is_active, contact.left_with_client = True, False
    return back


def _is_needed(client: Client, contact: Contact) -> bool:
    """An active client's main contact is active, however it was left."""
    return contact is client.main_contact and not contact.is_active


def deactivate(session: Session, client: Client, with_contacts: bool, by: Actor) -> list[Contact]:
    """The client leaves all choices and searches; with `with_contacts` its active contacts go along.

    Returns the contacts that went along. Nothing is deleted.
    """
    if not client.is_active:
        return []
    client.is_active = False
    note_switch(client, by)
    gone = [contact for contact in client.contacts if contact.is_active] if with_contacts else []
    for contact in gone:
        contact.is_active, contact.left_with_client = False, True
    session.flush()
    return gone


def reactivate(session: Session, client: Client, by: Actor) -> list[Contact]:
    """The client comes back whole, with exactly the contacts that went along. Returns those."""
    if client.is_active:
        return []
    client.is_active = True
    back = note_switch(client, by)
    session.flush()
    return back
