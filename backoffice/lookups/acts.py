"""What administrators do with the rows of a table of choices, beside editing them.

Their order, whether they are offered, which one is the default, their replacement and removal; and, for forms
that are open in another tab, what they may offer now.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import get_locale, ngettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from backoffice.admin import fields
from backoffice.admin.flashes import say
from backoffice.admin.formats import show
from backoffice.admin.records import RecordView, read_id, read_instead
from backoffice.core.db import db
from backoffice.core.problems import Problem, Rejected
from backoffice.lookups import ordering, replacing, services

_METHODS = (
    "index_view",
    "create_view",
    "edit_view",
    "delete_view",
    "order_view",
    "activate_view",
    "deactivate_view",
    "default_view",
    "replace_view",
)


def offer(model: Any) -> Sequence[fields.Choice]:
    """What forms and filters offer of a lookup table, in the reader's language."""
    english = str(get_locale() or "fr") == "en"
    return [
        fields.Choice(row.id, (english and row.label_en) or row.label, row.is_active, row.is_default)
        for row in services.choices(db.session(), model.__tablename__)
    ]


class LookupActs(RecordView):
    """The acts on one row or on all rows of a table."""

    rights: ClassVar = dict.fromkeys(_METHODS, "lookup.write") | {"choices_view": "client.write"}

    # The way back to a form that is being filled in

    @property
    def is_from_form(self) -> bool:
        """Was this tab opened from a form that waits in another one?"""
        return request.values.get("from") == "form"

    def get_url(self, endpoint: str, **kwargs: Any) -> str:
        """Our own addresses keep in mind where one comes from."""
        if endpoint.startswith(".") and self.is_from_form:
            kwargs.setdefault("from", "form")
        return super().get_url(endpoint, **kwargs)

    @expose("/choices/")
    def choices_view(self) -> ResponseReturnValue:
        """What a form that is open elsewhere may now offer: id, label, and whether it is the default."""
        return jsonify([(row.id, row.label, row.is_default) for row in offer(self.model) if row.is_active])

    def find(self, id: Any, loads: Iterable[Any] = (), lock: bool = False) -> Any:
        """Who is about to change a row first locks the whole table, see `services.lock`."""
        if lock:
            services.lock(db.session(), self.model)
        return super().find(id, loads, lock)

    # Order

    def may_be_ordered(self, asked: Any, page: Any) -> bool:
        """Rows move only where all of them are shown in their own order."""
        is_own_order = asked.sort == "position" and not asked.descending and asked.status == "all"
        return bool(is_own_order and not (page.previous or page.next))

    @expose("/order/", methods=("POST",))
    def order_view(self) -> ResponseReturnValue:
        ids = [read_id(sent) or 0 for sent in request.form.getlist("id")]
        for button, step in (("up", -1), ("down", 1)):
            ids = ordering.moved(ids, read_id(request.form.get(button)), step)
        try:
            former = ordering.reorder(db.session(), self.model, ids)
        except Rejected as refusal:
            db.session.rollback()
            flash(str(refusal.message), "error")
        else:
            db.session.commit()
            say(_("Ordre enregistré."), undo=(self.get_url(".order_view"), {"id": former}))
        return self._back()

    # State

    @expose("/activate/", methods=("POST",))
    def activate_view(self) -> ResponseReturnValue:
        return self._switch(True, _("« %(label)s » est de nouveau proposé."), ".deactivate_view")

    @expose("/deactivate/", methods=("POST",))
    def deactivate_view(self) -> ResponseReturnValue:
        said = _("« %(label)s » n'est plus proposé. Il reste visible là où il sert.")
        return self._switch(False, said, ".activate_view")

    def _switch(self, is_active: bool, said: Any, undo: str) -> ResponseReturnValue:
        row = self.find(request.form.get("id"), lock=True)
        was = row.is_active
        refusal = services.switch(db.session(), row, is_active)
        back = None if was == is_active else (self.get_url(undo), {"id": row.id})
        return self._done(refusal, str(said) % {"label": row}, back)

    @expose("/default/", methods=("POST",))
    def default_view(self) -> ResponseReturnValue:
        """`value` 0 leaves the table without a default; anything else makes the row the default."""
        row, is_default = self.find(request.form.get("id"), lock=True), request.form.get("value") != "0"
        former = services.default_of(db.session(), self.model)
        is_change = (former is row) != is_default
        refusal = services.set_default(db.session(), row, is_default, read_instead())
        undo: dict[str, Any] = {"id": former.id} if former is not None else {"id": row.id, "value": "0"}
        undo["instead_of"] = row.id if is_default else 0
        said = _("« %(label)s » est proposé par défaut.") if is_default else _("Plus aucun choix par défaut.")
        back = (self.get_url(".default_view"), undo) if is_change else None
        return self._done(refusal, str(said) % {"label": row}, back)

    def _done(self, refusal: Problem | None, said: str, undo: Any) -> ResponseReturnValue:
        if refusal is not None:
            db.session.rollback()
            flash(str(refusal.message), refusal.level)
        else:
            db.session.commit()
            say(said, undo=undo)
        return self._back()

    def _back(self) -> ResponseReturnValue:
        return redirect(get_redirect_target() or self.get_url(".index_view"))

    # Removal and replacement

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> ResponseReturnValue:
        """What is used is not deleted; the answer says how to be rid of it all the same."""
        record = self.find(request.form.get("id"), lock=True)
        refusal = services.refuse_delete(db.session(), record)
        if refusal is None:
            answer: ResponseReturnValue = super().delete_view()
            return answer
        link = Markup('{} <a href="{}">{}</a>').format(
            refusal.message, self.get_url(".replace_view", id=record.id), _("Remplacer par…")
        )
        db.session.rollback()
        flash(link, "error")
        return self._back()

    @expose("/replace/", methods=("GET", "POST"))
    def replace_view(self) -> ResponseReturnValue:
        row = self.find(request.args.get("id"))
        if request.method == "GET":
            return self._replace_page(row)
        wanted = read_id(request.form.get("replacement")), "1" in request.form.getlist("deactivate")
        try:
            said = self._replaced(row, *wanted)
        except Rejected as refusal:
            db.session.rollback()
            return self._replace_page(self.find(request.args.get("id")), str(refusal.message))
        flash(said, "success")
        return redirect(self.get_url(".replace_view", id=row.id))

    def _replaced(self, row: Any, new_id: int | None, deactivate: bool) -> str:
        changed, new = replacing.replace(db.session(), self.model, row.id, new_id, deactivate)
        said: str = ngettext(
            "%(amount)s fiche porte maintenant « %(new)s » au lieu de « %(old)s ».",
            "%(amount)s fiches portent maintenant « %(new)s » au lieu de « %(old)s ».",
            changed,
            amount=show(changed),
            new=str(new),
            old=str(row),
        )
        db.session.commit()
        return said

    def _replace_page(self, row: Any, error: str | None = None) -> ResponseReturnValue:
        uses = replacing.uses(db.session(), row)
        offered = [choice for choice in offer(self.model) if choice.is_active and choice.id != row.id]
        is_ticked = error is None or "1" in request.form.getlist("deactivate")
        return self.render(
            "lookups/replace.html", row=row, uses=uses, offered=offered, error=error, is_ticked=is_ticked
        )
