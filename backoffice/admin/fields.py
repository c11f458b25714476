"""Form fields that speak French, keep what was typed and never load a whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from wtforms import BooleanField, Field, StringField
from wtforms import SelectField as StockSelectField
from wtforms.fields import SelectChoice, SelectFieldBase
from wtforms.fields.choices import Choice as Option
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import Select, TextInput, html_params

from backoffice.admin import naming
from backoffice.admin.formats import country
from backoffice.core.db import db, writing

REQUIRED = _("Ce champ est obligatoire : remplissez-le.")
UNKNOWN_CHOICE = _("Ce choix n'existe plus : choisissez-en un autre.")


@dataclass(frozen=True)
class Choice:
    """One row of a lookup as a form offers it."""

    id: int
    label: str
    is_active: bool
    is_default: bool


#: From a lookup model to what a form may offer of it (all rows, in order; the field drops inactive ones).
OFFERS: dict[type, Callable[[], Sequence[Choice]]] = {}


class Filled:
    """Refuses nothing, and blanks, which the stock validator takes for something."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Field) -> None:
        if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
            if field.process_errors:
                raise StopValidation  # something was typed: what is wrong with it is said already
            field.errors = []  # type: ignore[assignment]  # the stubs know only the first, empty tuple
            raise StopValidation(str(REQUIRED))


