"""More fields of forms: a text of several lines, an hour of the day, one of the records that a query offers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from wtforms.fields import SelectFieldBase
from wtforms.fields.choices import Choice as Option
from wtforms.validators import ValidationError
from wtforms.widgets import Select as SelectWidget
from wtforms.widgets import TextArea

from backoffice.admin.fields import UNKNOWN_CHOICE, TextField
from backoffice.core.db import db

_TIME = re.compile(r"([01]?\d|2[0-3])(?:\s*[:hH.]\s*(?:([0-5]\d)(?::00)?)?)?", re.ASCII)
_ID = re.compile(r"[1-9]\d{0,8}", re.ASCII)


class AreaField(TextField):
    """A text of several lines."""

    widget: Any = TextArea()

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0].replace("\r\n", "\n").strip("\n") or None


class TimeField(TextField):
    """An hour of the day, typed `14:30`, `14h30` or `9 h`."""

    looks = "time"

    def _shown(self) -> str:
        return self._stored.strftime("%H:%M") if isinstance(self._stored, datetime.time) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, str):
            typed, self.data = self.data, None  # text that is no hour must not reach the record
            self.data = read_time(typed)


def read_time(typed: str) -> datetime.time:
    """The hour that was typed. Raises ValueError with a French sentence."""
    found = _TIME.fullmatch(typed.strip())
    if found is None:
        raise ValueError(str(_("Ce n’est pas une heure : écrivez par exemple 14:30.")))
    return datetime.time(int(found[1]), int(found[2] or 0))


class RecordField(SelectFieldBase):
    """One of the records that a query offers. One beside them is taken all the same: the rules speak of it."""

    widget = SelectWidget()
    keeper = None
    model: ClassVar[Any]
    blank: ClassVar[Any] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unknown = False

    def process_data(self, value: Any) -> None:
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            typed = valuelist[0].strip()
            self.data = db.session.get(self.model, int(typed)) if _ID.fullmatch(typed) else None
            self._unknown = bool(typed) and self.data is None

    def pre_validate(self, form: Any) -> None:
        if self._unknown:
            raise ValidationError(str(UNKNOWN_CHOICE))

    def query(self) -> Select[Any] | None:
        """What is offered; None for nothing."""
        raise NotImplementedError

    def offered(self) -> Sequence[Any]:
        """The records that can be chosen, the chosen one among them."""
        query = self.query()
        found = list(db.session.scalars(query)) if query is not None else []
        return found if self.data is None or self.data in found else [self.data, *found]

    def iter_choices(self) -> Iterator[Option]:
        yield Option("", str(self.blank), self.data is None, {})
        for record in self.offered():
            yield Option(str(record.id), self.word(record), record is self.data, {})

    def word(self, record: Any) -> str:
        """What a record is called in the list."""
        return str(record)
