"""The layout alone says which fields a form has; the columns say what each of them is."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from wtforms.validators import Length

from backoffice.admin import fields
from backoffice.admin.conversion import KeyField, RecordForm, VersionField
from backoffice.admin.inline import InlineRows
from backoffice.admin.layout import CARRIED, Cell, FirstRow, OtherRows, Section, fields_of
from backoffice.admin.records import RecordView
from tests.conftest import on_sqlite_only


def view_of(app: Flask, endpoint: str) -> Any:
    return next(view for view in app.extensions["admin"][0]._views if view.endpoint == endpoint)


def forms_of(app: Flask) -> list[tuple[str, Any]]:
    """Every form of every record view, with the name of its view."""
    views = [view for view in app.extensions["admin"][0]._views if isinstance(view, RecordView)]
    return [
        (view.endpoint, kind) for view in views for kind in (view._create_form_class, view._edit_form_class)
    ]


def test_sections_name_their_fields_in_order_and_each_once() -> None:
    sections = [
        Section("Un", "name", Cell("type", 2), FirstRow("contacts")),
        Section("Deux", OtherRows("contacts", skip=1), "name", "city", side=True),
    ]

    assert fields_of(sections) == ["name", "type", "contacts", "city"]


@on_sqlite_only
def test_a_form_has_the_fields_of_its_layout_and_what_it_carries(app: Flask) -> None:
    for endpoint in ("client", "contact", "address", "companytype", "paymentterm", "settings"):
        view = view_of(app, endpoint)
        with app.test_request_context():
            form = view._edit_form_class()
            assert set(form._fields) == {*fields_of(view.layout), *CARRIED}, endpoint


@on_sqlite_only
def test_what_a_form_carries_survives_the_rules(app: Flask) -> None:
    with app.test_request_context():
        for endpoint, kind in forms_of(app):
            assert issubclass(kind, RecordForm), endpoint
            form = kind()
            assert isinstance(form.row_version, VersionField), endpoint
            assert isinstance(form.idempotency_key, KeyField), endpoint


@on_sqlite_only
@pytest.mark.parametrize(
    ("field", "kind", "required"),
    [
        ("name", fields.TextField, True),
        ("website", fields.TextField, False),
        ("type", fields.LookupField, False),
        ("parent", fields.PickerField, False),
        ("vat_regime", fields.ChoiceField, False),
        ("is_active", fields.BoxField, False),
        ("country", fields.CountryField, False),
        ("contacts", InlineRows, False),
    ],
)
def test_a_column_says_what_its_field_is(app: Flask, field: str, kind: type, required: bool) -> None:
    with app.test_request_context():
        made: Any = view_of(app, "client")._create_form_class()[field]

    assert (type(made), bool(made.flags.required)) == (kind, required)


@on_sqlite_only
@pytest.mark.parametrize(("field", "longest"), [("name", 200), ("city", 120), ("siret", 40), ("country", 60)])
def test_a_column_says_how_long_its_text_may_be_as_typed(app: Flask, field: str, longest: int) -> None:
    with app.test_request_context():
        made: Any = view_of(app, "client")._create_form_class()[field]

    assert [check.max for check in made.validators if isinstance(check, Length)] == [longest]


@on_sqlite_only
def test_nothing_that_is_only_ours_to_set_is_a_field(app: Flask) -> None:
    ours = {"id", "version", "version_id", "created_at", "created_by", "password", "name_key", "client_id"}
    with app.test_request_context():
        for endpoint, kind in forms_of(app):
            assert ours.isdisjoint(kind()._fields), endpoint


@on_sqlite_only
def test_every_new_form_has_a_key_of_its_own_and_keeps_it_when_it_comes_back(app: Flask) -> None:
    view = view_of(app, "companytype")
    with app.test_request_context():
        first, second = view._create_form_class(), view._create_form_class()
    assert first.idempotency_key.data != second.idempotency_key.data

    with app.test_request_context(method="POST", data={"idempotency_key": "k" * 32, "label": "x"}):
        assert view.create_form().idempotency_key.data == "k" * 32
