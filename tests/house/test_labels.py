"""Every field that a person can see or change has its French name, said once, at the column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import configure_mappers
from wtforms import HiddenField

from backoffice import create_app  # noqa: F401 - all models are known once the product is imported
from backoffice.admin.records import RecordView
from backoffice.core.db import Base
from config import ROOT
from tests.conftest import on_sqlite_only


def shown_fields() -> Iterator[tuple[str, str, object]]:
    """(table, attribute, label) of what the history tells and forms show."""
    configure_mappers()
    for mapper in Base.registry.mappers:
        if getattr(mapper.class_, "__audited__", False):
            for attribute in mapper.column_attrs:
                column = attribute.columns[0]
                if not column.primary_key and column.info.get("audited", True):
                    yield mapper.class_.__tablename__, attribute.key, column.info.get("label")


def test_every_field_that_is_shown_has_a_label() -> None:
    assert [f"{table}.{field}" for table, field, label in shown_fields() if not label] == []
    assert len(list(shown_fields())) > 40


def record_views(app: Flask) -> list[Any]:
    return [view for view in app.extensions["admin"][0]._views if isinstance(view, RecordView)]


def form_fields(view: Any) -> Iterator[Any]:
    """The fields that a person sees in the forms of a view, rows of other records included."""
    for form in (view._create_form_class(), view._edit_form_class()):
        for field in form:
            yield field
            if hasattr(field, "entry_of"):
                yield from field.blank.form


@on_sqlite_only
def test_every_field_of_every_form_has_a_label(app: Flask) -> None:
    with app.test_request_context():
        fields = [
            (view.endpoint, field)
            for view in record_views(app)
            for field in form_fields(view)
            if not isinstance(field, HiddenField)
        ]

        # Without a label of ours, which is lazy, WTForms makes one of the field's name.
        assert [
            f"{endpoint}.{field.name}"
            for endpoint, field in fields
            if not isinstance(field.label.text, LazyString) or not str(field.label.text).strip()
        ] == []
    assert len(fields) > 150


@on_sqlite_only
def test_every_column_order_and_filter_of_every_list_has_a_label(app: Flask) -> None:
    with app.test_request_context():
        views = record_views(app)
        shown = [
            (view, name)
            for view in views
            if "index_view" in view.rights and view.orders
            for name in {*view.column_list, *view.orders, *(view.column_details_list or ())} - {"id"}
        ]

        assert [f"{view.endpoint}.{name}" for view, name in shown if not view.column_labels.get(name)] == []
        assert [
            f"{view.endpoint}.{named.key}"
            for view in views
            for named in view.named_filters
            if not str(named.name).strip()
        ] == []
    assert len(shown) > 30


def test_every_word_of_the_glossary_is_that_of_the_screen() -> None:
    configure_mappers()
    labels = {
        (attribute.key.removesuffix("_id"), str(attribute.columns[0].info.get("label", "")).casefold())
        for mapper in Base.registry.mappers
        for attribute in mapper.column_attrs
    }
    glossary = (ROOT / "backoffice" / "README.md").read_text("utf-8").partition("| Code | Screen |")[2]
    rows = [line.strip("| ").split(" | ") for line in glossary.splitlines() if line.startswith("| `")]

    assert rows
    for code, word in rows:
        assert [label for field, label in labels if field == code.strip("`") and word.casefold() in label], (
            code
        )
