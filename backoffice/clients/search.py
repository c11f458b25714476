"""What a client is found by: name, town, identifiers, phone, and names, e-mails and phones of its contacts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from backoffice.clients import queries
from backoffice.clients.models import Client, Contact
from backoffice.core import search_text
from backoffice.core.text import name_tokens, search_tokens
from backoffice.core.validators.phone import phone_tokens

KIND = "client"


def client_words(row: Any) -> Iterable[str]:
    """The words of one client, from its own columns."""
    yield from name_tokens(row.name)
    yield from search_tokens(row.city or "")
    for number in (row.siret, row.siren, row.vat_number):
        if number:
            yield from search_tokens(number)
    yield from phone_tokens(row.phone)


def contact_words(row: Any) -> Iterable[str]:
    """The words that one contact gives to its client."""
    yield from name_tokens(" ".join(filter(None, (row.first_name, row.last_name))))
    yield from email_words(row.email)
    for phone in (row.direct_phone, row.mobile_phone, row.switchboard_phone):
        yield from phone_tokens(phone)


def email_words(email: str) -> Iterable[str]:
    """An address is found by its parts: `jean.martin@exemple.fr` as jean, martin, exemple, fr."""
    return search_tokens(email)


def _own(session: Session, ids: Sequence[int]) -> Mapping[int, Iterable[str]]:
    return {
        row.id: list(client_words(row)) for row in session.execute(queries.search_columns_of_clients(ids))
    }


def _of_contacts(session: Session, ids: Sequence[int]) -> Mapping[int, Iterable[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in session.execute(queries.search_columns_of_contacts(ids)):
        found[row.client_id].extend(contact_words(row))
    return found


def register() -> None:
    """Tell the search what a client's text is made of, and what makes it stale."""
    search_text.contribute(KIND, _own)
    search_text.contribute(KIND, _of_contacts)
    search_text.depends(KIND, Client, lambda client: client.id)
    search_text.depends(KIND, Contact, lambda contact: contact.client_id)
