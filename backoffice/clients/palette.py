"""What the search over everything finds of clients and contacts: names that begin so at once, by their index, then
SIREN and e-mails by theirs, and those that the words speak of otherwise, from one bounded look into the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import g, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from backoffice.admin import palette
from backoffice.admin.palette import Action, Hit, Provider
from backoffice.clients import queries, visits
from backoffice.clients.models import Client, Contact
from backoffice.core.text import fold
from backoffice.core.validators.email import email_key

#: So many clients are read out of the texts at most, and from so many letters on.
_CANDIDATES = 200
_FEWEST_LETTERS = 2
_FEWEST_DIGITS = 5


def clients(session: Session, words: str, most: int) -> Sequence[Hit]:
    """Active clients whose name begins so."""
    return list(map(_of_client, _named_clients(session, words, most)))


def more_clients(session: Session, words: str, most: int) -> Sequence[Hit]:
    """After those the active clients found by a number, another word, a town, a phone or a contact."""
    found = list(_named_clients(session, words, most))
    digits = "".join(fold(words).split())
    if len(found) < most and digits.isdecimal() and len(digits) >= _FEWEST_DIGITS:
        _add(found, session.scalars(queries.numbered(digits).limit(most)))
    if len(found) < most and (ids := _candidates(session, words)):
        others = queries.active_among(ids).where(Client.id.not_in([client.id for client in found]))
        found += session.scalars(others.limit(most - len(found)))
    return list(map(_of_client, found[:most]))


def contacts(session: Session, words: str, most: int) -> Sequence[Hit]:
    """Active contacts of active clients whose name begins so, whichever part of it comes first."""
    return list(map(_of_contact, _named_contacts(session, words, most)))


def more_contacts(session: Session, words: str, most: int) -> Sequence[Hit]:
    """After those the contacts found by their e-mail, another word of their name or a phone."""
    found = list(_named_contacts(session, words, most))
    if len(found) < most and "@" in words:
        _add(found, session.scalars(queries.reached_at(email_key(words.strip())).limit(most)))
    if len(found) < most and (ids := _candidates(session, words)):
        others = queries.contacts_spoken_of(words, ids)
        others = others.where(Contact.id.not_in([contact.id for contact in found]))
        found += session.scalars(others.limit(most - len(found)))
    return list(map(_of_contact, found[:most]))


def _add(found: list[Any], others: Iterable[Any]) -> None:
    found += [other for other in others if other not in found]


def _named_clients(session: Session, words: str, most: int) -> Sequence[Client]:
    folded = fold(words)
    return session.scalars(queries.named_from_start(folded).limit(most)).all() if folded else ()


def _named_contacts(session: Session, words: str, most: int) -> Sequence[Contact]:
    first, *more = fold(words).split() or [""]
    if not first:
        return ()
    found: dict[int, Contact] = {}
    # Names are kept with the last name first.
    for asked in dict.fromkeys((" ".join((first, *more)), " ".join((*more, first)))):
        found |= {one.id: one for one in session.scalars(queries.contacts_from_start(asked).limit(most))}
    return list(found.values())[:most]


def recent(session: Session, words: str, most: int) -> Sequence[Hit]:
    """Before anything is typed: the clients whose cards one has opened last."""
    opened = session.scalars(visits.opened_lately(current_user.id).limit(most - 1)) if not words else ()
    return [_of_client(client) for client in opened]


def _candidates(session: Session, words: str) -> list[int]:
    """Clients that the words speak of, asked once for all who search by them."""
    if len(fold(words)) < _FEWEST_LETTERS:
        return []
    known: dict[str, list[int]] = g.setdefault("palette_candidates", {})
    if words not in known:
        found = queries.candidates(words)
        known[words] = list(session.scalars(found.limit(_CANDIDATES))) if found is not None else []
    return known[words]


def _of_client(client: Client) -> Hit:
    return Hit(client.name, url_for("client.details_view", id=client.id), client.city or "")


def _of_contact(contact: Contact) -> Hit:
    note = " · ".join(filter(None, (contact.job_title, contact.client.name)))
    return Hit(contact.full_name, url_for("contact.details_view", id=contact.id), note)


def _all_of(endpoint: str, label: Any) -> Any:
    def all_of(words: str) -> Hit:
        return Hit(str(label) % {"words": words}, url_for(endpoint, search=words))

    return all_of


def register() -> None:
    """Offer clients and contacts, and what one begins with them."""
    all_clients = _all_of("client.index_view", _("Chercher « %(words)s » dans la liste des clients"))
    all_contacts = _all_of("contact.index_view", _("Chercher « %(words)s » dans la liste des contacts"))
    read = "client.read"
    palette.register(Provider("clients", _("Clients"), clients, read, 10, all_clients, more_clients))
    palette.register(Provider("contacts", _("Contacts"), contacts, read, 20, all_contacts, more_contacts))
    palette.register(Provider("recent", _("Ouverts récemment"), recent, read, 90))
    words = _("ajouter créer société")
    palette.register(Action("client.new", _("Nouveau client"), "/client/new/", "client.write", words, 10))
