"""What the forms of clients are made of beside their columns: billing block, pickers, layouts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_admin.form import BaseForm
from flask_admin.model.ajax import AjaxModelLoader
from flask_babel import lazy_gettext as _
from wtforms.validators import StopValidation

from backoffice.admin.conversion import fits
from backoffice.admin.fields import OFFERS, BoxField, CountryField, TextField
from backoffice.admin.layout import Cell, FirstRow, OtherRows, Section
from backoffice.admin.records import read_id
from backoffice.clients import cards, proposals, queries
from backoffice.clients.models import Address, Client, Contact
from backoffice.core.db import db
from backoffice.core.text import fold
from backoffice.core.validators.phone import show_phone
from backoffice.lookups.models import PaymentTerm

BILLING_FIELDS = ("street", "street2", "postal_code", "city", "country")
MOST_CHOICES = 20
PHONES = ("direct_phone", "mobile_phone", "switchboard_phone")


class Unstored:
    """A field of the form that is no column: the view reads it, the record never gets it."""

    def populate_obj(self, obj: Any, name: str) -> None:
        """Nothing to write."""


class UnstoredBox(Unstored, BoxField):
    pass


class UnstoredText(Unstored, TextField):
    pass


class UnstoredCountry(Unstored, CountryField):
    pass


def _billing(label: Any, name: str, kind: type = UnstoredText) -> Any:
    """A field of the billing block, as long as its column of the address that it becomes."""
    return kind(label, validators=[_counts_when_off, fits(Address.__table__.c[name])])


def _counts_when_off(form: Any, field: Any) -> None:
    """The billing block says nothing while invoices go to the main address."""
    if form.billing_same_address.data:
        raise StopValidation


EXTRA_FIELDS = {
    "billing_same_address": UnstoredBox(
        _("Utiliser cette adresse comme adresse de facturation"), default=True
    ),
    "billing_street": _billing(_("Adresse de facturation"), "street"),
    "billing_street2": _billing(_("Adresse de facturation 2"), "street2"),
    "billing_postal_code": _billing(_("Code postal de facturation"), "postal_code"),
    "billing_city": _billing(_("Ville de facturation"), "city"),
    "billing_country": _billing(_("Pays de facturation"), "country", UnstoredCountry),
}


class ClientLoader(AjaxModelLoader):
    """Active clients found as one types; what is chosen must be one of them. Always capped."""

    url = "/client/ajax/lookup/?name=parent"

    def __init__(self, name: str = "parent") -> None:
        super().__init__(name, {})

    def format(self, model: Any) -> tuple[int, str] | None:
        if model is None:
            return None
        return model.id, f"{model.name} ({model.city})" if model.city else model.name

    def get_one(self, pk: Any) -> Client | None:
        number = read_id(str(pk))
        return db.session.scalar(queries.active_clients().where(Client.id == number)) if number else None

    def named(self, pk: str) -> Client | None:
        """The client with this id, active or not, to name it."""
        number = read_id(pk)
        return db.session.get(Client, number) if number else None

    def get_list(self, query: str | None, offset: int | None = 0, limit: int | None = 0) -> list[Any]:
        return list(db.session.scalars(queries.found_by_name(fold((query or "")[:100]), MOST_CHOICES)))


def _billed(name: str, width: int, proposed: bool = False) -> Cell:
    return Cell(f"billing_{name}", width, opens_when_off="billing_same_address", proposed=proposed)


def _activity(form: Any) -> str:
    """What the code in the form stands for."""
    return proposals.activity_label(str(form.ape_code.data or ""), cards.ape_folder())


def _office_term(form: Any) -> Any:
    """Which term counts while none is negotiated."""
    office = next((choice.label for choice in OFFERS[PaymentTerm]() if choice.is_default), None)
    if office is None:
        return _("Prioritaire sur le délai par défaut des réglages.")
    return _("Prioritaire sur le délai par défaut (%(term)s).", term=office)


COMPANY = Section(
    _("Société"),
    Cell("name", 4, live="likely"),
    Cell("type", 2),
    "website",
    "phone",
    "parent",
    "language",
)
ADDRESS = Section(
    _("Adresse principale"),
    Cell("street", 6),
    Cell("street2", 6),
    Cell("postal_code", 2),
    Cell("city", 2, proposed=True),
    Cell("country", 2),
    Cell("billing_same_address", 6),
    _billed("street", 6),
    _billed("street2", 6),
    _billed("postal_code", 2),
    _billed("city", 2, proposed=True),
    _billed("country", 2),
)
BILLING = Section(
    _("Facturation"),
    Cell("siren", 2, proposed=True),
    Cell("siret", 2),
    Cell("vat_number", 2, proposed=True),
    Cell("shares_siret", 6, opens_when_wrong=("siret", "siret_taken")),
    Cell("ape_code", 2, proposed=_activity),
    Cell("account_code", 2, proposed=True),
    Cell(
        "vat_regime",
        2,
        hint=_(
            "Taxable : vente en France. Intracommunautaire : client d'un autre État de l'UE avec numéro de TVA. "
            "Export / exonéré : hors UE, ou exonération."
        ),
    ),
    Cell("payment_term", 6, hint=_office_term),
)
STATUS = Section(
    _("Statut"),
    Cell(
        "is_active",
        6,
        hint=_(
            "Une société inactive n'apparaît plus dans les choix ni dans les recherches. Rien n'est supprimé."
        ),
    ),
    side=True,
)
ADDRESSES = Section(_("Autres adresses"), OtherRows("addresses"))
MAIN_CONTACT = Section(_("Contact principal"), FirstRow("contacts"), side=True, sign="★")
CONTACTS = Section(_("Autres contacts"), OtherRows("contacts", skip=1), side=True)
LAYOUT = (COMPANY, ADDRESS, BILLING, ADDRESSES, MAIN_CONTACT, CONTACTS, STATUS)

CONTACT_CELLS = (
    Cell("civility", 2),
    Cell("first_name", 4),
    Cell("last_name", 6),
    Cell("email", 6),
    Cell("job_title", 6),
    Cell("direct_phone", 3),
    Cell("mobile_phone", 3),
    Cell("switchboard_phone", 3),
    Cell("source", 3),
)
ADDRESS_CELLS = (
    Cell("label", 2),
    Cell("street", 4),
    Cell("street2", 6),
    Cell("postal_code", 2),
    Cell("city", 2, proposed=True),
    Cell("country", 2),
)


def _rows(cells: Sequence[Cell], label: Any, add_label: Any, named_by: str) -> dict[str, Any]:
    """How records stand as rows in the form of their client.

    `named_by`: the fields that title a row as one types, the first that are filled in (`a b|c`: a and b, else c).
    """
    return {
        "named_by": named_by,
        "form_base_class": BaseForm,
        "form_columns": ("id", *(cell.field_name for cell in cells)),
        "form_rules": ("id", *cells),
        "form_label": label,
        "add_label": add_label,
        "form_overrides": {"country": CountryField},
    }


CONTACT_ROWS = (
    Contact,
    _rows(CONTACT_CELLS, _("Contact"), _("Ajouter un contact"), "first_name last_name|email")
    | {"form_args": {name: {"shows": show_phone} for name in PHONES}},
)
ADDRESS_ROWS = (Address, _rows(ADDRESS_CELLS, _("Adresse"), _("Ajouter une adresse"), "label|city"))
