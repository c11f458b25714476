"""Fields that speak French, keep what was typed, and store nothing anew that comes back as it was shown."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import Length

from backoffice.admin import fields, quantities
from backoffice.admin.conversion import TOO_LONG
from backoffice.lookups.models import Source
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only


class Example(Form):
    """One field of each kind."""

    name = fields.TextField("Nom", validators=[fields.Filled(), Length(max=10, message=TOO_LONG)])
    siret = fields.TextField("SIRET", shows=lambda stored: f"{stored[:3]} {stored[3:]}")
    day = quantities.DateField("Jour")
    amount = quantities.DecimalField("Montant")
    number = quantities.NumberField("Nombre")
    box = fields.BoxField("Oui", default=True)
    choice = fields.ChoiceField("Choix", choices=(("a", "Un"), ("b", "Deux")), default="a")
    country = fields.CountryField("Pays")
    source = fields.LookupField("Source", model=Source)


class Record:
    """What is stored, by the names of the form."""

    def __init__(self, **stored: Any) -> None:
        for name in ("name", "siret", "day", "amount", "number", "country", "source"):
            setattr(self, name, stored.get(name))
        self.box, self.choice = stored.get("box", False), stored.get("choice", "b")


def sent(record: Record | None = None, **typed: str | list[str]) -> Any:
    """The form as it comes back from the page, on top of a stored record."""
    form = Example(MultiDict({"name": "Alpha", **typed}), obj=record)
    form.validate()
    return form


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Any:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("31/12/2026", datetime.date(2026, 12, 31)),
        (" 1/3/2026 ", datetime.date(2026, 3, 1)),
        ("01-03-2026", datetime.date(2026, 3, 1)),
        ("1.3.2026", datetime.date(2026, 3, 1)),
        ("2026-03-01", datetime.date(2026, 3, 1)),
        ("", None),
    ],
)
def test_days_are_typed_the_french_way_or_the_computers(typed: str, read: datetime.date | None) -> None:
    form = sent(day=typed)

    assert (form.day.data, form.day.errors) == (read, [])


@pytest.mark.parametrize(
    "typed", ["31/02/2026", "12/31/2026", "1/3/26", "demain", "0/0/0", "2026-13-01", "²/3/2026"]
)
def test_what_is_no_day_is_refused_with_an_example_and_kept(typed: str) -> None:
    form = sent(day=typed)

    assert form.day.errors == ["Ce n'est pas une date : écrivez par exemple 31/12/2026."]
    assert (form.day._value(), form.day.data) == (typed, None)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1\xa0234.5", "1234.5"),
        ("-0,5", "-0.5"),
        ("12", "12"),
    ],
)
def test_numbers_are_typed_with_a_comma_and_spaces(typed: str, read: str) -> None:
    form = sent(amount=typed)

    assert (form.amount.data, form.amount.errors) == (Decimal(read), [])


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "1e999", "1,2,3", "douze", "1_000", "١٢", "0x1"])
def test_what_is_no_amount_is_refused_with_an_example_and_kept(typed: str) -> None:
    form = sent(amount=typed)

    assert form.amount.errors == ["Ce n'est pas un nombre : écrivez par exemple 1 234,56."]
    assert (form.amount._value(), form.amount.data) == (typed, None)


@pytest.mark.parametrize("typed", ["1,5", "douze", "²", "--5", "1e3", "1_0", "１"])
def test_what_is_no_whole_number_is_refused_with_an_example_and_kept(typed: str) -> None:
    form = sent(number=typed)

    assert form.number.errors == ["Ce n'est pas un nombre entier : écrivez par exemple 30."]
    assert (form.number._value(), form.number.data) == (typed, None)


@pytest.mark.parametrize("typed", ["9" * 20, "+" + "9" * 16, "9" * 16 + ".5"])
def test_a_number_with_too_many_digits_is_called_too_large_and_kept(typed: str) -> None:
    form = sent(number=typed, amount=typed)

    assert form.number.errors == form.amount.errors == ["Ce nombre est trop grand : vérifiez les chiffres."]
    assert (form.number._value(), form.number.data, form.amount.data) == (typed, None, None)


def test_whole_numbers_are_read() -> None:
    assert sent(number="1\u202f000").number.data == 1000
    assert (sent(number=" 30 ").number.data, sent(number="-3").number.data) == (30, -3)
    assert sent(number="").number.data is None


# ------------------------------------------------------------------------------------------------ text


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
def test_a_blank_is_nothing(blank: str) -> None:
    assert sent(name=blank).name.errors == [str(fields.REQUIRED)]
    assert sent(siret=blank).siret.data is None


def test_text_loses_the_blanks_around_it_and_is_kept_when_it_is_too_long() -> None:
    form = sent(name=f"  {'x' * 11} ")

    assert form.name.errors == ["Trop long : 10 caractères au plus."]
    assert form.name._value() == f"  {'x' * 11} "


def test_text_that_comes_back_as_it_was_shown_is_what_is_stored() -> None:
    record = Record(siret="123456")
    assert Example(obj=record).siret._value() == "123 456"

    assert sent(record, siret="123 456").siret.data == "123456"
    assert sent(record, siret="123 457").siret.data == "123 457"


def test_a_day_an_amount_and_a_country_come_back_as_they_are_shown_and_stay() -> None:
    stored = {"day": datetime.date(2026, 3, 1), "amount": Decimal("1234.50"), "country": "DE", "number": 7}
    shown = {name: str(Example(obj=Record(**stored))[name]._value()) for name in stored}
    assert shown == {"day": "01/03/2026", "amount": "1234,50", "country": "Allemagne", "number": "7"}

    form = sent(Record(**stored), **shown)

    assert {name: form[name].data for name in stored} == stored


# --------------------------------------------------------------------------------------- boxes and choices


@pytest.mark.parametrize(
    ("typed", "ticked"),
    [
        ({}, True),  # not sent at all: as it was
        ({"box": "0"}, False),
        ({"box": ""}, False),
        ({"box": "false"}, False),
        ({"box": ["0", "1"]}, True),
        ({"box": "1"}, True),
    ],
)
def test_a_box_is_off_only_when_it_says_so(typed: dict[str, Any], ticked: bool) -> None:
    assert sent(Record(box=True), **typed).box.data is ticked


def test_a_box_that_is_not_sent_stays_off_or_begins_as_declared() -> None:
    assert sent(Record(box=False)).box.data is False
    assert sent().box.data is True


def test_a_box_is_led_by_a_hidden_0() -> None:
    assert str(Example(obj=Record(box=True)).box()) == (
        '<input name="box" type="hidden" value="0">'
        '<input checked id="box" name="box" type="checkbox" value="1">'
    )


def test_a_choice_is_one_of_those_offered_and_not_sent_as_it_was() -> None:
    assert sent(Record(choice="b")).choice.data == "b"
    assert sent(Record(choice="b"), choice="a").choice.data == "a"
    assert sent().choice.data == "a"
    assert sent(choice="c").choice.errors == [str(fields.UNKNOWN_CHOICE)]


@pytest.mark.parametrize("typed", ["9999", "abc", "-1", "²", "1,2", "\x00"])
def test_a_row_that_is_not_offered_is_refused_and_nothing_is_chosen_in_its_place(typed: str) -> None:
    form = sent(source=typed)

    assert form.source.errors == [str(fields.UNKNOWN_CHOICE)]
    assert form.source.data is None


def test_a_row_of_a_table_is_chosen_by_its_id_or_left_blank() -> None:
    row = fields.OFFERS[Source]()[0]

    assert str(sent(source=str(row.id)).source.data) == row.label
    assert (sent(source="").source.data, sent(source="").source.errors) == (None, [])
