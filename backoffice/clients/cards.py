"""What the card of a client shows beside the record itself."""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

from flask import current_app, request
from flask_babel import lazy_gettext as _
from flask_babel import to_user_timezone
from markupsafe import Markup
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from backoffice.admin.formats import country, show
from backoffice.admin.tabs import Tab, counts_of, panels_of, register, register_number
from backoffice.clients import queries
from backoffice.clients.models import VAT_REGIMES, Client, Contact
from backoffice.clients.shapes import HasAddress
from backoffice.core.ape import FOLDER, ape_label
from backoffice.core.db import db, now
from backoffice.core.text import MAX_QUERY_LENGTH
from backoffice.core.validators.phone import phone_link, show_phone
from backoffice.core.validators.siren import show_siren
from backoffice.core.validators.siret import show_siret
from backoffice.core.validators.vat import show_vat
from backoffice.core.validators.website import show_website
from backoffice.lookups import services as lookups
from backoffice.lookups.models import PaymentTerm

#: A card begins with so many contacts and addresses, brings the others by fifties, and leaves the rest to search.
ROWS_SHOWN = 10
ADDRESSES_SHOWN = 5
ROWS_MORE = 50
ROWS_MOST = 200
#: The ways (mails and phones) by which the first contacts of a card are reached, together.
MOST_WAYS = 30
DIRECTORY = "https://annuaire-entreprises.data.gouv.fr"
VIES = "https://ec.europa.eu/taxation_customs/vies/"
#: Where the rows of the contacts go in a card that is shown already.
ROWS = {"HX-Retarget": "#contact-rows", "HX-Reselect": "#contact-rows", "HX-Reswap": "outerHTML show:none"}
LOADS = (
    joinedload(Client.type),
    joinedload(Client.language),
    joinedload(Client.payment_term),
    joinedload(Client.parent),
)
_SINGLE = ("type", "website", "phone", "parent")
_NUMBERS = ("siren", "vat_number", "ape_code", "account_code", "vat_regime", "payment_term", "language")
#: The facts that the card lets one edit in place, in the order of the card.
FACTS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in _SINGLE},
    "address": ("street", "street2", "postal_code", "city", "country"),
    "siret": ("siret", "shares_siret"),
    **{name: (name,) for name in _NUMBERS},
}


def ape_folder() -> Path:
    """Where this office keeps the nomenclatures of activities that it has loaded."""
    data: Path = current_app.extensions["settings"].data_dir
    return data / FOLDER


def record_tab(client: Client) -> dict[str, Any]:
    """Contacts with the main one first, subsidiaries, and the payment term that applies with its reason."""
    session = db.session()
    found = list(session.scalars(queries.subsidiaries(client.id)))
    counts = counts_of("client", client)
    contacts, addresses = counts["contacts"], counts["addresses"]
    return {
        **people(client, contacts),
        "contacts_in_all": contacts,
        "searches_contacts": contacts > ROWS_SHOWN,
        "addresses": read(queries.addresses_of(client), _wanted("addresses", ADDRESSES_SHOWN)),
        "addresses_in_all": addresses,
        "panels": panels_of("client", client),
        "vat_regimes": VAT_REGIMES,
        "is_awaited": client.last_activity_at > now(),
        "subsidiaries": found[: queries.SUBSIDIARIES_SHOWN],
        "more_subsidiaries": len(found) > queries.SUBSIDIARIES_SHOWN,
        "default_term": lookups.default_of(session, PaymentTerm),
        "ape_label": ape_label(client.ape_code, client.ape_nomenclature, ape_folder())
        if client.ape_code
        else None,
    }


def people(client: Client, in_all: int | None = None) -> dict[str, Any]:
    """The contacts that the card shows: the first ones, more when asked for, or those that a search finds.

    `in_all` is how many contacts there are, where that is known.
    """
    session, words = db.session(), request.args.get("who", "")[:MAX_QUERY_LENGTH].strip()
    found = queries.contacts_of(client, words)
    wanted = _wanted("contacts")
    shown = read(found.options(joinedload(Contact.civility)), wanted)
    if wanted == ROWS_SHOWN:
        shown = _not_too_heavy(shown)
    if in_all is None or words:
        in_all = session.scalar(select(func.count()).select_from(found.order_by(None).subquery()))
    return {
        "contacts": shown,
        "contacts_found": in_all,
        "who": words,
        "step": ROWS_MORE,
        "most": ROWS_MOST,
    }


