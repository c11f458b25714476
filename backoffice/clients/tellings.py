"""How the history tells of clients, contacts and addresses."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from backoffice.admin.formats import country
from backoffice.admin.tellings import PERSON_FIELDS, Kind, person_name, tell_of
from backoffice.clients.models import Address, Client, Contact, shown_label
from backoffice.core.validators.phone import show_phone
from backoffice.core.validators.siren import show_siren
from backoffice.core.validators.siret import show_siret
from backoffice.core.validators.vat import show_vat
from backoffice.core.validators.website import show_website

CLIENT = Kind(
    Client,
    _("Société"),
    _("a créé la société %(name)s"),
    _("a modifié la société %(name)s"),
    _("a supprimé la société %(name)s"),
    lambda: Client.name,
    ("name",),
    "client.details_view",
    shows={
        "country": country,
        "phone": show_phone,
        "siren": show_siren,
        "siret": show_siret,
        "vat_number": show_vat,
        "website": show_website,
    },
    blanks={"billing_address_id": _("Adresse principale"), "payment_term_id": _("Délai par défaut")},
)
_CLIENT_SAYS: dict[str, Any] = {
    "is_active": {
        True: _("a réactivé la société %(name)s"),
        False: _("a désactivé la société %(name)s"),
    },
    "main_contact_id": _("a déplacé l’étoile : %(before)s → %(after)s"),
    "billing_address_id": _("a choisi l’adresse par défaut : %(before)s → %(after)s"),
    "contacts": _("a déplacé le contact %(before)s vers une autre société"),
}
_PHONES = dict.fromkeys(("direct_phone", "mobile_phone", "switchboard_phone"), show_phone)
CONTACT = Kind(
    Contact,
    _("Contacts"),
    _("a ajouté le contact %(name)s"),
    _("a modifié le contact %(name)s"),
    _("a supprimé le contact %(name)s"),
    lambda: person_name(Contact),
    PERSON_FIELDS,
    "contact.details_view",
    shows=_PHONES,
)
_CONTACT_SAYS: dict[str, Any] = {
    "is_active": {
        True: _("a réactivé le contact %(name)s"),
        False: _("a désactivé le contact %(name)s"),
    },
    "client_id": _("a déplacé le contact %(name)s : %(before)s → %(after)s"),
}
ADDRESS = Kind(
    Address,
    _("Adresses"),
    _("a ajouté l’adresse %(name)s"),
    _("a modifié l’adresse %(name)s"),
    _("a supprimé l’adresse %(name)s"),
    lambda: Address.label,
    ("label",),
    shows={"country": country, "label": shown_label},
)


def register() -> None:
    """Tell of them, in the order of the card."""
    tell_of(CLIENT, _CLIENT_SAYS)
    tell_of(CONTACT, _CONTACT_SAYS)
    tell_of(ADDRESS)
