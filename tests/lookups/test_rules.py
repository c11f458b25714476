from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.core.problems import check
from backoffice.lookups.rules import (
    LOOKUP_CLEANERS,
    LOOKUP_RULES,
    PAYMENT_TERM_RULES,
    SETTINGS_CLEANERS,
    SETTINGS_RULES,
    TermValues,
    due_on,
    exceeds_legal_cap,
)

TERMS = {
    "30 nets": TermValues(30),
    "60 nets": TermValues(60),
    "30 fin de mois": TermValues(30, "after"),
    "45 puis fin de mois": TermValues(45, "after"),
    "fin de mois + 45": TermValues(45, "before"),
    "30 fin de mois le 10": TermValues(30, "after", 10),
}
# The due days of an invoice in the order of TERMS; a month before the invoice's own is in the next year.
DUE = {
    "2026-01-15": ["02-14", "03-16", "02-28", "03-31", "03-17", "03-10"],
    "2026-01-31": ["03-02", "04-01", "03-31", "03-31", "03-17", "04-10"],
    "2026-02-28": ["03-30", "04-29", "03-31", "04-30", "04-14", "04-10"],
    "2024-01-15": ["02-14", "03-15", "02-29", "02-29", "03-16", "03-10"],
    "2026-12-31": ["01-30", "03-01", "01-31", "02-28", "02-14", "02-10"],
}


@dataclass
class Row:
    label: str | None = "30 jours"
    label_en: str | None = None
    is_active: bool = True
    is_default: bool = False
    days: int = 30
    end_of_month: str = "none"
    day_of_month: int | None = None


@dataclass
class Office:
    default_country: str | None = "france"
    country: str | None = None
    account_prefix: str | None = "411"
    company_name: str | None = " Atelier  Durand "
    street: str | None = None
    street2: str | None = None
    postal_code: str | None = "75 008"
    city: str | None = "Paris"
    siren: str | None = "552 008 443"
    vat_number: str | None = "19 552008443"
    iban: str | None = "fr14 2004 1010 0505 0001 3M02 606"


@pytest.mark.parametrize(
    ("invoice", "name", "due"),
    [(invoice, name, due) for invoice, dues in DUE.items() for name, due in zip(TERMS, dues, strict=True)],
)
def test_an_invoice_is_due_as_the_table_says(invoice: str, name: str, due: str) -> None:
    invoice_on = date.fromisoformat(invoice)
    year = invoice_on.year + (due < invoice[5:])
    assert due_on(invoice_on, TERMS[name]) == date.fromisoformat(f"{year}-{due}")


@pytest.mark.parametrize(
    ("invoice", "term", "due"),
    [
        ("2026-01-15", TermValues(0), "2026-01-15"),
        ("2026-01-15", TermValues(0, "after"), "2026-01-31"),
        ("2026-01-15", TermValues(0, "none", 15), "2026-01-15"),
        ("2026-01-15", TermValues(0, "none", 14), "2026-02-14"),
        ("2026-02-10", TermValues(0, "none", 31), "2026-02-28"),
        ("2026-12-31", TermValues(0, "none", 30), "2027-01-30"),
        ("2024-02-10", TermValues(0, "before"), "2024-02-29"),
    ],
)
def test_a_day_that_the_month_lacks_is_its_last(invoice: str, term: TermValues, due: str) -> None:
    assert due_on(date.fromisoformat(invoice), term) == date.fromisoformat(due)


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(0, 365),
    st.sampled_from(["none", "after", "before"]),
    st.none() | st.integers(1, 31),
)
def test_no_invoice_is_due_before_its_days_have_passed(
    day: date, days: int, end: str, on: int | None
) -> None:
    due = due_on(day, TermValues(days, end, on))
    assert day + timedelta(days=days) <= due <= day + timedelta(days=days + 62)


@pytest.mark.parametrize(
    ("term", "exceeds"),
    [
        (TermValues(0), False),
        (TermValues(30), False),
        (TermValues(60), False),
        (TermValues(61), True),
        (TermValues(45, "after"), False),
        (TermValues(46, "after"), True),
        (TermValues(45, "before"), False),
        (TermValues(46, "before"), True),
        (TermValues(30, "after"), False),
        (TermValues(30, "after", 10), True),
        (TermValues(60, "after"), True),
        (TermValues(0, "after", 10), False),
        (TermValues(90), True),
    ],
)
def test_a_term_beyond_the_legal_cap_is_known(term: TermValues, exceeds: bool) -> None:
    assert exceeds_legal_cap(term) is exceeds


