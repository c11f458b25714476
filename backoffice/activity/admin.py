"""The screens on which notes and calls are written and edited; those of tasks stand on them (tasks.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice.activity import rules, scopes, services, shown
from backoffice.activity.fields import AnyClientLoader, ContactField, EventField
from backoffice.activity.models import Call, Entry, Note
from backoffice.admin import parts
from backoffice.admin.formats import today
from backoffice.admin.layout import Cell, Section
from backoffice.admin.records import RecordView
from backoffice.core.db import db
from backoffice.core.problems import Problem

#: The form beside a feed; others stand in a place of their own, as that of any record.
PANEL_FORM = "entry-form"


class EntryView(RecordView):
    """One kind of entry: the form that writes it, beside a feed, in a place of a card or as a page."""

    rights: ClassVar = {
        "create_view": "activity.add",
        "edit_view": "activity.add",
        "details_view": "client.read",
    }
    in_menu = False
    can_add_another = False
    create_template = edit_template = "activity/form.html"
    kind: ClassVar[str]
    form_overrides: Any = {"contact": ContactField, "event": EventField}
    form_args: Any = {
        "body": {
            "label": _("Texte"),
            "render_kw": {"placeholder": _("Noter une information sur la société ou un contact…")},
        }
    }
    form_ajax_refs: Any = {"client": AnyClientLoader()}
    layout = (Section(_("Texte"), *(Cell(name, 6) for name in ("client", "body", "contact", "event"))),)
    card_loads = (joinedload(Entry.client), joinedload(Entry.contact), joinedload(Entry.event))
    column_list: Any = ("body",)
    created_message: ClassVar[Any]
    #: Where one goes back to from a form that was opened on no card: the list, and what it is called.
    came_from: ClassVar[tuple[str, Any]] = ("client.index_view", _("Clients"))

    # What may be seen and done

    def find(self, id: Any, loads: Iterable[Any] = (), lock: bool = False) -> Any:
        """What lies in the trash is neither shown nor edited here."""
        entry = super().find(id, loads, lock)
        return entry if entry.removed_at is None else abort(404)

    def may_edit(self, record: Any) -> bool:
        return rules.may_edit(record, current_user)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        if not self.may_edit(self.find(request.args.get("id"))):
            abort(403)
        page: ResponseReturnValue = super().edit_view()
        return page

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """An entry by itself is its place in the feed of its client."""
        return redirect(address_of(self.find(request.args.get("id"))))

    def home_of(self, record: Any) -> str:
        if record is not None:
            return address_of(record)
        where = scopes.read(request.args)
        return where.card() if where is not None else self.get_url(self.came_from[0])

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        return get_redirect_target() or address_of(model)

    # The form

    def blank(self, where: scopes.Where | None) -> Any:
        """A form that begins where one is."""
        sent = request.form if request.method == "POST" else None
        return self.settled(self._create_form_class(sent, **self.begins(where)), where)

    def begins(self, where: scopes.Where | None) -> dict[str, Any]:
        """What stands in a new form."""
        if where is None:
            return {}
        return {"client": where.client, "contact": where.contact, "event": where.event}

    @staticmethod
    def settled(form: Any, where: scopes.Where | None, client: Any = None) -> Any:
        """The form with the choices of its client: that of the place, unless the form that was sent says its own."""
        if where is not None and "client" not in request.form:
            form.client.data = where.client
        client = client or form.client.data
        form.contact.client = form.event.client = client
        return form

    def create_form(self, obj: Any = None) -> Any:
        return self.blank(scopes.read(request.args))

    def edit_form(self, obj: Any = None) -> Any:
        sent = request.form if request.method == "POST" else None
        form: Any = self._edit_form_class(sent, obj=obj)
        del form.client
        return self.settled(form, None, obj.client)

    def build_new_instance(self) -> Any:
        entry = self.model()
        services.begin(entry, current_user.actor)
        return entry

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        found = services.check_entry(db.session(), record, today())
        if not is_created:
            services.note_edited(record)
        return found

    def after_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        services.note_mentions(db.session(), model, shown.people(), current_user.actor)

    def touch(self, record: Any) -> None:
        """A changed entry has moved on by itself; its client has not changed."""

    def form_page(
        self, form: Any, record: Any = None, status: int = 200, **context: Any
    ) -> ResponseReturnValue:
        where = self.place_of(form) if record is None else None
        context |= {"where": where, "kinds": shown.KINDS, "kind": self.kind, "action": request.full_path}
        context["may_add_kind"] = shown.may_add
        context["form_id"] = "record"
        if parts.is_inside(PANEL_FORM):
            context["form_id"] = PANEL_FORM
            name_apart(form)
        return super().form_page(form, record, status, **context)

    @staticmethod
    def place_of(form: Any) -> scopes.Where | None:
        """Where a new entry is written; a form that was sent for another client, or for none, has left it."""
        where = scopes.read(request.args)
        if where is None or parts.is_inside(PANEL_FORM) or form.client.data is where.client:
            return where
        return None


def name_apart(form: Any) -> None:
    """Give the fields of the form beside a feed ids of their own: an entry may be edited in the feed meanwhile."""
    for field in form:
        field.id = f"new-{field.name}"


class NoteView(EntryView):
    """Informations."""

    kind = "note"
    new_title = _("Nouvelle information")
    created_message = _("Information ajoutée.")
    saved_message = _("Information enregistrée.")

    def __init__(self) -> None:
        super().__init__(Note, name=_("Informations"))


class CallView(EntryView):
    """Calls."""

    kind = "call"
    new_title = _("Nouvel appel")
    created_message = _("Appel ajouté.")
    saved_message = _("Appel enregistré.")

    def __init__(self) -> None:
        super().__init__(Call, name=_("Appels"))


def address_of(entry: Entry) -> str:
    """The feed of its client, from this entry on."""
    return url_for(
        "client.details_view",
        id=entry.client_id,
        tab="activity",
        begin=entry.id,
        _anchor=f"entry-{entry.id}",
    )
