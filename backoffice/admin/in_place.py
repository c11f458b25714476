"""Facts of a card that are edited where they stand: a small form, the rules and rights of the whole one.

A view declares `in_place`: the name of each fact and the fields of the form that it is made of. What is sent
beside those fields is refused; what is not sent stays as it was, and all the rules are asked all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import lazy_gettext as _
from sqlalchemy import inspect

from backoffice.admin import comparing, naming, saving
from backoffice.admin.flashes import say
from backoffice.admin.formats import shown_by
from backoffice.admin.layout import Cell
from backoffice.admin.records import RecordView
from backoffice.core import audit
from backoffice.core.db import db

#: What every small form may send beside its own fields.
_CARRIED = frozenset({"csrf_token", "row_version", "seen_fact", "url", "_undo", "_resumed"})
_TOO_LATE = _("Trop tard pour annuler : la fiche a changé depuis. Rien n'est modifié.")


class InPlace(RecordView):
    """A record whose card lets single facts be edited."""

    in_place: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init__(self, model: type, *args: Any, **kwargs: Any) -> None:
        super().__init__(model, *args, **kwargs)
        relations: Any = model.__mapper__.relationships  # type: ignore[attr-defined]
        rows = [name for name, relation in relations.items() if relation.uselist]
        self._fact_form_class = type("FactForm", (self._edit_form_class,), dict.fromkeys(rows))
        self._fact_cells = {cell.field_name: cell for rule in self.layout for cell in _cells(rule)}

    @property
    def form_class(self) -> Any:
        """The class of the form that edits: the whole one, or without its inline rows for a single fact."""
        is_fact = request.endpoint == f"{self.endpoint}.field_view"
        return self._fact_form_class if is_fact else self._edit_form_class

    def fact_label(self, fact: str) -> Any:
        """What a fact is called: as its first field."""
        return self.column_labels[self.in_place[fact][0]]

    def empty_facts(self, record: Any) -> list[tuple[str, Any]]:
        """The facts of which the record says nothing yet, each with its label."""
        return [(fact, self.fact_label(fact)) for fact in self.in_place if self._is_empty(record, fact)]

    def _is_empty(self, record: Any, fact: str) -> bool:
        """Fields that begin with a default (a country, a box) tell nothing by themselves."""
        columns = self.model.__table__.c
        telling = [name for name in self.in_place[fact] if name not in columns or not columns[name].default]
        return bool(telling) and not any(getattr(record, name) for name in telling)

    @expose("/field/", methods=("GET", "POST"))
    def field_view(self) -> ResponseReturnValue:
        fact, asked = request.args.get("name", ""), request.args.get("id")
        if fact not in self.in_place:
            abort(404)
        if request.method == "GET" or "_resumed" in request.form:
            return self.field_page(*self.opened(asked, self.details_loads or ()), fact)
        if request.form.keys() - {*_CARRIED, *self._sent_by(fact)}:
            abort(400)
        return self._save_fact(fact, asked)

    def _sent_by(self, fact: str) -> set[str]:
        """The fields of a fact, and what its pickers send where no script runs."""
        names = self.in_place[fact]
        pickers = set(names) & (self.form_ajax_refs or {}).keys()
        return {*names, *(field for name in pickers for field in naming.text_fields(name))}

    def _save_fact(self, fact: str, asked: Any) -> ResponseReturnValue:
        before: dict[str, Any] = {}
        undo: dict[str, Any] = {}

        def find() -> Any:
            record = self.find(asked, lock=True)
            before.update(_values(record))
            undo.update((name, _sendable(getattr(record, name))) for name in self.in_place[fact])
            return record

        try:
            form, record = saving.save(self, lambda record: self.edit_form(obj=record), find, False)
        except saving.Conflict as conflict:
            return self._fact_conflict(conflict.record, fact)
        if record is None:
            return self.field_page(form, self.find(asked, self.details_loads or ()), fact)
        self._say_saved(form, record, fact, before, undo)
        return redirect(get_redirect_target() or self.home_of(record))

    def _fact_conflict(self, record: Any, fact: str) -> ResponseReturnValue:
        """Somebody saved first. What was to be taken back stays; what was typed can be sent knowingly."""
        if "_undo" in request.form:
            flash(str(_TOO_LATE), "error")
            return redirect(get_redirect_target() or self.home_of(record))
        comparison, own = comparing.compare(self, record), self.in_place[fact]
        form: Any = self.edit_form(obj=record)
        form.row_version.data, form.seen_fact.data = str(record.version), comparison.newest
        return self.field_page(
            form,
            record,
            fact,
            409,
            latest=comparison.latest or audit.latest_fact(db.session, record),
            differences=[each for each in comparison.differences if each.name in own],
        )

    def _say_saved(
        self, form: Any, record: Any, fact: str, before: Mapping[str, Any], undo: Mapping[str, Any]
    ) -> None:
        """Say what the fact is now, and offer to take it back unless more than it has changed."""
        changed = {name for name, value in _values(record).items() if before[name] != value}
        if not changed:
            return
        home = get_redirect_target() or self.home_of(record)
        back = {**undo, "row_version": record.version, "url": home, "_undo": 1}
        can_undo = changed <= self._columns_of(fact)
        address = self.get_url(".field_view", id=record.id, name=fact)
        say(self._said_of(form, record, fact), undo=(address, back) if can_undo else None)

    def _said_of(self, form: Any, record: Any, fact: str) -> str:
        shown = ", ".join(filter(None, (_shown(form[name], record, name) for name in self.in_place[fact])))
        label = self.fact_label(fact)
        if not shown:
            return str(_("%(label)s : effacé.", label=label))
        return str(_("%(label)s : %(value)s.", label=label, value=shown))

    def _columns_of(self, fact: str) -> set[str]:
        mapper = inspect(self.model)
        relations = mapper.relationships
        return {
            column.key
            for name in self.in_place[fact]
            for column in (
                relations[name].local_columns if name in relations else mapper.column_attrs[name].columns
            )
        }

    def field_page(
        self, form: Any, record: Any, fact: str, status: int = 200, **context: Any
    ) -> ResponseReturnValue:
        """The small form; what is wrong in other fields stands above it, with the way to the whole form."""
        names = self.in_place[fact]
        own = {form[name].id for name in names}
        wrong = saving.summary(form) if request.method == "POST" else []
        page = self.render(
            "admin/field.html",
            form=form,
            record=record,
            fact=fact,
            heading=self.fact_label(fact),
            cells=[self._fact_cells[name] for name in names],
            elsewhere=[(label, sentences) for id_, label, sentences in wrong if id_ not in own],
            return_url=get_redirect_target() or self.home_of(record),
            **context,
        )
        return page, status


def _cells(rule: Any) -> Iterator[Cell]:
    """The cells of a layout, in their order."""
    if isinstance(rule, Cell):
        yield rule
    for child in getattr(rule, "rules", None) or filter(None, (getattr(rule, "child_rule", None),)):
        yield from _cells(child)


def _values(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name, _secret in audit.audited_columns(record)}


def _sendable(value: Any) -> Any:
    """A stored value as a form sends it."""
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else getattr(value, "id", value)


def _shown(field: Any, record: Any, name: str) -> str:
    """What a field holds now, as people read it; "" for nothing."""
    value = getattr(record, name)
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return str(field.label.text)
    return shown_by(field, value)
