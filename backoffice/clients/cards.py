"""What the card of a client shows beside the record itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from backoffice.admin.formats import country
from backoffice.admin.tabs import Tab, register
from backoffice.clients import queries
from backoffice.clients.models import VAT_REGIMES, Client
from backoffice.core.ape import FOLDER, ape_label
from backoffice.core.db import db
from backoffice.core.validators.phone import phone_link, show_phone
from backoffice.core.validators.siren import show_siren
from backoffice.core.validators.siret import show_siret
from backoffice.core.validators.vat import show_vat
from backoffice.core.validators.website import show_website
from backoffice.lookups import services as lookups
from backoffice.lookups.models import PaymentTerm


def ape_folder() -> Path:
    """Where this office keeps the nomenclatures of activities that it has loaded."""
    data: Path = current_app.extensions["settings"].data_dir
    return data / FOLDER


def record_tab(client: Client) -> dict[str, Any]:
    """Contacts with the main one first, subsidiaries, and the payment term that applies with its reason."""
    session = db.session()
    found = list(session.scalars(queries.subsidiaries(client.id)))
    contacts = sorted(
        client.contacts, key=lambda contact: (contact is not client.main_contact, contact.name_key)
    )
    return {
        "contacts": contacts,
        "vat_regimes": VAT_REGIMES,
        "subsidiaries": found[: queries.SUBSIDIARIES_SHOWN],
        "more_subsidiaries": len(found) > queries.SUBSIDIARIES_SHOWN,
        "default_term": lookups.default_of(session, PaymentTerm),
        "ape_label": ape_label(client.ape_code, client.ape_nomenclature, ape_folder())
        if client.ape_code
        else None,
    }


def link_to(address: str, text: str) -> Markup:
    """A link within the product."""
    return Markup('<a href="{}">{}</a>').format(address, text)


def link_out(address: str, text: str) -> Markup:
    """A link to the web, which learns nothing of us."""
    return Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(address, text)


def link_phone(stored: str, country: str) -> Markup:
    """A number that a click dials."""
    return link_to(phone_link(stored), show_phone(stored, country))


FILTERS = {"siren": show_siren, "siret": show_siret, "vat": show_vat, "website": show_website}
HELPERS = {
    "link_to": link_to,
    "link_out": link_out,
    "link_phone": link_phone,
    "country_name": country,
}


def register_tabs() -> None:
    """The first tab of the card."""
    register("client", Tab("record", _("Fiche"), "clients/tab_record.html", record_tab, position=10))
