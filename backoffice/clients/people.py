"""The screens of contacts and addresses by themselves: from their client's card, and the list of contacts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from backoffice.admin import fields, saving
from backoffice.admin.formats import pill, show
from backoffice.admin.layout import Cell, Section
from backoffice.admin.pager import Order
from backoffice.admin.records import RecordView, read_id
from backoffice.clients import forms, queries, search, services
from backoffice.clients.models import Address, Client, Contact
from backoffice.core import audit
from backoffice.core.db import db
from backoffice.core.problems import Problem
from backoffice.core.validators.phone import show_phone

_WRITE = dict.fromkeys(("create_view", "edit_view", "delete_view"), "client.write")


class OfClientView(RecordView):
    """A record of a client's card: made there, and back there once it is saved."""

    can_add_another = False

    def _client(self) -> Client:
        """The client on whose card one adds (its id stands in the form's address)."""
        number = read_id(request.values.get("client"))
        client = db.session.get(Client, number) if number else None
        return client or abort(404)

    def build_new_instance(self) -> Any:
        record: Any = super().build_new_instance()
        record.client = db.session.scalars(queries.locked_client(self._client().id)).one()
        return record

    def find(self, id: Any, loads: Iterable[Any] = (), lock: bool = False) -> Any:
        """The client is locked before what belongs to it, everywhere: so no two ever wait for each other."""
        if lock:
            owner = select(self.model.client_id).where(self.model.id == read_id(id))
            db.session.scalar(queries.locked_client(db.session.scalar(owner) or 0))
        return super().find(id, loads, lock)

    def touch(self, record: Any) -> None:
        super().touch(record)
        audit.touch(record.client)

    def after_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if is_created:
            audit.touch(model.client)

    def delete(self, record: Any) -> None:
        audit.touch(record.client)
        super().delete(record)

    def home_of(self, record: Any) -> str:
        client_id = record.client_id if record is not None else self._client().id
        return str(self.get_url("client.details_view", id=client_id))

    def after_delete(self, record: Any) -> str:
        return self.home_of(record)

    def act(self, problem: Problem | None, record: Any, done: Any) -> ResponseReturnValue:
        """End a POST that acts on a record: say what was done or why not, and go back to the card."""
        home = get_redirect_target() or self.home_of(record)
        if problem is not None:
            db.session.rollback()
            flash(saving.sentence(problem), "error")
        else:
            db.session.commit()
            flash(str(done), "success")
        return redirect(home)


def _client_link(view: Any, context: Any, contact: Contact, name: str) -> Markup:
    address = view.get_url("client.details_view", id=contact.client_id)
    return Markup('<a href="{}">{}</a>').format(address, contact.client.name)


def _phones(view: Any, context: Any, contact: Contact, name: str) -> str:
    return show(show_phone(contact.mobile_phone or contact.direct_phone, contact.client.country))


def _status(view: Any, context: Any, contact: Contact, name: str) -> Markup:
    return pill(contact.is_active, _("Actif"), _("Inactif"))


class ContactView(OfClientView):
    """Contacts: all of them in one list, each with its page."""

    rights: ClassVar = (
        dict.fromkeys(("index_view", "details_view"), "client.read")
        | _WRITE
        | dict.fromkeys(("star_view", "activate_view", "deactivate_view"), "client.write")
    )
    details_template = "clients/contact.html"
    layout = (Section(_("Contact"), *forms.CONTACT_CELLS, Cell("is_active", 6)),)
    form_args: Any = {name: {"shows": show_phone} for name in forms.PHONES}
    has_status = True
    search_kind = search.KIND
    column_list: Any = ("name_key", "email", "client", "mobile_phone", "is_active")
    column_formatters: Any = {
        "name_key": lambda view, context, contact, name: contact.full_name,
        "client": _client_link,
        "mobile_phone": _phones,
        "is_active": _status,
    }
    orders: Any = {"name_key": Order((Contact.name_key,)), "email": Order((Contact.email_key,))}
    default_sort = "name_key"
    list_loads = (joinedload(Contact.client),)
    card_loads = (joinedload(Contact.client), joinedload(Contact.civility), joinedload(Contact.source))
    new_title = _("Nouveau contact")
    created_message = _("Contact ajouté : %(name)s.")

    def __init__(self) -> None:
        super().__init__(Contact, name=_("Contacts"))
        self.column_labels |= {
            "name_key": _("Nom"),
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

    def scope(self, statement: Select[Any]) -> Select[Any]:
        """The contacts of inactive clients leave the list with them, but can be opened from their card."""
        if request.endpoint == "contact.index_view" and request.args.get("status") in (None, "active"):
            return statement.where(Contact.client_id.in_(select(Client.id).where(Client.is_active)))
        return statement

    def search_condition(self, search: str) -> Any:
        return queries.found_contacts(search)

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        return services.check_contact(db.session(), record)

    @expose("/star/", methods=("POST",))
    def star_view(self) -> ResponseReturnValue:
        contact = self.find(request.values.get("id"), lock=True)
        problem = services.move_star(db.session(), contact, current_user.actor)
        return self.act(
            problem, contact, _("%(name)s est maintenant le contact principal.", name=contact.full_name)
        )

    @expose("/activate/", methods=("POST",))
    def activate_view(self) -> ResponseReturnValue:
        contact = self.find(request.values.get("id"), lock=True)
        problem = services.switch_contact(db.session(), contact, True, current_user.actor)
        return self.act(problem, contact, _("%(name)s est de nouveau actif.", name=contact.full_name))

    @expose("/deactivate/", methods=("POST",))
    def deactivate_view(self) -> ResponseReturnValue:
        contact = self.find(request.values.get("id"), lock=True)
        problem = services.switch_contact(db.session(), contact, False, current_user.actor)
        return self.act(problem, contact, _("%(name)s est inactif.", name=contact.full_name))

    def refuse_delete(self, record: Any) -> Problem | None:
        return services.refuse_delete_contact(db.session(), record)


class AddressView(OfClientView):
    """Addresses, from the card of their client only."""

    rights: ClassVar = _WRITE | {"default_view": "client.write"}
    in_menu = False
    can_view_details = False
    layout = (Section(_("Adresse"), *forms.ADDRESS_CELLS),)
    form_overrides: Any = {"country": fields.CountryField}
    column_list: Any = ("label",)
    new_title = _("Nouvelle adresse")
    created_message = _("Adresse ajoutée : %(name)s.")

    def __init__(self) -> None:
        super().__init__(Address, name=_("Adresses"))

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        return services.check_address(record)

    @expose("/default/", methods=("POST",))
    def default_view(self) -> ResponseReturnValue:
        """Choose where quotes and invoices start from: `id` an address, or `client` alone its main one."""
        address = self.find(request.values["id"], lock=True) if "id" in request.values else None
        client_id = address.client_id if address is not None else self._client().id
        services.choose_default_address(db.session(), client_id, address, current_user.actor)
        db.session.commit()
        flash(_("L'adresse par défaut des devis et factures est changée."), "success")
        return redirect(get_redirect_target() or self.get_url("client.details_view", id=client_id))

    def refuse_delete(self, record: Any) -> Problem | None:
        return services.refuse_delete_address(db.session(), record)
