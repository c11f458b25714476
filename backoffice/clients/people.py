"""The screens of contacts and addresses by themselves: from their client's card, and the list of contacts."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, ClassVar

from flask import request, send_file
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from backoffice.admin import fields
from backoffice.admin.formats import breakable, pill, unbroken
from backoffice.admin.in_place import InPlace
from backoffice.admin.layout import Cell, Section
from backoffice.admin.listing import Asked
from backoffice.admin.pager import Order
from backoffice.admin.records import read_instead
from backoffice.admin.tabs import Tabbed
from backoffice.clients import forms, queries, search, services
from backoffice.clients.belonging import OfClientView
from backoffice.clients.models import Address, Client, Contact, shown_label
from backoffice.clients.moves import MovesContacts
from backoffice.clients.vcard import vcard_of
from backoffice.core.db import db
from backoffice.core.problems import Problem
from backoffice.core.validators.phone import show_phone

#: The facts of a contact that its page lets one edit in place.
CONTACT_FACTS = (
    "civility",
    "first_name",
    "last_name",
    "email",
    "job_title",
    *forms.PHONES,
    "source",
)
_WRITE = dict.fromkeys(("create_view", "edit_view", "delete_view"), "client.write")


def _client_link(view: Any, context: Any, contact: Contact, name: str) -> Markup:
    address = view.get_url("client.details_view", id=contact.client_id)
    return Markup('<a href="{}">{}</a>').format(address, contact.client.name)


def _phones(view: Any, context: Any, contact: Contact, name: str) -> Any:
    return unbroken(show_phone(contact.mobile_phone or contact.direct_phone, contact.client.country))


def _phone(view: Any, context: Any, contact: Contact, name: str) -> Any:
    return unbroken(show_phone(getattr(contact, name), contact.client.country))


def _status(view: Any, context: Any, contact: Contact, name: str) -> Markup:
    return pill(contact.is_active, _("Actif"), _("Inactif"))


class ContactView(Tabbed, InPlace, MovesContacts):
    """Contacts: all of them in one list, each with its page."""

    rights: ClassVar = (
        dict.fromkeys(
            ("index_view", "columns_view", "details_view", "beside_view", "vcard_view"), "client.read"
        )
        | _WRITE
        | dict.fromkeys(("star_view", "activate_view", "deactivate_view", "field_view"), "client.write")
        | dict.fromkeys(("move_view", "copy_view"), "client.write")
    )
    in_place: ClassVar = {name: (name,) for name in CONTACT_FACTS}
    card = "contact"
    details_template = "clients/contact.html"
    layout = (Section(_("Contact"), *forms.CONTACT_CELLS, Cell("is_active", 6)),)
    form_args: Any = {name: {"shows": show_phone} for name in forms.PHONES}
    has_status = True
    search_kind = search.KIND
    column_list: Any = ("name_key", "email", "client", "mobile_phone", "is_active")
    column_formatters: Any = {
        "name_key": lambda view, context, contact, name: breakable(contact.full_name),
        "email": lambda view, context, contact, name: breakable(contact.email),
        "client": _client_link,
        "mobile_phone": _phones,
        "direct_phone": _phone,
        "switchboard_phone": _phone,
        "is_active": _status,
    }
    optional_columns = ("job_title", "direct_phone", "switchboard_phone", "source", "created_at")
    column_loads: ClassVar = {"source": joinedload(Contact.source)}
    plain_columns = ("name_key", "email", "client", "mobile_phone", "is_active")
    orders: Any = {"name_key": Order((Contact.name_key,)), "email": Order((Contact.email_key,))}
    default_sort = "name_key"
    list_loads = (joinedload(Contact.client),)
    card_loads = (joinedload(Contact.client), joinedload(Contact.civility), joinedload(Contact.source))
    new_title = _("Nouveau contact")
    created_message = _("Contact ajouté : %(name)s.")
    saved_message = _("Contact enregistré : %(name)s.")
    deleted_message = _("Contact supprimé : %(name)s.")

    def __init__(self) -> None:
        super().__init__(Contact, name=_("Contacts"))
        self.column_labels |= {
            "name_key": _("Prénom et nom"),
            "mobile_phone": _("Téléphone"),
            "is_active": _("Statut"),
        }
        self.status_words = {"active": _("Actifs"), "inactive": _("Inactifs"), "all": _("Tous")}

    def count_noun(self, number: int) -> str:
        return str(ngettext("contact", "contacts", number))

    def may(self, method: str) -> bool:
        """A contact is added from its client's card: the list has no `+`."""
        return super().may(method) and not (
            method == "create_view" and request.endpoint == "contact.index_view"
        )

    def list_ids(self, asked: Asked) -> Select[Any]:
        """The contacts of inactive clients leave the list with them, but can be opened from their card."""
        ids = super().list_ids(asked)
        if asked.status != "active":
            return ids
        return ids.where(Contact.client_id.in_(queries.active_client_ids()))

    def search_condition(self, search: str) -> Any:
        return queries.found_contacts(search)

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        return services.check_contact(db.session(), record)

    def create_form(self, obj: Any = None) -> Any:
        """A duplicate keeps all but the e-mail, which belongs to one contact; it may be at another client."""
        form, source = super().create_form(obj), self.source(of_any_client=True)
        return form if source is None else self.begin_as(form, source, but=("email", "is_active"))

    @expose("/star/", methods=("POST",))
    def star_view(self) -> ResponseReturnValue:
        contact = self.find(request.values.get("id"), lock=True)
        former = contact.client.main_contact
        problem = services.move_star(db.session(), contact, current_user.actor, read_instead())
        done = _("%(name)s est maintenant le contact principal.", name=contact.full_name)
        undo = {"id": former.id, "instead_of": contact.id}
        is_moved = former is not contact and former.is_active
        return self.act(problem, contact, done, (".star_view", undo) if is_moved else None)

    @expose("/activate/", methods=("POST",))
    def activate_view(self) -> ResponseReturnValue:
        contact = self.find(request.values.get("id"), lock=True)
        problem = services.switch_contact(db.session(), contact, True, current_user.actor)
        done = _("%(name)s est de nouveau actif.", name=contact.full_name)
        return self.act(problem, contact, done, (".deactivate_view", {"id": contact.id}))

    @expose("/deactivate/", methods=("POST",))
    def deactivate_view(self) -> ResponseReturnValue:
        contact = self.find(request.values.get("id"), lock=True)
        problem = services.switch_contact(db.session(), contact, False, current_user.actor)
        done = _("%(name)s est inactif.", name=contact.full_name)
        return self.act(problem, contact, done, (".activate_view", {"id": contact.id}))

    @expose("/vcard/")
    def vcard_view(self) -> ResponseReturnValue:
        """The contact for one's own address book."""
        contact = self.find(request.args.get("id"), self.card_loads)
        card = io.BytesIO(vcard_of(contact).encode())
        name = "".join(letter if letter.isalnum() else " " for letter in contact.full_name).strip()
        return send_file(card, "text/vcard", True, f"{name or 'contact'}.vcf")

    def refuse_delete(self, record: Any) -> Problem | None:
        return services.refuse_delete_contact(db.session(), record)