class TextField(StringField):
    """One line of text, without blanks around it; `shows` writes a stored value the way people read it."""

    def __init__(self, *args: Any, shows: Callable[[str], str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shows = shows
        self._stored: Any = None

    def process_data(self, value: Any) -> None:
        self.data = self._stored = value

    def _shown(self) -> str:
        if self._stored is None:
            return ""
        return self.shows(str(self._stored)) if self.shows else str(self._stored)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self._shown()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Text that comes back as it was shown is what is stored: reading it anew could change it."""
        if valuelist and not (self.shows and valuelist[0] == self._shown()):
            self.data = valuelist[0].strip() or None


class BoxField(BooleanField):
    """A box led by a hidden 0: neither sent means "as it was" (or the default, on creation)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[-1] not in ("0", "", "false")

    def __call__(self, **kwargs: Any) -> Markup:
        hidden = html_params(type="hidden", name=self.name, value="0")
        box = html_params(
            type="checkbox", name=self.name, value="1", id=self.id, checked=bool(self.data), **kwargs
        )
        return Markup(f"<input {hidden}><input {box}>")  # noqa: S704  html_params escapes


class ChoiceField(StockSelectField):
    """A fixed choice, as declared on the column (pairs of key and label); not sent means "as it was"."""

    def __init__(self, label: Any = None, choices: Iterable[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(label, choices=[SelectChoice(key, shown) for key, shown in choices], **kwargs)

    def pre_validate(self, form: Any) -> None:
        if self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(str(UNKNOWN_CHOICE))

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = valuelist[0]


class LookupField(SelectFieldBase):
    """A row of a lookup table: active rows, and the one already in use whatever its state."""

    widget = Select()

    def __init__(
        self, *args: Any, model: type, blank: bool = True, begins_with_default: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.begins_with_default = begins_with_default
        self.model = model
        self.blank = blank
        self._kept: int | None = None
        self._unknown = False

    def process_data(self, value: Any) -> None:
        self.data = value
        self._kept = value.id if value is not None else None

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        typed = valuelist[0].strip()
        offered = {str(choice.id) for choice in self.offered()}
        self.data = self._take(int(typed)) if typed in offered else None
        self._unknown = bool(typed) and self.data is None

    def _take(self, id_: int) -> Any:
        """The row, kept from being replaced or removed until the form is saved; None when it just was."""
        if id_ == self._kept or not writing.get():
            return db.session.get(self.model, id_)
        lock = {"read": True, "key_share": True}
        row: Any = db.session.get(self.model, id_, with_for_update=lock, populate_existing=True)
        return row if row is not None and row.is_active else None

    def offered(self) -> list[Choice]:
        """What can be chosen, in the order of the table."""
        return [choice for choice in OFFERS[self.model]() if choice.is_active or choice.id == self._kept]

    @property
    def keeper(self) -> Any:
        """The screen of the table, for whoever may keep it."""
        views = (view for admin in current_app.extensions.get("admin", ()) for view in admin._views)
        found = next((view for view in views if getattr(view, "model", None) is self.model), None)
        return found if found is not None and found.is_accessible() else None

    def select_default(self) -> None:
        """On a new form, begin with the row that administrators marked as the default."""
        if self.begins_with_default and self.data is None:
            default = next((choice.id for choice in self.offered() if choice.is_default), None)
            self.data = db.session.get(self.model, default) if default else None

    def pre_validate(self, form: Any) -> None:
        if self._unknown:
            raise ValidationError(str(UNKNOWN_CHOICE))

    def iter_choices(self) -> Iterator[Option]:
        chosen = self.data.id if self.data is not None else None
        if self.blank:
            yield Option("", "", chosen is None, {})
        for choice in self.offered():
            label = choice.label if choice.is_active else " ".join((choice.label, str(_("(inactif)"))))
            yield Option(str(choice.id), label, choice.id == chosen, {})


class PickerField(Field):
    """A record found as one types; the page sends its id. What is chosen must be in the loader's scope."""

    widget = TextInput()

    def __init__(self, *args: Any, loader: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loader = loader
        #: Several records that what was typed without a script may mean.
        self.offered: list[tuple[int, str]] = []
        self._typed: str | None = None
        self._kept: Any = None
        self._unknown = False
        self._id = ""

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        self._typed = naming.typed_in(formdata, self.name) if formdata else None
        super().process(formdata, *args, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = self._kept = value

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        if self._typed is not None:
            self._take_named(self._typed, valuelist[1:])
            return
        typed = self._id = valuelist[-1].strip()
        if self._kept is not None and typed == str(self._kept.id):
            self.data = self._kept
            return
        self.data = self.loader.get_one(typed) if typed else None
        self._unknown = bool(typed) and self.data is None

    def _take_named(self, typed: str, chosen: list[str]) -> None:
        """Without a script: the one record that the text names, or the one chosen among those offered for it."""
        found = naming.named(self.loader, typed)
        wanted = [record for record in found if str(record.id) in chosen] or found
        self.data = wanted[0] if len(wanted) == 1 else None
        self._unknown = bool(typed) and self.data is None
        self.offered = [self.loader.format(record) for record in found] if self._unknown else []

    def pre_validate(self, form: Any) -> None:
        if not self._unknown:
            return
        if self._typed is None:
            raise StopValidation(str(self._why_not()))
        sentence = naming.SEVERAL_NAMED if self.offered else naming.NONE_NAMED
        raise StopValidation(str(sentence) % {"typed": self._typed})

    def _why_not(self) -> Any:
        """What is wrong with an id that is not in the scope: nothing there, or what is there is out of use."""
        named = getattr(self.loader, "named", None)
        record = named(self._id) if named is not None else None
        if record is not None and getattr(record, "is_active", True) is False:
            return _(
                "%(name)s est inactif : réactivez d’abord sa fiche, ou faites un autre choix.", name=record
            )
        return UNKNOWN_CHOICE

    @property
    def shown(self) -> str:
        """The chosen record as its loader words it."""
        return str(self.loader.format(self.data)[1]) if self.data is not None else ""

    @property
    def unsettled(self) -> str:
        """What was typed without a script and names no record, or several."""
        return self._typed or "" if self._unknown else ""

    def _value(self) -> str:
        return str(self.data.id) if self.data is not None else ""


class CountryField(TextField):
    """A country by name or code, proposed from one list of the page."""

    looks = "country"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, shows=country, **kwargs)