def _not_too_heavy(contacts: list[Contact]) -> list[Contact]:
    """The first of these, fewer where each is reached in many ways: a page is opened at once, however full."""
    ways = accumulate(map(_ways, contacts))
    return [contact for contact, so_far in zip(contacts, ways, strict=True) if so_far <= MOST_WAYS]


def _ways(contact: Contact) -> int:
    phones = (contact.direct_phone, contact.mobile_phone, contact.switchboard_phone)
    return 1 + sum(map(bool, phones))


def read(statement: Select[Any], most: int) -> list[Any]:
    """The first records of a query."""
    return list(db.session.scalars(statement.limit(most)))


def _wanted(what: str, first: int = ROWS_SHOWN) -> int:
    """How many rows of these the address asks for: the first ones, or so many fifties."""
    asked = request.args.get(what, "")
    steps = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else 0
    return min(steps * ROWS_MORE, ROWS_MOST) or first


def link_to(address: str, text: str) -> Markup:
    """A link within the product."""
    return Markup('<a href="{}">{}</a>').format(address, text)


def link_out(address: str, text: str) -> Markup:
    """A link to the web, which learns nothing of us."""
    return Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(address, text)


def link_phone(stored: str, country: str) -> Markup:
    """A number that a click dials."""
    return link_to(phone_link(stored), show_phone(stored, country))


def lines(address: HasAddress, on_one: bool = False) -> Markup:
    """An address: the street, then (on a second line) the town with its country."""
    street = ", ".join(filter(None, (address.street, address.street2)))
    town = " ".join(filter(None, (address.postal_code, address.city)))
    where = ", ".join(filter(None, (town, country(address.country or ""))))
    return (Markup(", ") if on_one else Markup("<br>")).join(filter(None, (street, where)))


def reasoned(value: Any, why: Any) -> Markup:
    """A value, and softly why it is this one."""
    return Markup('{} <span class="soft">{}</span>').format(value, why)


def day(moment: datetime) -> str:
    """The day of a moment where the office is."""
    return show(to_user_timezone(moment).date())


def check_siren(siren: str) -> tuple[str, Any]:
    """Where anybody may look a SIREN up."""
    return f"{DIRECTORY}/entreprise/{siren}", _("le SIREN dans l’annuaire des entreprises (nouvel onglet)")


def check_siret(siret: str) -> tuple[str, Any]:
    """Where anybody may look a SIRET up."""
    return f"{DIRECTORY}/etablissement/{siret}", _("le SIRET dans l’annuaire des entreprises (nouvel onglet)")


def check_vat() -> tuple[str, Any]:
    """Where the Union tells whether a VAT number is valid. Its form has no address: the number is copied."""
    return VIES, _("le numéro de TVA dans VIES, une fois copié (nouvel onglet)")


FILTERS = {"siren": show_siren, "siret": show_siret, "vat": show_vat, "website": show_website, "day": day}
HELPERS = {
    "link_to": link_to,
    "link_out": link_out,
    "link_phone": link_phone,
    "country_name": country,
    "lines": lines,
    "reasoned": reasoned,
    "check_siren": check_siren,
    "check_siret": check_siret,
    "check_vat": check_vat,
    "phone_text": show_phone,
}


def contact_tab(contact: Contact) -> dict[str, Any]:
    """What others show beside a contact; the contact itself is loaded with its page."""
    return {"panels": panels_of("contact", contact)}


def register_tabs() -> None:
    """The first tab of each card."""
    register("client", Tab("record", _("Fiche"), "clients/tab_record.html", record_tab, position=10))
    register_number("client", "contacts", queries.number_of_contacts)
    register_number("client", "addresses", queries.number_of_addresses)
    register("contact", Tab("record", _("Fiche"), "clients/contact_record.html", contact_tab, position=10))