@pytest.mark.parametrize("label", [None, "", "  ", "\u00a0", "\u200b", "…"])
def test_a_blank_label_is_refused(label: str | None) -> None:
    problems = check(Row(label=label), LOOKUP_RULES, LOOKUP_CLEANERS)
    assert [(problem.field, problem.code) for problem in problems] == [("label", "label_required")]


def test_a_label_is_stored_trimmed() -> None:
    row = Row(label="  Grand   compte ", label_en=" ")
    assert check(row, LOOKUP_RULES, LOOKUP_CLEANERS) == []
    assert (row.label, row.label_en) == ("Grand compte", None)


def test_a_label_has_at_most_eighty_characters() -> None:
    assert check(Row(label="é" * 80), LOOKUP_RULES, LOOKUP_CLEANERS) == []
    problems = check(Row(label="é" * 81, label_en="e" * 81), LOOKUP_RULES, LOOKUP_CLEANERS)
    assert [(problem.field, problem.code) for problem in problems] == [
        ("label", "label_long"),
        ("label_en", "label_long"),
    ]


def test_an_inactive_row_cannot_be_the_default() -> None:
    problems = check(Row(is_active=False, is_default=True), LOOKUP_RULES, LOOKUP_CLEANERS)
    assert [(problem.field, problem.code) for problem in problems] == [("is_default", "default_inactive")]
    assert check(Row(is_active=True, is_default=True), LOOKUP_RULES, LOOKUP_CLEANERS) == []


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (Row(days=-1), "days"),
        (Row(days=366), "days"),
        (Row(day_of_month=0), "day_of_month"),
        (Row(day_of_month=32), "day_of_month"),
        (Row(end_of_month="later"), "end_of_month"),
    ],
)
def test_a_term_out_of_range_is_refused(row: Row, field: str) -> None:
    problems = check(row, PAYMENT_TERM_RULES, LOOKUP_CLEANERS)
    assert [(problem.field, problem.level) for problem in problems] == [(field, "error")]


def test_a_term_at_the_ends_of_the_ranges_is_kept() -> None:
    for row in (Row(days=0, day_of_month=1), Row(days=0, end_of_month="after"), Row(days=0, day_of_month=31)):
        assert check(row, PAYMENT_TERM_RULES, LOOKUP_CLEANERS) == []


def test_a_term_over_the_legal_cap_warns_and_is_kept() -> None:
    problems = check(Row(days=90), PAYMENT_TERM_RULES, LOOKUP_CLEANERS)
    assert [(problem.field, problem.level, problem.code) for problem in problems] == [
        ("days", "warning", "term_over_cap")
    ]
    assert "L.441-10" in str(problems[0].message)


def test_the_settings_are_stored_in_canonical_form() -> None:
    office = Office()
    assert check(office, SETTINGS_RULES, SETTINGS_CLEANERS) == []
    assert office == Office(
        default_country="FR",
        country="FR",
        company_name="Atelier Durand",
        postal_code="75008",
        siren="552008443",
        vat_number="FR19552008443",
        iban="FR1420041010050500013M02606",
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("default_country", "Atlantide"),
        ("country", "Atlantide"),
        ("account_prefix", " "),
        ("account_prefix", "4" * 11),
        ("account_prefix", "4-é!"),
        ("company_name", "A\x00"),
        ("postal_code", "7500"),
        ("siren", "552008444"),
        ("vat_number", "FR44732829320"),
        ("vat_number", "FR19552008444"),
        ("iban", "FR1420041010050500013M02607"),
    ],
)
def test_a_wrong_setting_is_refused_beside_its_field(field: str, typed: str) -> None:
    office = Office()
    setattr(office, field, typed)
    problems = check(office, SETTINGS_RULES, SETTINGS_CLEANERS)
    assert [(problem.field, problem.level) for problem in problems] == [(field, "error")]
