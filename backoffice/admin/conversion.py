"""From a column to its form field: label, length, requirement and kind are those of the column."""

from __future__ import annotations

from typing import Any

from flask_admin.contrib.sqla.form import AdminModelConverter, InlineModelConverter
from flask_admin.form import BaseForm, recreate_field
from flask_admin.model.form import FieldPlaceholder
from flask_babel import lazy_gettext as _
from sqlalchemy import Boolean, Date, Integer, Numeric, String, Text, Time
from wtforms import HiddenField
from wtforms.validators import Length

from backoffice.admin import fields, quantities, typed
from backoffice.admin.inline import InlineRows
from backoffice.core.db import Money
from backoffice.core.idempotency import new_key

TOO_LONG = _("Trop long : %(max)d caractères au plus.")


def fits(column: Any) -> Length:
    """Refuses text that is longer than may be typed for this column."""
    return Length(max=column.info.get("typed_max", column.type.length), message=TOO_LONG)


class KeyField(HiddenField):
    """The idempotency key of this form: made with it, then carried."""

    def process_data(self, value: Any) -> None:
        self.data = new_key()


class VersionField(HiddenField):
    """The version of the record as this form was opened."""

    def populate_obj(self, obj: Any, name: str) -> None:
        """It is compared by the view, never written."""


class SeenField(VersionField):
    """The newest fact of the record as this form was opened: where a comparison begins."""


class RecordForm(BaseForm):
    """The form of one record, with what makes sending it twice or too late harmless."""

    row_version = VersionField()
    seen_fact = SeenField()
    idempotency_key = KeyField()

    def __init__(self, formdata: Any = None, obj: Any = None, prefix: str = "", **kwargs: Any) -> None:
        super().__init__(formdata=formdata, obj=obj, prefix=prefix, **kwargs)
        if (
            obj is not None
            and self.row_version.raw_data is None
            and getattr(obj, "version", None) is not None
        ):
            self.row_version.data = str(obj.version)
        if obj is None and formdata is None:
            for field in self:
                if isinstance(field, fields.LookupField):
                    field.select_default()


class KitConverter(AdminModelConverter):
    """Makes our fields out of our columns."""

    def convert(self, model: Any, mapper: Any, name: str, prop: Any, field_args: Any, hidden_pk: bool) -> Any:
        if isinstance(prop, FieldPlaceholder):
            return recreate_field(prop.field)
        args: dict[str, Any] = {"validators": [], **(field_args or {})}
        override = (getattr(self.view, "form_overrides", None) or {}).get(name)
        if hasattr(prop, "direction"):
            return self._relation(name, prop, args, override)
        column = prop.columns[0]
        if column.primary_key:
            return HiddenField() if hidden_pk else None
        args.setdefault("label", column.info["label"])
        return self._column(column, args, override)

    def _relation(self, name: str, prop: Any, args: dict[str, Any], override: Any) -> Any:
        if prop.uselist:
            return None  # to-many relations are inline rows
        args.setdefault("label", prop.info["label"])
        required = not prop.local_columns.copy().pop().nullable
        if required:
            args["validators"] = [fields.Filled(), *args["validators"]]
        loader = getattr(self.view, "_form_ajax_refs", {}).get(name)
        if override:
            return override(**args)
        if loader:
            return fields.PickerField(loader=loader, **args)
        return fields.LookupField(model=prop.mapper.class_, blank=not required, **args)

    def _column(self, column: Any, args: dict[str, Any], override: Any) -> Any:
        if isinstance(column.type, Boolean):
            return fields.BoxField(default=bool(column.default and column.default.arg), **args)
        if not column.nullable and column.default is None and not column.info.get("completed"):
            args["validators"] = [fields.Filled(), *args["validators"]]
        if "choices" in column.info:
            default = column.default.arg if column.default is not None else None
            return fields.ChoiceField(choices=list(column.info["choices"].items()), default=default, **args)
        if isinstance(column.type, String) and (column.type.length or "typed_max" in column.info):
            args["validators"] = [*args["validators"], fits(column)]
        if column.default is not None and column.default.is_scalar:
            args.setdefault("default", column.default.arg)
        return (override or self._plain(column))(**args)

    @staticmethod
    def _plain(column: Any) -> Any:
        for kind, field in (
            (Integer, quantities.NumberField),
            (Numeric, quantities.DecimalField),
            (Money, quantities.DecimalField),
            (Date, quantities.DateField),
            (Time, typed.TimeField),
            (Text, typed.AreaField),
        ):
            if isinstance(column.type, kind):
                return field
        return fields.TextField


class KitInlineConverter(InlineModelConverter):
    """Inline records as rows that refuse foreign and vanished ids."""

    inline_field_list_type = InlineRows
