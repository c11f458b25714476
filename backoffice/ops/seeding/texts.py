"""The search text of a made-up client: what the clients' own feature would compose (a test compares them).

The slow parts are kept, the others taken apart by what is known of our own names, numbers and e-mails.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, pairwise

from backoffice.clients.search import client_words, contact_words
from backoffice.core.search_text import compose
from backoffice.ops.seeding.plan import ClientRow, ContactRow

_KEPT = 100_000
_SPACES = str.maketrans("@.-", "   ")


def text_of(client: ClientRow, contacts: Iterable[ContactRow]) -> str:
    """The words by which a client is found."""
    name = client.name_key.split()
    own = (
        name,
        (left + right for left, right in pairwise(name)),
        _town_words(client.city or ""),
        _numbers(client),
        _phone_words(client.phone),
    )
    return compose(chain(*own, *map(_contact_words, contacts)))


def _numbers(client: ClientRow) -> Iterable[str]:
    if client.siret and client.siren:
        yield from (client.siret, client.siren)
    if client.vat_number:
        yield from (client.vat_number.lower(), client.vat_number[2:])


def _contact_words(contact: ContactRow) -> Iterable[str]:
    yield from _person_words(contact.first_name, contact.last_name)
    yield from contact.email.translate(_SPACES).split()
    for phone in (contact.direct_phone, contact.mobile_phone, contact.switchboard_phone):
        yield from _phone_words(phone)


@lru_cache(maxsize=_KEPT)
def _town_words(town: str) -> tuple[str, ...]:
    return tuple(client_words(ClientRow(0, city=town)))


@lru_cache(maxsize=_KEPT)
def _phone_words(phone: str | None) -> tuple[str, ...]:
    return tuple(client_words(ClientRow(0, phone=phone)))


@lru_cache(maxsize=_KEPT)
def _person_words(first_name: str | None, last_name: str | None) -> tuple[str, ...]:
    return tuple(contact_words(ContactRow(0, 0, first_name=first_name, last_name=last_name)))
