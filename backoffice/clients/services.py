"""What touches a client with its contacts and addresses. Every function flushes at most; the edges commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import String, cast, inspect, literal, text, update
from sqlalchemy.orm import Session

from backoffice.clients import queries, removal
from backoffice.clients.models import BILLING_LABEL, Address, Client, Contact
from backoffice.clients.rules import (
    ADDRESS_CLEANERS,
    ADDRESS_RULES,
    CLIENT_CLEANERS,
    CONTACT_CLEANERS,
    CONTACT_RULES,
    client_rules,
)
from backoffice.core import audit
from backoffice.core.ape import nomenclature_of
from backoffice.core.audit import Actor
from backoffice.core.problems import Problem, RecordRef, check, errors
from backoffice.lookups import services as lookups

CHOOSE_ANOTHER_MAIN = _("Choisissez d'abord un autre contact principal.")
CHOOSE_ANOTHER_DEFAULT = _("Choisissez d'abord une autre adresse par défaut.")
ANOTHER_MAIN_SINCE = _("Le contact principal a changé entre-temps : rien n'a été annulé.")
ANOTHER_DEFAULT_SINCE = _("L'adresse par défaut a changé entre-temps : rien n'a été annulé.")
#: One lock for all changes of parent companies: two halves of a loop could each be right alone.
_PARENT_LOCK = 4_110_001


def check_client(session: Session, client: Client, ape_folder: Path | None = None) -> list[Problem]:
    """Clean a client with its contacts and addresses, and say everything that is wrong with them.

    `ape_folder` holds the nomenclatures of activities that the office has loaded beside the packaged one.
    """
    office = lookups.office(session)
    problems = check(client, client_rules(office.account_prefix, ape_folder), CLIENT_CLEANERS)
    client.ape_nomenclature = nomenclature_of(client.ape_code, ape_folder) if client.ape_code else None
    for contact in client.contacts:
        problems += check(contact, CONTACT_RULES, CONTACT_CLEANERS)
    for address in client.addresses:
        if address is client.billing_address:
            continue  # asked by `bill_as_asked`, whose fields are others
        problems += check(address, ADDRESS_RULES, ADDRESS_CLEANERS)
    return [
        *problems,
        *_taken_emails(session, [one for one in client.contacts if _is_sound(one, "email", problems)]),
        *(_taken_siret(session, client) if _is_sound(client, "siret", problems) else ()),
        *(_shared_account_code(session, client) if _is_sound(client, "account_code", problems) else ()),
        *_parent_loop(session, client),
        *_main_contact(client),
        *removal.refused_rows(session, client, _removed(session)),
    ]


def check_contact(session: Session, contact: Contact) -> list[Problem]:
    """What is wrong with one contact, saved by itself."""
    problems = check(contact, CONTACT_RULES, CONTACT_CLEANERS)
    problems += _taken_emails(session, [contact] if _is_sound(contact, "email", problems) else [])
    if inspect(contact).attrs.is_active.history.has_changes():
        if is_main(contact) and not contact.is_active:
            problems.append(Problem("is_active", CHOOSE_ANOTHER_MAIN, subject=contact))
        contact.left_with_client = False  # switched by hand: it no longer goes where its client goes
    return problems


def check_address(address: Address) -> list[Problem]:
    """What is wrong with one address, saved by itself."""
    return check(address, ADDRESS_RULES, ADDRESS_CLEANERS)


def _is_sound(subject: object, field: str, problems: Iterable[Problem]) -> bool:
    """Refused text is not asked for in the database: it may hold what a query cannot (NUL)."""
    return all(found.subject is not subject or found.field != field for found in errors(problems))


def _taken_emails(session: Session, contacts: Iterable[Contact]) -> Iterator[Problem]:
    with_address = [contact for contact in contacts if contact.email]
    if not with_address:
        return
    own = [contact.id for contact in (*with_address, *_removed(session)) if contact.id]
    keys = {contact.email_key for contact in with_address}
    holders = {holder.email_key: holder for holder in session.scalars(queries.email_holders(keys, own))}
    times = Counter(contact.email_key for contact in with_address)
    for contact in with_address:
        holder = holders.get(contact.email_key)
        if holder is not None:
            yield _taken_by(contact, holder)
        elif times[contact.email_key] > 1:
            message = _("Cette adresse est donnée à deux contacts de la fiche : gardez-la pour un seul.")
            yield Problem("email", message, code="email_twice", subject=contact)


def _removed(session: Session) -> list[Contact]:
    return [record for record in session.deleted if isinstance(record, Contact)]


def free_exchanged_emails(session: Session, client: Client) -> None:
    """Let contacts of one form hand their e-mails to one another, to a new one, or on being removed.

    The key is unique row by row, and rows are written one after the other: whoever gives an address away lets go
    of its key before the others take it. To be asked when nothing is refused, before the flush.
    """
    wanted = {contact.email_key for contact in client.contacts}
    giving = [contact for contact in _removed(session) if contact.email_key in wanted]
    for contact in client.contacts:
        before = inspect(contact).attrs.email_key.history.deleted
        if contact.id and before and before[0] in wanted:
            giving.append(contact)
    if giving:
        table: Any = Contact.__table__
        parked = literal("parked ") + cast(table.c.id, String)
        ids = [contact.id for contact in giving]
        session.execute(update(table).where(table.c.id.in_(ids)).values(email_key=parked))


def _taken_by(contact: Contact, holder: Contact) -> Problem:
    message = _(
        "Cette adresse est déjà celle de %(name)s : donnez-en une autre, ou ouvrez la fiche",
        name=holder.full_name,
    )
    link = RecordRef("client", holder.client_id, holder.client.name)
    return Problem("email", message, code="email_taken", subject=contact, record=link)


def _taken_siret(session: Session, client: Client) -> Iterator[Problem]:
    if not client.siret or client.shares_siret:
        return
    if not _is_changed(client, "siret") and not _is_changed(client, "shares_siret"):
        return  # it was here first: others that share it have said so
    holder = session.scalar(queries.other_client(Client.siret == client.siret, client.id))
    if holder is not None:
        message = _("Ce SIRET est déjà connu : cochez « Créer quand même », ou ouvrez la fiche")
        link = RecordRef("client", holder.id, holder.name)
        yield Problem("siret", message, code="siret_taken", subject=client, record=link)


def _shared_account_code(session: Session, client: Client) -> Iterator[Problem]:
    if not client.account_code or not _is_changed(client, "account_code"):
        return
    holder = session.scalar(queries.other_client(Client.account_code == client.account_code, client.id))
    if holder is not None:
        message = _("Ce compte comptable sert aussi à un autre client :")
        link = RecordRef("client", holder.id, holder.name)
        yield Problem("account_code", message, level="warning", subject=client, record=link)


def _parent_loop(session: Session, client: Client) -> Iterator[Problem]:
    if client.parent is None or not inspect(client).persistent or not _is_changed(client, "parent"):
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PARENT_LOCK})
    if session.scalar(queries.is_above(client.id, client.parent.id)) is not None:
        message = _(
            "%(name)s dépend déjà de cette société : choisissez une autre société mère.",
            name=client.parent.name,
        )
        yield Problem("parent", message, code="parent_loop", subject=client)


def _main_contact(client: Client) -> Iterator[Problem]:
    if not inspect(client).persistent:
        return
    main = client.main_contact
    if main not in client.contacts:
        yield Problem("contacts", CHOOSE_ANOTHER_MAIN, code="main_contact", subject=client)
    elif client.is_active and not main.is_active:
        yield Problem("is_active", CHOOSE_ANOTHER_MAIN, code="main_contact", subject=main)
    if client.billing_address is not None and client.billing_address not in client.addresses:
        yield Problem("addresses", CHOOSE_ANOTHER_DEFAULT, code="billing_address", subject=client)


def _is_changed(client: Client, attribute: str) -> bool:
    return not inspect(client).persistent or bool(inspect(client).attrs[attribute].history.has_changes())


def begin(client: Client, by: Actor) -> None:
    """Complete a client that is being created: its first contact is the main one, its author is noted."""
    if client.contacts:
        client.main_contact = client.contacts[0]
    client.created_by = by.name


def is_main(contact: Contact) -> bool:
    """Is this the main contact of its client?"""
    return contact.client is not None and contact.client.main_contact is contact


def is_default(address: Address) -> bool:
    """Do quotes and invoices start from this address?"""
    return address.client is not None and address.client.billing_address_id == address.id


def bill_as_asked(client: Client, to_main_address: bool, block: dict[str, Any]) -> list[Problem]:
    """Where quotes and invoices start from: the main address, or the one of this block.

    Back on the main address, the former billing address stays as another one.
    """
    if to_main_address:
        client.billing_address = None
        return []
    address = client.billing_address
    if address is None:
        address = Address(label=BILLING_LABEL)
        client.addresses.append(address)
        client.billing_address = address
    for name, value in block.items():
        setattr(address, name, value)
    problems = check(address, ADDRESS_RULES, ADDRESS_CLEANERS)
    if not any((address.street, address.postal_code, address.city)):
        message = _("Donnez l'adresse de facturation, ou cochez « Utiliser cette adresse ».")
        problems.append(Problem("street", message, code="billing_missing"))
    return [replace(found, field=f"billing_{found.field}", subject=client) for found in problems]


def move_star(session: Session, contact: Contact, by: Actor, instead_of: int | None = None) -> Problem | None:
    """Make this the main contact of its client; `instead_of` says who must still be it."""
    client = session.scalars(queries.locked_client(contact.client_id)).one()
    if instead_of not in (None, client.main_contact_id):
        return Problem("main_contact", ANOTHER_MAIN_SINCE, "warning")
    if not contact.is_active:
        return Problem(
            "is_active", _("Un contact inactif ne peut pas être le contact principal : réactivez-le d'abord.")
        )
    client.main_contact = contact
    audit.touch(client)
    session.flush()
    return None


def choose_default_address(
    session: Session, client_id: int, address: Address | None, by: Actor, instead_of: int | None = None
) -> Problem | None:
    """Quotes and invoices start from this address of the client, from its main one when None.

    `instead_of` says which one it must still be, 0 the main one.
    """
    client = session.scalars(queries.locked_client(client_id)).one()
    if instead_of not in (None, client.billing_address_id or 0):
        return Problem("billing_address", ANOTHER_DEFAULT_SINCE, "warning")
    client.billing_address = address
    audit.touch(client)
    session.flush()
    return None


def switch_contact(session: Session, contact: Contact, active: bool, by: Actor) -> Problem | None:
    """Activate or deactivate one contact; the main one of an active client stays."""
    client = session.scalars(queries.locked_client(contact.client_id)).one()
    if not active and is_main(contact):
        return Problem("is_active", CHOOSE_ANOTHER_MAIN)
    contact.is_active, contact.left_with_client = active, False
    audit.touch(client)
    session.flush()
    return None


def refuse_delete_contact(session: Session, contact: Contact) -> Problem | None:
    """The main contact can't be deleted, nor one that other records hang on."""
    session.scalars(queries.locked_client(contact.client_id)).one()
    if is_main(contact):
        return Problem("main_contact", CHOOSE_ANOTHER_MAIN)
    return removal.refusal(session, contact)


def refuse_delete_address(session: Session, address: Address) -> Problem | None:
    """The default address can't be deleted."""
    session.scalars(queries.locked_client(address.client_id)).one()
    return Problem("billing_address", CHOOSE_ANOTHER_DEFAULT) if is_default(address) else None


def refuse_delete_client(session: Session, client: Client) -> Problem | None:
    """Deleting is for mistakes: a client that other records hang on is deactivated instead."""
    return removal.refusal(session, client)


removal.guard(
    Client,
    lambda client: queries.has_subsidiary(client.id),
    _("Cette société a des filiales : désactivez-la plutôt que de la supprimer."),
)


def delete_client(session: Session, client: Client) -> None:
    """Delete a client with its contacts and addresses; each of them leaves its facts in the history."""
    for belonging in (*client.contacts, *client.addresses):
        session.delete(belonging)
    session.delete(client)
    session.flush()
