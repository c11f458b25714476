"""The screens of clients: list, form, card, and the switch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import BaseView, expose
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import joinedload, selectinload

from backoffice.admin import fields, parts
from backoffice.admin.in_place import InPlace
from backoffice.admin.listing import Asked
from backoffice.admin.searched import FoundByIndex
from backoffice.admin.tabs import Tabbed
from backoffice.clients import cards, duplicates, forms, listing, search, services, switching, visits
from backoffice.clients.live import LiveForm
from backoffice.clients.models import Client, Contact
from backoffice.clients.people import AddressView, ContactView
from backoffice.clients.switches import SwitchedView
from backoffice.core.db import db
from backoffice.core.problems import Problem, errors
from backoffice.core.validators.account_code import show_account_code
from backoffice.core.validators.phone import show_phone
from backoffice.core.validators.siren import show_siren
from backoffice.core.validators.siret import show_siret
from backoffice.core.validators.vat import show_vat
from backoffice.lookups import services as lookups

_READ = dict.fromkeys(
    (
        "index_view",
        "count_view",
        "columns_view",
        "countries_view",
        "details_view",
        "beside_view",
        "ajax_lookup",
    ),
    "client.read",
)
_WRITE = dict.fromkeys(
    ("create_view", "edit_view", "delete_view", "field_view", "proposals_view", "likely_view"), "client.write"
)
_SWITCH = dict.fromkeys(("activate_view", "deactivate_view"), "client.switch")


class ClientView(LiveForm, FoundByIndex, Tabbed, InPlace, SwitchedView):
    """Clients: the list that support teams live in, the one-page form, the card."""

    rights: ClassVar = _READ | _WRITE | _SWITCH
    list_template = "clients/list.html"
    card = search.KIND
    details_template = "clients/card.html"
    row_actions_template = "clients/row_actions.html"
    selection_template = "clients/selection.html"
    selection_action = ".deactivate_view"
    layout = forms.LAYOUT
    form_extra_fields: Any = forms.EXTRA_FIELDS
    inline_models: Any = (forms.CONTACT_ROWS, forms.ADDRESS_ROWS)
    form_ajax_refs: Any = {"parent": forms.ClientLoader()}
    form_overrides: Any = {"country": fields.CountryField}
    form_args: Any = {
        "language": {"label": _("Langue de la société")},
        "siren": {"shows": show_siren},
        "siret": {"shows": show_siret},
        "vat_number": {"shows": show_vat},
        "account_code": {"shows": show_account_code},
        "phone": {"shows": show_phone},
        "payment_term": {"begins_with_default": False},  # what was not negotiated follows the settings
        "contacts": {
            "label": _("Contact"),
            "first": services.is_main,
            "at_least": 1,
        },
        "addresses": {"label": _("Adresse"), "omit": services.is_default},
    }
    has_status = True
    search_kind = search.KIND
    has_own_search = False  # the box at the top of every page searches clients
    column_list: Any = listing.COLUMNS
    optional_columns = listing.OPTIONAL_COLUMNS
    column_loads = listing.COLUMN_LOADS
    column_formatters: Any = listing.FORMATS
    wide_columns = ("type", "siret")
    plain_columns = listing.COLUMNS
    orders: Any = listing.ORDERS
    default_sort = "name"
    card_loads = (
        joinedload(Client.type),
        joinedload(Client.language),
        joinedload(Client.payment_term),
        joinedload(Client.parent),
        selectinload(Client.contacts).options(joinedload(Contact.civility), joinedload(Contact.source)),
        selectinload(Client.addresses),
    )
    details_loads = cards.LOADS
    in_place: ClassVar = cards.FACTS
    named_filters = listing.FILTERS
    front_filters = listing.FRONT_FILTERS
    new_title = _("Nouveau client")
    created_message = _("Client créé : %(name)s.")

    def count_noun(self, number: int) -> str:
        return str(ngettext("société", "sociétés", number))

    def __init__(self, model: type, *args: Any, **kwargs: Any) -> None:
        super().__init__(model, *args, **kwargs)
        self.column_labels |= {"name": _("Société"), "is_active": _("Statut")}

    def list_context(self, asked: Asked, rows: Sequence[Client]) -> dict[str, Any]:
        """When a search finds nothing: who is named nearly so, and how many inactive clients match."""
        if rows or not asked.search:
            return {}
        inactive = self.count(replace(asked, status="inactive"))
        return {"elsewhere": inactive, "near": duplicates.near_names(db.session(), asked.search)}

    # The form

    def create_form(self, obj: Any = None) -> Any:
        default = lookups.office(db.session()).default_country
        sent = request.form if request.method == "POST" else None
        name = request.args.get("name", "")[:200]
        return self._create_form_class(sent, country=default, billing_country=default, name=name)

    def edit_form(self, obj: Any = None) -> Any:
        billed = obj.billing_address
        block = {f"billing_{name}": getattr(billed, name) for name in forms.BILLING_FIELDS} if billed else {}
        sent = request.form if request.method == "POST" else None
        return self.form_class(sent, obj=obj, billing_same_address=billed is None, **block)

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        if is_created:
            services.begin(record, current_user.actor)
        switching.note_switch(record, current_user.actor)
        billing = services.bill_as_asked(record, form.billing_same_address.data, billing_block(form))
        found = [*services.check_client(db.session(), record, cards.ape_folder()), *billing]
        if not errors(found):
            services.free_exchanged_emails(db.session(), record)
        return found

    # The card

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        client = self.find(request.args.get("id"), self.details_loads)
        if parts.is_inside("contact-rows"):
            return self.render("clients/contact_rows.html", record=client, **cards.people(client)), cards.ROWS
        visits.note_opened(db.session(), current_user.id, client.id)
        refusal = self.refuse_delete(client) if self.may("delete_view") else None
        return self.card_page(client, refusal=refusal)

    def refuse_delete(self, record: Any) -> Problem | None:
        return services.refuse_delete_client(db.session(), record)

    def delete(self, record: Any) -> None:
        services.delete_client(db.session(), record)


def billing_block(form: Any) -> dict[str, Any]:
    """The billing address as typed, by the names of an address."""
    return {name: form[f"billing_{name}"].data for name in forms.BILLING_FIELDS}


def views() -> list[BaseView]:
    """The screens of this feature, made for one app."""
    return [ClientView(Client, name=_("Clients")), ContactView(), AddressView()]
