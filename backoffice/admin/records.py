"""The base of every list, form and card: a Flask-Admin model view with its traps closed once for all.

A view declares: `layout` (the form's sections), `orders` (what the list sorts by), `list_loads`, `named_filters`,
`rights`, and `problems` (the service that runs the rules).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_admin.model.template import BaseListRowAction
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from wtforms import HiddenField

from backoffice.admin import comparing, saving
from backoffice.admin.conversion import KitConverter, KitInlineConverter, RecordForm
from backoffice.admin.flashes import say, way_back
from backoffice.admin.layout import Carried, Section, fields_of
from backoffice.admin.lists import RecordList
from backoffice.core import audit, past
from backoffice.core.db import db
from backoffice.core.labels import labels_of
from backoffice.core.problems import Problem

HIGHEST_ID = 2**31 - 1


class RecordView(RecordList):
    """List, form and card of one kind of record."""

    model_form_converter = KitConverter
    inline_model_form_converter = KitInlineConverter
    form_base_class = RecordForm
    create_template = edit_template = "admin/form.html"
    details_template = "admin/details.html"
    can_view_details = True

    # Flask-Admin types these for its own fields and plain strings; ours take more.
    form_args: Any = None
    form_overrides: Any = None
    form_extra_fields: Any = None
    form_ajax_refs: Any = None
    inline_models: Any = None

    #: The sections of the form; the form's columns are those that they show.
    layout: Sequence[Section] = ()
    card_loads: ClassVar[Sequence[Any]] = ()
    #: What the card shows of other records, where that is less than what the form does.
    details_loads: ClassVar[Sequence[Any] | None] = None
    new_title: ClassVar[Any] = _("Nouveau")
    created_message: ClassVar[Any] = _("Fiche créée : %(name)s.")
    saved_message: ClassVar[Any] = _("Fiche enregistrée : %(name)s.")
    deleted_message: ClassVar[Any] = _("Fiche supprimée : %(name)s.")

    def __init__(self, model: type, *args: Any, **kwargs: Any) -> None:
        self.column_labels = labels_of(model)
        self.form_rules = [Carried(), *self.layout]
        inline = {field for field, relation in model.__mapper__.relationships.items() if relation.uselist}  # type: ignore[attr-defined]
        self.form_columns = [name for name in fields_of(self.layout) if name not in inline]
        self.filters_by_key = {named.key: named for named in self.named_filters}
        super().__init__(model, db, *args, **kwargs)

    # What may be seen

    def get_one(self, id: Any) -> Any:
        return self.find(id)

    def find(self, id: Any, loads: Iterable[Any] = (), lock: bool = False) -> Any:
        """The record with this id, within the scope; the page 404 for any other."""
        number = read_id(id)
        if number is None:
            abort(404)
        statement = self.get_query().where(self.model.id == number).options(*loads)
        if lock:
            # Weaker than FOR UPDATE: a record that only points at this one need not wait for it.
            locked = statement.with_for_update(of=self.model, key_share=True)
            statement = locked.execution_options(populate_existing=True)
        return db.session.scalar(statement) or abort(404)

    # The form

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        if request.method == "GET" or "_resumed" in request.form:
            return self.form_page(self.create_form())
        made = saving.is_made(self)
        if made is None:
            form, record = saving.save(
                self, lambda _record: self.create_form(), self.build_new_instance, True
            )
            made = record.id if record is not None else saving.is_made(self)
            if made is None:
                return self.form_page(form)
        return self.saved(self.find(made), self.created_message)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        asked = request.args.get("id")
        if request.method == "GET" or "_resumed" in request.form:
            return self.form_page(*self.opened(asked, self.card_loads))
        try:
            form, record = saving.save(
                self, lambda record: self.edit_form(obj=record), lambda: self.find(asked, lock=True), False
            )
        except saving.Conflict as conflict:
            return self.conflict_page(conflict.record)
        if record is None:
            return self.form_page(form, self.find(asked, self.card_loads))
        return self.saved(record, self.saved_message)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """The validation hook: run the rules, put their sentences beside the fields."""
        saving.place(self.problems(form, model, is_created), form, model)

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        """What the rules say of the record as the form has filled it (a service of the feature)."""
        return ()

    def touch(self, record: Any) -> None:
        """A form has changed the record or what belongs to it: forms opened before are old ones."""
        audit.touch(record)

    def form_page(
        self, form: Any, record: Any = None, status: int = 200, **context: Any
    ) -> ResponseReturnValue:
        """The form with all that was typed, and the summary of what is wrong."""
        wrong = saving.summary(form) if request.method == "POST" else []
        page = self.render(
            self.edit_template if record is not None else self.create_template,
            form=form,
            rules=self._form_edit_rules if record is not None else self._form_create_rules,
            record=record,
            wrong=wrong,
            return_url=get_redirect_target() or self.home_of(record),
            **context,
        )
        return page, status

    def may_edit(self, record: Any) -> bool:
        """May the person who is logged in, who may edit such records, edit this one?"""
        return True

    def opened(self, id: Any, loads: Iterable[Any]) -> tuple[Any, Any]:
        """The form of a record that is there, and the record.

        What has changed so far is asked before the record: what comes between the two is then compared once too often
        and never too seldom.
        """
        number = read_id(id)
        seen = past.newest_fact(db.session, self.model, number) if number is not None else 0
        record = self.find(id, loads)
        form: Any = self.edit_form(obj=record)
        if form.seen_fact.raw_data is None:
            form.seen_fact.data = str(seen)
        return form, record

    def conflict_page(self, record: Any) -> ResponseReturnValue:
        """Somebody saved first: show both beside what was before, and let one choose."""
        comparison = comparing.compare(self, record)
        page = self.render(
            "admin/compare.html",
            record=record,
            comparison=comparison,
            latest=comparison.latest or audit.latest_fact(db.session, record),
            is_file_left=any(file.filename for file in request.files.values()),
            return_url=get_redirect_target() or self.home_of(record),
        )
        return page, 409

    def home_of(self, record: Any) -> str:
        """Where "Annuler" and a saved form lead."""
        if record is not None and self.can_view_details:
            return self.get_url(".details_view", id=record.id)
        return self.get_url(".index_view")

    def saved(self, record: Any, message: Any) -> ResponseReturnValue:
        """Say what was saved and go on."""
        if "_add_another" in request.form:
            link = Markup('<a href="{}">{}</a>').format(self.home_of(record), record)
            flash(Markup(str(message)) % {"name": link}, "success")  # noqa: S704  the sentence is ours
            return redirect(self.get_url(".create_view"))
        flash(str(message) % {"name": str(record)}, "success")
        return redirect(self.get_save_return_url(record))

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        return get_redirect_target() or self.home_of(model)

    # The card

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        record = self.find(request.args.get("id"), self.card_loads)
        return self.render(self.details_template, record=record, return_url=self.get_url(".index_view"))

    # Removal

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> ResponseReturnValue:
        record = self.find(request.values.get("id"), lock=True)
        refusal = self.refuse_delete(record)
        if refusal is not None:
            db.session.rollback()
            flash(saving.sentence(refusal), "error")
            return redirect(get_redirect_target() or self.home_of(self.find(request.values.get("id"))))
        name, after = str(record), self.after_delete(record)
        undo = way_back(db.session(), record)
        self.delete(record)
        db.session.commit()
        say(str(self.deleted_message) % {"name": name}, undo=undo)
        return redirect(get_redirect_target() or after)

    def refuse_delete(self, record: Any) -> Problem | None:
        """Why this record can't be deleted, None when it can."""
        return None

    def delete(self, record: Any) -> None:
        """Delete the record (the caller commits)."""
        db.session.delete(record)
        db.session.flush()

    def after_delete(self, record: Any) -> str:
        """Where one stands once the record is gone."""
        return self.get_url(".index_view")

    # What stock Flask-Admin offers beside these, closed here unless a view opens it

    def get_list_row_actions(self) -> list[BaseListRowAction]:
        return []

    def get_delete_form(self) -> Any:
        return type("DeleteForm", (RecordForm,), {"id": HiddenField()})


def read_id(text: Any) -> int | None:
    """The id that an address names, None when it can't be one."""
    if isinstance(text, int):
        return text
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 10:
        return None
    return number if 0 < (number := int(text)) <= HIGHEST_ID else None


def read_instead() -> int | None:
    """Which choice must still stand for the one before to come back (0: none), None where nothing is taken back."""
    named = request.form.get("instead_of")
    return None if named is None else read_id(named) or 0
