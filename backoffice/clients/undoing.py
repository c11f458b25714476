"""How changes of clients, contacts and addresses are taken back: by the rules and transitions of their screens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from backoffice.clients import moving, removal, services, switching
from backoffice.clients.cards import ape_folder
from backoffice.clients.models import Address, Client, Contact
from backoffice.core import audit, undoing
from backoffice.core.audit import Actor
from backoffice.core.problems import Problem, errors
from backoffice.core.undoing import Change, Person, Way

_GONE = _("Cette société n’existe plus.")


def _may(user: Person, change: Change, changes: Sequence[Change], _record: Any) -> bool:
    """Whoever may write clients; a switch also whoever may switch them, with the contacts that went along."""
    if user.can("client.write"):
        return True
    switched = {other.ref for other in changes if other.ref[0] == "client" and other.is_only("is_active")}
    return user.can("client.switch") and change.is_only("is_active") and change.owner in switched


# ------------------------------------------------------------------------------------------ clients


def _check_client(session: Session, client: Client) -> Iterable[Problem]:
    problems = services.check_client(session, client, ape_folder())
    if not errors(problems):
        services.free_exchanged_emails(session, client)
    return problems


def _switch_client(session: Session, client: Client, is_active: Any, by: Actor) -> None:
    client.is_active = is_active
    switching.note_switch(client, by)


# ----------------------------------------------------------------------------------------- contacts


def _is_switched(client: Client) -> bool:
    return bool(inspect(client).attrs.is_active.history.has_changes())


def _check_contact(session: Session, contact: Contact) -> Iterable[Problem]:
    """One that goes where its client goes is asked with it."""
    if not inspect(contact.client).persistent or _is_switched(contact.client):
        return ()
    left = contact.left_with_client
    found = services.check_contact(session, contact)
    if not inspect(contact).persistent:
        contact.left_with_client = left  # it comes back as it was, and was not switched by hand
    return found


def _switch_contact(session: Session, contact: Contact, is_active: Any, by: Actor) -> None:
    contact.is_active = is_active
    contact.left_with_client = not is_active and not contact.client.is_active and _is_switched(contact.client)


def _move_back(session: Session, contact: Contact, client_id: Any, by: Actor) -> Problem | None:
    to = session.get(Client, client_id)
    if to is None:
        return Problem("client", _GONE)
    return moving.move_contact(session, contact, to, by, instead_of=contact.client_id)


def _refuse_contact(session: Session, contact: Contact) -> Problem | None:
    if services.is_main(contact):
        return Problem("main_contact", services.CHOOSE_ANOTHER_MAIN, subject=contact)
    return removal.refusal(session, contact)


def _remove_contact(session: Session, contact: Contact) -> None:
    client = contact.client
    client.contacts.remove(contact)
    _remove_from(session, contact, client)


# ---------------------------------------------------------------------------------------- addresses


def _check_address(_session: Session, address: Address) -> Iterable[Problem]:
    return services.check_address(address)


def _refuse_address(_session: Session, address: Address) -> Problem | None:
    if address.client.billing_address is not address:
        return None
    return Problem("billing_address", services.CHOOSE_ANOTHER_DEFAULT, subject=address)


def _remove_address(session: Session, address: Address) -> None:
    client = address.client
    client.addresses.remove(address)
    _remove_from(session, address, client)


def _remove_from(session: Session, record: Any, client: Client) -> None:
    session.delete(record)
    audit.touch(client)


def _touch_client(_session: Session, record: Any) -> None:
    """Forms of the client that were opened before are old ones."""
    if inspect(record.client).persistent:
        audit.touch(record.client)


WAYS = (
    Way(
        Client,
        _may,
        _check_client,
        services.refuse_delete_client,
        services.delete_client,
        along=lambda client: (*client.contacts, *client.addresses),
        sets={"is_active": _switch_client},
        always="name",
        trash=undoing.all_for("client.write"),
    ),
    Way(
        Contact,
        _may,
        _check_contact,
        _refuse_contact,
        _remove_contact,
        sets={"is_active": _switch_contact, "client_id": _move_back},
        settle=_touch_client,
        is_part=True,
        always="email",
        trash=undoing.all_for("client.write"),
    ),
    Way(
        Address,
        _may,
        _check_address,
        _refuse_address,
        _remove_address,
        settle=_touch_client,
        is_part=True,
        always="label",
        trash=undoing.all_for("client.write"),
    ),
)


def register() -> None:
    """Let them be taken back."""
    for way in WAYS:
        undoing.register(way)
