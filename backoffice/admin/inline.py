"""Inline records of a form: paired with what is stored by their id, never by their order.

A row whose id is not one of the record's own (another client's, or deleted in the meantime) is refused once:
it then stands in the form as a new one, for the person to save or to take away. A row that the form does not
mention stays as it is; a new row left blank is no row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_admin.contrib.sqla.fields import InlineModelFormList
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import object_session
from wtforms.utils import unset_value

VANISHED = _(
    "Cette ligne n'existe plus dans cette fiche : retirez-la, ou enregistrez pour l'ajouter à nouveau."
)
TOO_MANY = _("Trop de lignes : %(most)d au plus par fiche.")
MOST_ROWS = 300
PREFILLED = frozenset({"id", "country", "is_active", "civility", "source"})


class InlineRows(InlineModelFormList):
    """The rows of a to-many relation in its parent's form."""

    def __init__(
        self,
        *args: Any,
        first: Callable[[Any], bool] | None = None,
        omit: Callable[[Any], bool] | None = None,
        at_least: int = 0,
        **kwargs: Any,
    ) -> None:
        """`first` tells the row that leads, `omit` those that the form shows elsewhere."""
        super().__init__(*args, **kwargs)
        self.is_first = first
        self.is_omitted = omit
        self.at_least = at_least
        self.too_many = False

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.entries: list[Any] = []
        self.last_index = -1
        self.object_data = data
        stored = self._ordered([] if data is unset_value or data is None else data)
        indices = sorted(set(self._extract_indices(self.name, formdata))) if formdata else []
        if indices:
            self.too_many = len(indices) > MOST_ROWS
            by_id = {str(row.id): row for row in stored}
            for index in indices[:MOST_ROWS]:
                self._add_sent(formdata, index, by_id)
        else:
            for row in stored:
                self._tell(self._add_entry(None, row), record=row)
        while len(self.entries) < self.at_least:
            self._tell(self._add_entry(formdata), is_blank=True)

    def _ordered(self, rows: Iterable[Any]) -> list[Any]:
        kept = [row for row in rows if not (self.is_omitted and self.is_omitted(row))]
        is_first = self.is_first
        return sorted(kept, key=lambda row: not is_first(row)) if is_first else kept

    def _add_sent(self, formdata: Any, index: int, by_id: dict[str, Any]) -> None:
        sent_id = formdata.get(f"{self.name}-{index}-id", "").strip()
        entry = self._add_entry(formdata, by_id.get(sent_id, unset_value), index=index)
        record = by_id.pop(sent_id, None)  # an id sent twice is a foreign id the second time
        entry._should_delete = f"del-{entry.id}" in formdata
        self._tell(
            entry,
            record=record,
            is_foreign=bool(sent_id) and record is None,
            is_blank=not sent_id and not any(_typed(formdata, f"{self.name}-{index}-")),
        )

    @staticmethod
    def _tell(entry: Any, record: Any = None, is_foreign: bool = False, is_blank: bool = False) -> None:
        entry.record, entry.is_foreign, entry.is_blank = record, is_foreign, is_blank

    def _counts(self, position: int, entry: Any) -> bool:
        """Is this a row to check and save? Blank new rows are not, but those that must be there are."""
        return not self.should_delete(entry) and (not entry.is_blank or position < self.at_least)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        self.errors = []
        if self.too_many:
            self.errors.append(str(TOO_MANY) % {"most": MOST_ROWS})
        for position, entry in enumerate(self.entries):
            if entry.is_foreign and not self.should_delete(entry):
                entry.form.form_errors.append(str(VANISHED))
                entry.form.id.data = None
                self.errors.append({None: [str(VANISHED)]})
            elif self._counts(position, entry) and not entry.validate(form):
                self.errors.append(entry.errors)
        return not self.errors

    def populate_obj(self, obj: Any, name: str) -> None:
        rows = getattr(obj, name)
        for position, entry in enumerate(self.entries):
            if entry.is_foreign:
                continue
            if self.should_delete(entry):
                self._remove(entry, rows)
            elif self._counts(position, entry):
                if entry.record is None:
                    entry.record = self.model()
                    rows.append(entry.record)
                entry.populate_obj(entry.record, name)

    @staticmethod
    def _remove(entry: Any, rows: list[Any]) -> None:
        """Deleted by name: the history does not see what the mapper deletes as an orphan."""
        if entry.record is not None and entry.record in rows:
            rows.remove(entry.record)
            if (session := object_session(entry.record)) is not None:
                session.delete(entry.record)

    def entry_of(self, record: Any) -> Any:
        """The row of the form that a record came from, None for one that the form does not mention."""
        return next((entry for entry in self.entries if getattr(entry, "record", None) is record), None)

    @property
    def most(self) -> int:
        """How many rows the page may add up to."""
        return MOST_ROWS

    @property
    def blank(self) -> Any:
        """An empty row, for the page to copy."""
        template = self.unbound_field.bind(form=None, name=f"{self.name}-__index__", _meta=self.meta)
        template.process(None)
        return template


def _typed(formdata: Any, prefix: str) -> Iterable[bool]:
    """What a person has put into a row, beside what a new row begins with (its country, its boxes, its lists)."""
    for key in formdata:
        if key.startswith(prefix) and key.removeprefix(prefix) not in PREFILLED:
            yield any(value.strip() for value in formdata.getlist(key))
