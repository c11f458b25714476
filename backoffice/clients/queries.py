"""What is asked of clients, contacts and addresses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, false, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, selectinload

from backoffice.clients import completing, quiet
from backoffice.clients.models import Address, Client, Contact
from backoffice.core import search_text
from backoffice.core.search_index import Search
from backoffice.core.text import search_terms

#: No choice of a form within a client names more than this.
MOST_OFFERED = 200
#: A SIREN has so many digits; a longer number that begins with one is a SIRET.
SIREN_LENGTH = 9
#: How many subsidiaries a card names.
SUBSIDIARIES_SHOWN = 20


def active_clients() -> Select[Client]:
    """The clients that may be chosen or found."""
    return select(Client).where(Client.is_active)


def active_client_ids() -> Select[int]:
    """The ids of the active clients."""
    return select(Client.id).where(Client.is_active)


def quiet_client_ids(since: datetime) -> Select[int]:
    """The ids of the active clients with whom nothing has happened since then."""
    return active_client_ids().where(quiet.is_quiet(Client, since))


def found_by_name(folded: str, most: int) -> Select[Client]:
    """Active clients whose name has words that begin so, for a choice list."""
    found = active_clients()
    if folded:
        found = found.where(named_like(folded))
    return found.order_by(Client.name_key, Client.id).limit(most)


def email_holders(keys: Collection[str], but_contacts: Collection[int]) -> Select[Any]:
    """The contacts, active or not, that hold one of these e-mail keys, with their clients."""
    return (
        select(Contact)
        .join(Contact.client)
        .options(contains_eager(Contact.client))
        .where(Contact.email_key.in_(keys), Contact.id.not_in(but_contacts))
    )


def other_client(condition: ColumnElement[bool], but_client: int | None) -> Select[Client]:
    """The first client, other than this one, of which the condition holds."""
    return select(Client).where(condition, Client.id != (but_client or 0)).order_by(Client.id).limit(1)


def is_above(client_id: int, start_id: int) -> Select[Any]:
    """Is this client found by climbing from `start_id` to its parent companies? (UNION ends a loop.)"""
    chain = select(Client.id, Client.parent_id).where(Client.id == start_id).cte("chain", recursive=True)
    above = aliased(Client)
    chain = chain.union(select(above.id, above.parent_id).join(chain, above.id == chain.c.parent_id))
    return select(chain.c.id).where(chain.c.id == client_id)


def subsidiaries(client_id: int) -> Select[Client]:
    """The first subsidiaries of a client, by name; one more than are shown, to tell that there are more."""
    return (
        select(Client)
        .where(Client.parent_id == client_id)
        .order_by(Client.name_key, Client.id)
        .limit(SUBSIDIARIES_SHOWN + 1)
    )


def has_subsidiary(client_id: int) -> Select[int]:
    """Any subsidiary of this client."""
    return select(Client.id).where(Client.parent_id == client_id).limit(1)


def locked_client(client_id: int) -> Select[Client]:
    """The client with its row locked until the end of the transaction, as fresh as the lock."""
    return (
        select(Client)
        .where(Client.id == client_id)
        .with_for_update(of=Client, key_share=True)
        .execution_options(populate_existing=True)
    )


def fresh_contact(contact_id: int) -> Select[Contact]:
    """The contact as it is now, whatever the session remembers of it."""
    return select(Contact).where(Contact.id == contact_id).execution_options(populate_existing=True)


def locked_clients(ids: Collection[int]) -> Select[Client]:
    """These clients with their contacts, locked in the order of their ids, so that no two requests wait for each other."""
    return (
        select(Client)
        .where(Client.id.in_(ids))
        .order_by(Client.id)
        .options(selectinload(Client.contacts))
        .with_for_update(of=Client, key_share=True)
        .execution_options(populate_existing=True)
    )


def clients_to_switch(ids: Collection[int], to_active: bool) -> Select[Client]:
    """Those of these clients that a switch would change, by name."""
    switched = Client.is_active != to_active
    return select(Client).where(Client.id.in_(ids), switched).order_by(Client.name_key, Client.id)


def contacts_to_switch(client_ids: Collection[int], to_active: bool) -> Select[int]:
    """How many contacts of these clients can go along with them, or come back with them."""
    goes = Contact.left_with_client if to_active else Contact.is_active
    return select(func.count(Contact.id)).where(Contact.client_id.in_(client_ids), goes)


def search_columns_of_clients(ids: Collection[int]) -> Any:
    """What a client itself is found by."""
    return select(
        Client.id, Client.name, Client.city, Client.siret, Client.siren, Client.vat_number, Client.phone
    ).where(Client.id.in_(ids))


def search_columns_of_contacts(client_ids: Collection[int]) -> Any:
    """What a client is found by through its contacts."""
    return select(
        Contact.client_id,
        Contact.first_name,
        Contact.last_name,
        Contact.email,
        Contact.direct_phone,
        Contact.mobile_phone,
        Contact.switchboard_phone,
    ).where(Contact.client_id.in_(client_ids))


def contact_source_is(source_id: int) -> Any:
    """Clients one of whose contacts comes from this source."""
    return Client.id.in_(select(Contact.client_id).where(Contact.source_id == source_id))


def lacks(kind: str) -> ColumnElement[bool]:
    """Active clients whose record lacks this, or ("any") anything."""
    return completing.incomplete(Client) if kind == "any" else completing.lacking(Client, kind)


def named_like(folded: str) -> Any:
    """Clients whose folded name begins so, or has a word that does."""
    return _begins_a_word(Client.name_key, folded)


def found_contacts(query: str) -> ColumnElement[bool]:
    """Contacts that a search finds: among those of the clients that it finds, the ones that its words speak of.

    Each word must begin a word of the contact's name or of its client's, or stand in its e-mail or a phone.
    """
    search = Search(Client.__tablename__, query)
    if not search:
        return false()
    spoken_of = (or_(*(_speaks_of(word) for word in words)) for words in search_terms(query))
    return and_(Contact.client_id.in_(search.ids), *spoken_of)


def candidates(query: str) -> Select[int] | None:
    """The ids of clients that a search finds, in no order; None when it holds no word."""
    search = Search(Client.__tablename__, query)
    return search.ids if search else None


def numbered(digits: str) -> Select[Client]:
    """Active clients whose SIREN, or SIRET, begins with these digits."""
    column = Client.siren if len(digits) <= SIREN_LENGTH else Client.siret
    return active_clients().where(search_text.begins_with(column, digits)).order_by(column, Client.id)


def reached_at(email: str) -> Select[Contact]:
    """Active contacts whose e-mail begins so: asked of its index by what stands before the last dot or @."""
    known = search_text.begins_with(Contact.email_key, email.rstrip("@._+-"))
    return _reachable_contacts().where(known, Contact.email_key.startswith(email, autoescape=True))


def named_from_start(folded: str) -> Select[Client]:
    """Active clients whose name begins so, by name."""
    named = active_clients().where(search_text.begins_with(Client.name_key, folded))
    return named.order_by(Client.name_key, Client.id)


def active_among(ids: Collection[int]) -> Select[Client]:
    """Those of these clients that are active, by name."""
    return active_clients().where(Client.id.in_(ids)).order_by(Client.name_key, Client.id)


def contacts_from_start(folded: str) -> Select[Contact]:
    """Active contacts whose name, the last one first, begins so."""
    return _reachable_contacts().where(search_text.begins_with(Contact.name_key, folded))


def contacts_spoken_of(query: str, client_ids: Collection[int]) -> Select[Contact]:
    """Active contacts of these clients of whom every word of a search speaks, one of them of the person alone."""
    terms = search_terms(query)
    spoken_of = (or_(*(_speaks_of(word) for word in words)) for words in terms)
    meant = or_(*(_is_meant(word) for words in terms for word in words))
    return _reachable_contacts().where(Contact.client_id.in_(client_ids), *spoken_of, meant)


def _reachable_contacts() -> Select[Contact]:
    found = select(Contact).join(Contact.client).options(contains_eager(Contact.client))
    return found.where(Contact.is_active, Client.is_active).order_by(Contact.name_key, Contact.id)


def _speaks_of(word: str) -> ColumnElement[bool]:
    return or_(_is_spoken_of(word), Contact.client.has(_begins_a_word(Client.name_key, word)))


def _is_spoken_of(word: str) -> ColumnElement[bool]:
    """Does the word stand in the name, the e-mail or a phone of the contact itself?"""
    return or_(_is_meant(word), Contact.email_key.contains(word, autoescape=True))


def _is_meant(word: str) -> ColumnElement[bool]:
    """As above, but for the end of an e-mail: all who work at a company share it."""
    phones = (Contact.direct_phone, Contact.mobile_phone, Contact.switchboard_phone)
    dialled = word.lstrip("0") if word.isdigit() else ""
    return or_(
        _begins_a_word(Contact.name_key, word),
        Contact.email_key.startswith(word, autoescape=True),
        *(phone.contains(dialled) for phone in phones if dialled),
    )


def _begins_a_word(column: Any, word: str) -> ColumnElement[bool]:
    return or_(column.startswith(word, autoescape=True), column.contains(f" {word}", autoescape=True))


def contacts_of(client: Client, words: str = "") -> Select[Contact]:
    """The contacts of a client: the main one first, inactive ones last; those that the words speak of."""
    ordered = (
        select(Contact)
        .where(Contact.client_id == client.id)
        .order_by(Contact.id != client.main_contact_id, ~Contact.is_active, Contact.name_key, Contact.id)
    )
    spoken_of = (
        or_(*map(_is_spoken_of, found), *map(func.lower(Contact.job_title).contains, found))
        for found in search_terms(words)
    )
    return ordered.where(*spoken_of)


def contacts_offered(client: Client) -> Select[Contact]:
    """The active contacts of a client that a form offers, the main one first."""
    found = select(Contact).where(Contact.client_id == client.id, Contact.is_active)
    ordered = found.order_by(Contact.id != client.main_contact_id, Contact.name_key, Contact.id)
    return ordered.limit(MOST_OFFERED)


def addresses_of(client: Client) -> Select[Address]:
    """The further addresses of a client, the default one first."""
    others = select(Address).where(Address.client_id == client.id)
    return others.order_by(Address.id != func.coalesce(client.billing_address_id, 0), Address.id)


def number_of_contacts(client: Client) -> ScalarSelect[int]:
    """How many contacts a client has."""
    return _number(Contact.client_id == client.id)


def number_of_addresses(client: Client) -> ScalarSelect[int]:
    """How many further addresses a client has."""
    return _number(Address.client_id == client.id)


def _number(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(condition).scalar_subquery()
