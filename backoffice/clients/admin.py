"""The screens of clients: list, form, card, and the switch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import BaseView, expose
from flask_admin.helpers import get_redirect_target
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import func
from sqlalchemy.orm import joinedload, selectinload

from backoffice.admin import fields, filters, pager, tabs
from backoffice.admin.formats import pill, show, start_of
from backoffice.admin.listing import Asked
from backoffice.admin.pager import Order
from backoffice.admin.records import RecordView
from backoffice.clients import cards, duplicates, forms, queries, search, services, switching
from backoffice.clients.live import LiveForm
from backoffice.clients.models import VAT_REGIMES, Client, Contact
from backoffice.clients.people import AddressView, ContactView
from backoffice.core import countries
from backoffice.core.db import db
from backoffice.core.problems import Problem
from backoffice.core.validators.account_code import show_account_code
from backoffice.core.validators.phone import show_phone
from backoffice.core.validators.siren import show_siren
from backoffice.core.validators.siret import show_siret
from backoffice.core.validators.vat import show_vat
from backoffice.lookups import services as lookups
from backoffice.lookups.models import CompanyType, Language, Source

_READ = dict.fromkeys(("index_view", "details_view", "ajax_lookup"), "client.read")
_WRITE = dict.fromkeys(
    ("create_view", "edit_view", "delete_view", "proposals_view", "likely_view"), "client.write"
)
_SWITCH = dict.fromkeys(("activate_view", "deactivate_view"), "client.switch")


def _main_contact(view: Any, context: Any, client: Client, name: str) -> Markup:
    contact = client.main_contact
    if contact.full_name == contact.email:
        return Markup('<span class="soft">{}</span>').format(contact.email)
    return Markup('{}<br><span class="soft">{}</span>').format(contact.full_name, contact.email)


def _town(view: Any, context: Any, client: Client, name: str) -> Markup:
    country = countries.country_name(client.country)
    return Markup('{}<br><span class="soft">{}</span>').format(show(client.city), country)


def _type(view: Any, context: Any, client: Client, name: str) -> Any:
    return Markup('<span class="tag">{}</span>').format(client.type) if client.type else show(None)


def _status(view: Any, context: Any, client: Client, name: str) -> Markup:
    return pill(client.is_active, _("Active"), _("Inactive"))


SWITCH_FIELDS = frozenset({"csrf_token", "id", "url", "with_contacts"})


def refuse_more_than(fields: frozenset[str]) -> None:
    """A switch moves a switch: sent with anything else, the whole request is refused."""
    if request.form.keys() - fields:
        abort(400)


class ClientView(LiveForm, RecordView):
    """Clients: the list that support teams live in, the one-page form, the card."""

    rights: ClassVar = _READ | _WRITE | _SWITCH
    list_template = "clients/list.html"
    details_template = "clients/card.html"
    row_actions_template = "clients/row_actions.html"
    layout = forms.LAYOUT
    form_extra_fields: Any = forms.EXTRA_FIELDS
    inline_models: Any = (forms.CONTACT_ROWS, forms.ADDRESS_ROWS)
    form_ajax_refs: Any = {"parent": forms.ClientLoader()}
    form_overrides: Any = {"country": fields.CountryField}
    form_args: Any = {
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
    column_list: Any = ("name", "type", "city", "siret", "main_contact", "is_active")
    column_formatters: Any = {
        "type": _type,
        "city": _town,
        "siret": lambda view, context, client, name: show(show_siret(client.siret)),
        "main_contact": _main_contact,
        "is_active": _status,
    }
    orders: Any = {
        "name": Order((Client.name_key,)),
        "city": Order((Client.city_key, Client.name_key)),
        "siret": Order((func.coalesce(Client.siret, ""),)),
        "type": Order((func.coalesce(CompanyType.label_key, ""), Client.name_key), (Client.type,)),
        "main_contact": Order((func.coalesce(Contact.name_key, ""),), (Client.main_contact,)),
        "is_active": Order((Client.is_active, Client.name_key)),
        "created_at": Order((Client.created_at,)),
    }
    default_sort = "name"
    list_loads = (joinedload(Client.type), joinedload(Client.main_contact))
    card_loads = (
        joinedload(Client.type),
        joinedload(Client.language),
        joinedload(Client.payment_term),
        joinedload(Client.parent),
        selectinload(Client.contacts).options(joinedload(Contact.civility), joinedload(Contact.source)),
        selectinload(Client.addresses),
    )
    named_filters = (
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
        filters.DayFilter(
            "created_from", _("Créé à partir du"), lambda day: Client.created_at >= start_of(day)
        ),
        filters.DayFilter(
            "created_to",
            _("Créé jusqu'au"),
            lambda day: Client.created_at < start_of(day + timedelta(days=1)),
        ),
    )
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
        inactive = pager.count(db.session(), self.list_ids(replace(asked, status="inactive")))
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
        return self._edit_form_class(sent, obj=obj, billing_same_address=billed is None, **block)

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        if is_created:
            services.begin(record, current_user.actor)
        switching.note_switch(record, current_user.actor)
        billing = services.bill_as_asked(record, form.billing_same_address.data, billing_block(form))
        return [*services.check_client(db.session(), record, cards.ape_folder()), *billing]

    # The card

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        client = self.find(request.args.get("id"), self.card_loads)
        tab = tabs.chosen(search.KIND, request.args.get("tab"))
        return self.render(
            self.details_template,
            record=client,
            tabs=tabs.tabs_of(search.KIND),
            current_tab=tab,
            return_url=self.get_url(".index_view"),
            **tab.context(client),
        )

    # The switch

    @expose("/deactivate/", methods=("GET", "POST"))
    def deactivate_view(self) -> ResponseReturnValue:
        if request.method == "GET":
            client = self.find(request.args.get("id"))
            contacts = db.session.scalar(queries.active_contact_count(client.id))
            back = get_redirect_target() or self.home_of(client)
            return self.render("clients/deactivate.html", record=client, contacts=contacts, return_url=back)
        refuse_more_than(SWITCH_FIELDS)
        client = self.find(request.values.get("id"), lock=True)
        gone = switching.deactivate(
            db.session(), client, request.form.get("with_contacts") in ("1", "on", "true"), current_user.actor
        )
        db.session.commit()
        flash(
            _("%(name)s est inactive. Contacts désactivés avec elle : %(n)s.", name=client.name, n=len(gone)),
            "success",
        )
        return redirect(get_redirect_target() or self.home_of(client))

    @expose("/activate/", methods=("POST",))
    def activate_view(self) -> ResponseReturnValue:
        refuse_more_than(SWITCH_FIELDS)
        client = self.find(request.values.get("id"), lock=True)
        back = switching.reactivate(db.session(), client, current_user.actor)
        db.session.commit()
        flash(
            _("%(name)s est de nouveau active. Contacts revenus : %(n)s.", name=client.name, n=len(back)),
            "success",
        )
        return redirect(get_redirect_target() or self.home_of(client))

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