class AddressView(OfClientView):
    """Addresses, from the card of their client only."""

    rights: ClassVar = _WRITE | {"default_view": "client.write"}
    in_menu = False
    can_view_details = False
    layout = (Section(_("Adresse"), *forms.ADDRESS_CELLS),)
    form_overrides: Any = {"country": fields.CountryField}
    form_args: Any = {"label": {"shows": shown_label}}
    column_list: Any = ("label",)
    new_title = _("Nouvelle adresse")
    created_message = _("Adresse ajoutée : %(name)s.")
    saved_message = _("Adresse enregistrée : %(name)s.")
    deleted_message = _("Adresse supprimée : %(name)s.")

    def __init__(self) -> None:
        super().__init__(Address, name=_("Adresses"))

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        return services.check_address(record)

    def create_form(self, obj: Any = None) -> Any:
        form: Any = super().create_form(obj)
        source = self.source()
        if source is None:
            return form
        form.label.process(None, str(_("%(name)s (copie)", name=source))[:80])
        return self.begin_as(form, source, but=("label",))

    @expose("/default/", methods=("POST",))
    def default_view(self) -> ResponseReturnValue:
        """Choose where quotes and invoices start from: `id` an address, or `client` alone its main one."""
        address = self.find(request.values["id"], lock=True) if "id" in request.values else None
        client_id = address.client_id if address is not None else self._client().id
        client = db.session.get_one(Client, client_id)
        former = client.billing_address
        problem = services.choose_default_address(
            db.session(), client_id, address, current_user.actor, read_instead()
        )
        done = _(
            "Les devis et factures partent maintenant de : %(name)s.",
            name=address if address is not None else _("Adresse principale"),
        )
        undo = {"id": former.id} if former is not None else {"client": client_id}
        undo["instead_of"] = address.id if address is not None else 0
        is_moved = former is not address
        return self.act(problem, address or client, done, (".default_view", undo) if is_moved else None)

    def refuse_delete(self, record: Any) -> Problem | None:
        return services.refuse_delete_address(db.session(), record)
