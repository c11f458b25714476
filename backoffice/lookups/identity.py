"""How the identity of the office stands at the head of what it sends: quotes, invoices, and their preview."""

from __future__ import annotations

from typing import NamedTuple

from flask_babel import gettext as _

from backoffice.core.countries import FRANCE, country_name
from backoffice.core.validators.iban import show_iban
from backoffice.core.validators.siren import show_siren
from backoffice.core.validators.vat import show_vat
from backoffice.lookups.models import OfficeSettings


class Identity(NamedTuple):
    """What `lookups/identity.html` prints."""

    name: str
    lines: list[str]
    legal: str
    iban: str


def identity(office: OfficeSettings, language: str = "fr") -> Identity:
    """The printed form of the settings; the country only when it is not France."""
    town = " ".join(filter(None, (office.postal_code, office.city)))
    abroad = country_name(office.country, language) if office.country != FRANCE else ""
    numbers = (
        ("SIREN", show_siren(office.siren)),
        (_("TVA"), show_vat(office.vat_number)),
    )
    return Identity(
        name=office.company_name or "",
        lines=[line for line in (office.street, office.street2, town, abroad) if line],
        legal=" · ".join(f"{word} {number}" for word, number in numbers if number),
        iban=show_iban(office.iban),
    )
