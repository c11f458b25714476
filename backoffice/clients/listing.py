"""The list of clients: its columns, what it can be sorted and narrowed by."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import func
from sqlalchemy.orm import joinedload

from backoffice.admin import filters
from backoffice.admin.formats import breakable, country, pill, show, start_of, today, unbroken
from backoffice.admin.pager import Order
from backoffice.clients import cards, completing, forms, queries, quiet
from backoffice.clients.models import VAT_REGIMES, Client, Contact
from backoffice.core.validators.account_code import show_account_code
from backoffice.core.validators.phone import show_phone
from backoffice.core.validators.siren import show_siren
from backoffice.core.validators.siret import show_siret
from backoffice.core.validators.vat import show_vat
from backoffice.core.validators.website import show_website
from backoffice.lookups.models import CompanyType, Language, Source

COLUMNS = ("name", "type", "city", "siret", "main_contact", "is_active")
#: What a person may have shown beside, or in place of, these.
OPTIONAL_COLUMNS = (
    "phone",
    "website",
    "siren",
    "vat_number",
    "ape_code",
    "account_code",
    "vat_regime",
    "payment_term",
    "language",
    "parent",
    "created_at",
    "last_activity_at",
)
#: What a column shows of other tables, loaded when it is shown.
COLUMN_LOADS = {
    "type": joinedload(Client.type),
    "main_contact": joinedload(Client.main_contact),
    "payment_term": joinedload(Client.payment_term),
    "language": joinedload(Client.language),
    "parent": joinedload(Client.parent),
}


def quiet_since(days: int) -> datetime:
    """Whoever has been quiet for so many days has been so since this moment."""
    return start_of(today() - timedelta(days=days))


def _main_contact(view: Any, context: Any, client: Client, name: str) -> Markup:
    contact = client.main_contact
    called = contact.full_name if contact.full_name != contact.email else ""
    return Markup("{}<small>{}</small>").format(called, breakable(contact.email))


def _town(view: Any, context: Any, client: Client, name: str) -> Markup:
    return Markup("{}<small>{}</small>").format(show(client.city), country(client.country))


def _type(view: Any, context: Any, client: Client, name: str) -> Any:
    return Markup("<b class=tag>{}</b>").format(client.type) if client.type else show(None)


def _status(view: Any, context: Any, client: Client, name: str) -> Markup:
    if client.is_active:
        return Markup("<b class=pill>{}</b>").format(_("Active"))
    return pill(False, "", _("Inactive"))


def _website(view: Any, context: Any, client: Client, name: str) -> Any:
    if not client.website:
        return show(None)
    link = Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>')
    return link.format(client.website, show_website(client.website))


FORMATS = {
    "type": _type,
    "city": _town,
    "siret": lambda view, context, client, name: show(show_siret(client.siret)),
    "main_contact": _main_contact,
    "is_active": _status,
    "phone": lambda view, context, client, name: unbroken(show_phone(client.phone, client.country)),
    "website": _website,
    "siren": lambda view, context, client, name: unbroken(show_siren(client.siren)),
    "vat_number": lambda view, context, client, name: unbroken(show_vat(client.vat_number)),
    "account_code": lambda view, context, client, name: show(show_account_code(client.account_code)),
    "vat_regime": lambda view, context, client, name: str(VAT_REGIMES[client.vat_regime]),
    "last_activity_at": lambda view, context, client, name: cards.day(client.last_activity_at),
}
ORDERS = {
    "name": Order((Client.name_key,)),
    "city": Order((Client.city_key, Client.name_key)),
    "siret": Order((func.coalesce(Client.siret, ""),)),
    "type": Order((func.coalesce(CompanyType.label_key, ""), Client.name_key), (Client.type,)),
    "main_contact": Order((func.coalesce(Contact.name_key, ""),), (Client.main_contact,)),
    "is_active": Order((Client.is_active, Client.name_key)),
    "created_at": Order((Client.created_at,)),
    "last_activity_at": Order((Client.last_activity_at,)),
}
FILTERS = (
    filters.LookupFilter("type", _("Type"), lambda value: Client.type_id == value, CompanyType),
    filters.FoldedPrefixFilter(
        "city", _("Ville"), lambda value: Client.city_key.startswith(value, autoescape=True)
    ),
    filters.CountryFilter("country", _("Pays"), lambda value: Client.country == value),
    filters.ChoiceFilter(
        "vat_regime",
        _("Régime de TVA"),
        lambda value: Client.vat_regime == value,
        lambda: list(VAT_REGIMES.items()),
    ),
    filters.LookupFilter("language", _("Langue"), lambda value: Client.language_id == value, Language),
    filters.RecordFilter(
        "parent", _("Société mère"), lambda value: Client.parent_id == value, forms.ClientLoader()
    ),
    filters.LookupFilter("source", _("Source"), queries.contact_source_is, Source),
    filters.ChoiceFilter(
        "lacks", _("À compléter"), queries.lacks, lambda: [("any", _("tout")), *completing.LACKS.items()]
    ),
    filters.ChoiceFilter(
        "quiet",
        _("Sans activité depuis"),
        lambda days: quiet.is_quiet(Client, quiet_since(int(days))),
        lambda: list(quiet.SPANS.items()),
    ),
    filters.DayFilter(
        "quiet_from",
        _("Sans activité depuis le"),
        lambda day: quiet.is_quiet(Client, start_of(day)),
    ),
    filters.DayFilter("created_from", _("Créé à partir du"), lambda day: Client.created_at >= start_of(day)),
    filters.DayFilter(
        "created_to",
        _("Créé jusqu'au"),
        lambda day: Client.created_at < start_of(day + timedelta(days=1)),
    ),
)
#: The filters that have a chip of their own; the others stand behind "+ Filtre".
FRONT_FILTERS = ("type", "city", "country", "vat_regime")
