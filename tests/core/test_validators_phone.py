"""Phones: the table of examples, the routing of overseas numbers, what is shown and searched."""

import pytest

from backoffice.core.problems import Rejected
from backoffice.core.validators.phone import clean_phone, phone_link, phone_tokens, phone_warning, show_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("01 42 68 53 00", "+33142685300"),
        ("01.42.68.53.00", "+33142685300"),
        ("01\u00a042\u202f68-53-00", "+33142685300"),
        ("\u202a01 42 68 53 00\u202c", "+33142685300"),
        ("0033142685300", "+33142685300"),
        ("+33(0)1 42 68 53 00", "+33142685300"),
        ("+33 1 42 68 53 00", "+33142685300"),
        ("tel:+33142685300", "+33142685300"),
        ("01 42 68 53 00 poste 12", "+33142685300;ext=12"),
        ("01 42 68 53 00 ext. 12", "+33142685300;ext=12"),
        ("01 42 68 53 00, Poste : 0012", "+33142685300;ext=0012"),
        ("+33142685300;ext=12", "+33142685300;ext=12"),
        ("0262 20 12 34", "+262262201234"),
        ("0263 20 12 34", "+262263201234"),
        ("0692 12 34 56", "+262692123456"),
        ("0693 12 34 56", "+262693123456"),
        ("0269 61 23 45", "+262269612345"),
        ("0639 01 23 45", "+262639012345"),
        ("0590 27 12 34", "+590590271234"),
        ("0690 35 12 34", "+590690351234"),
        ("0691 28 12 34", "+590691281234"),
        ("0594 29 12 34", "+594594291234"),
        ("0694 20 12 34", "+594694201234"),
        ("0596 60 12 34", "+596596601234"),
        ("0696 20 12 34", "+596696201234"),
        ("0697 20 12 34", "+596697201234"),
        ("0708 40 12 34", "+508708401234"),
        ("0508 41 20 00", "+508412000"),
        ("0709 01 23 45", "+590709012345"),
        ("0709 10 01 23", "+596709100123"),
        ("0709 20 01 23", "+262709200123"),
        ("0709 30 01 23", "+594709300123"),
        ("0709 35 01 23", "+262709350123"),
        ("3631", "3631"),
        ("3900", "3900"),
        ("118 712", "118712"),
        ("112", "112"),
        ("+32 2 555 12 12", "+3225551212"),
    ],
)
def test_phones_typed_in_france(typed: str, stored: str) -> None:
    assert clean_phone(typed, "FR") == stored
    assert clean_phone(show_phone(stored), "FR") == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0712345678", "phone_unassigned"),
        ("0709 40 12 34", "phone_unassigned"),
        ("00 00 00 00 00", "phone_impossible"),
        ("0142685", "phone_impossible"),
        ("06 12 34 56 7O", "phone_letters"),
        ("01 42 68 53 00 / 06 12 34 56 78", "phone_several"),
        ("01 42 68 53 00 ou 06 12 34 56 78", "phone_several"),
        ("01 42 68 53 00; 06 12 34 56 78", "phone_several"),
        ("appeler Jean", "phone_letters"),
        ("12", "phone_impossible"),
        ("++33142685300", "phone_impossible"),
        ("\u0660\u0661\u0664\u0662\u0666\u0668\u0665\u0663\u0660\u0660", "phone_impossible"),
        ("1" * 40, "phone_impossible"),
    ],
)
def test_phones_refused_in_france(typed: str, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        clean_phone(typed, "FR")
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("02 555 12 12", "BE", "+3225551212"),
        ("02/555 12 12", "BE", "+3225551212"),
        ("01 42 68 53 00", "BE", "+33142685300"),
        ("01 42 68 53 00", "RE", "+33142685300"),
        ("0262 20 12 34", "RE", "+262262201234"),
        ("0596 60 12 34", "RE", "+596596601234"),
        ("41 20 00", "PM", "+508412000"),
        ("93 30 12 34", "MC", "+37793301234"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("0033 1 42 68 53 00", "US", "+33142685300"),
        ("3631", "RE", "3631"),
        ("01 42 68 53 00", None, "+33142685300"),
        ("01 42 68 53 00", "", "+33142685300"),
    ],
)
def test_phones_are_read_as_dialled_in_the_country_of_the_client(
    typed: str, country: str | None, stored: str
) -> None:
    assert clean_phone(typed, country) == stored
    assert clean_phone(show_phone(stored, country), country) == stored


@pytest.mark.parametrize(
    ("stored", "country", "shown"),
    [
        ("+33142685300", "FR", "01 42 68 53 00"),
        ("+33142685300", "RE", "01 42 68 53 00"),
        ("+33142685300", "BE", "+33 1 42 68 53 00"),
        ("+33142685300;ext=12", "FR", "01 42 68 53 00 poste 12"),
        ("+3225551212", "FR", "+32 2 555 12 12"),
        ("+3225551212", "BE", "+32 2 555 12 12"),
        ("+262262201234", "FR", "+262 262 20 12 34"),
        ("3631", "FR", "3631"),
        ("", "FR", ""),
        (None, "FR", ""),
    ],
)
def test_phones_are_shown_national_for_france_and_international_otherwise(
    stored: str | None, country: str, shown: str
) -> None:
    assert show_phone(stored, country) == shown


def test_a_possible_but_unassigned_foreign_number_is_kept_with_a_warning() -> None:
    stored = clean_phone("+32 2 000 00 00", "FR")
    assert stored == "+3220000000"
    assert "vérifiez-le" in str(phone_warning(stored))


@pytest.mark.parametrize(
    "stored", ["+33142685300", "+33142685300;ext=12", "3631", "", None, "+3225551212", "+bad"]
)
def test_an_assigned_number_gives_no_warning(stored: str | None) -> None:
    assert phone_warning(stored) is None


def test_a_phone_is_searched_by_both_forms_and_linked() -> None:
    assert phone_tokens("+33142685300;ext=12") == ["33142685300", "0142685300"]
    assert phone_tokens("3631") == ["3631"]
    assert phone_tokens(None) == []
    assert phone_link("+33142685300") == "tel:+33142685300"
    assert phone_link(None) == ""
