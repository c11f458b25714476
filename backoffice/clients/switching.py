"""Active and inactive: a client leaves the choices and comes back whole. Services that flush; the edges commit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from backoffice.clients import queries
from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Actor
from backoffice.core.db import now


@dataclass
class Switched:
    """What a switch has done, and which clients it left as they were and why."""

    clients: list[Client] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    already: list[Client] = field(default_factory=list)
    changed: list[Client] = field(default_factory=list)
    missing: int = 0

    @property
    def versions(self) -> dict[int, int]:
        """How the clients stand now: what takes the switch back must find them so."""
        return {client.id: client.version for client in self.clients}


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


def deactivate(
    session: Session, client: Client, with_contacts: bool | Collection[int], by: Actor
) -> list[Contact]:
    """The client leaves all choices and searches; its active contacts go along, all of them or those named.

    Returns the contacts that went along. Nothing is deleted.
    """
    if not client.is_active:
        return []
    client.is_active = False
    note_switch(client, by)
    gone = [contact for contact in client.contacts if contact.is_active and _goes(contact, with_contacts)]
    for contact in gone:
        contact.is_active, contact.left_with_client = False, True
    session.flush()
    return gone


def _goes(contact: Contact, with_contacts: bool | Collection[int]) -> bool:
    return with_contacts if isinstance(with_contacts, bool) else contact.id in with_contacts


def reactivate(session: Session, client: Client, by: Actor) -> list[Contact]:
    """The client comes back whole, with exactly the contacts that went along. Returns those."""
    if client.is_active:
        return []
    client.is_active = True
    back = note_switch(client, by)
    session.flush()
    return back


def deactivate_all(
    session: Session,
    ids: Sequence[int],
    with_contacts: bool | Collection[int],
    by: Actor,
    as_of: Mapping[int, int] | None = None,
) -> Switched:
    """Deactivate several clients; `as_of` says in which version each must still be."""
    done = _sort_out(session, ids, as_of, is_active=False)
    for client in done.clients:
        done.contacts += deactivate(session, client, with_contacts, by)
    return done


def reactivate_all(
    session: Session, ids: Sequence[int], by: Actor, as_of: Mapping[int, int] | None = None
) -> Switched:
    """Bring several clients back, each with its contacts; `as_of` says in which version each must still be."""
    done = _sort_out(session, ids, as_of, is_active=True)
    for client in done.clients:
        done.contacts += reactivate(session, client, by)
    return done


def _sort_out(
    session: Session, ids: Sequence[int], as_of: Mapping[int, int] | None, is_active: bool
) -> Switched:
    """The clients that can be switched, locked in the order of their ids, apart from those that can't."""
    done = Switched()
    found = list(session.scalars(queries.locked_clients(ids)))
    for client in found:
        if client.is_active == is_active:
            done.already.append(client)
        elif as_of is not None and as_of.get(client.id) != client.version:
            done.changed.append(client)
        else:
            done.clients.append(client)
    done.missing = len(set(ids)) - len(found)
    return done
