"""A contact as a vCard 3.0 (RFC 2426), the version that every address book reads."""

from __future__ import annotations

import vobject  # type: ignore[import-untyped]

from backoffice.clients.models import Client, Contact
from backoffice.core.countries import country_name

#: Which phone is which, as address books name them.
_PHONES = {
    "direct_phone": ["WORK", "VOICE"],
    "mobile_phone": ["CELL", "VOICE"],
    "switchboard_phone": ["WORK", "PREF", "VOICE"],
}


def vcard_of(contact: Contact) -> str:
    """The text of the card; the company's main address is where the contact works."""
    client, card = contact.client, vobject.vCard()
    civility = str(contact.civility) if contact.civility is not None else ""
    card.add("n").value = vobject.vcard.Name(
        family=contact.last_name or "", given=contact.first_name or "", prefix=civility
    )
    card.add("fn").value = contact.full_name
    card.add("org").value = [client.name]
    if contact.job_title:
        card.add("title").value = contact.job_title
    email = card.add("email")
    email.value, email.type_param = contact.email, ["INTERNET", "WORK"]
    _add_phones(card, contact)
    _add_address(card, client)
    if client.website:
        card.add("url").value = client.website
    text: str = card.serialize()
    return text


def _add_phones(card: vobject.base.Component, contact: Contact) -> None:
    for name, kinds in _PHONES.items():
        if number := getattr(contact, name):
            phone = card.add("tel")
            phone.value, phone.type_param = number, kinds


def _add_address(card: vobject.base.Component, client: Client) -> None:
    if not any((client.street, client.street2, client.postal_code, client.city)):
        return
    address = card.add("adr")
    address.value = vobject.vcard.Address(
        street="\n".join(filter(None, (client.street, client.street2))),
        city=client.city or "",
        code=client.postal_code or "",
        country=country_name(client.country),
    )
    address.type_param = ["WORK"]
