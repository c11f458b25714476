"""SIREN, SIRET, VAT, APE, account code, IBAN: the tables of examples."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.core.problems import Rejected
from backoffice.core.validators.account_code import (
    clean_account_code,
    propose_account_code,
    show_account_code,
)
from backoffice.core.validators.ape_code import clean_ape, show_ape
from backoffice.core.validators.iban import clean_iban, show_iban
from backoffice.core.validators.siren import clean_siren, show_siren
from backoffice.core.validators.siret import clean_siret, show_siret, siren_of
from backoffice.core.validators.vat import (
    clean_vat,
    contradicts_siren,
    french_vat_from_siren,
    is_monegasque,
    is_one_stop_shop,
    member_state,
    show_vat,
    siren_of_vat,
)

CLEANERS = [clean_siren, clean_siret, clean_vat, clean_ape, clean_account_code, clean_iban]


def sentence_or_stable(clean: Callable[[str], str], typed: str) -> bool:
    try:
        stored = clean(typed)
    except Rejected as refusal:
        return bool(refusal.code) and str(refusal.message).endswith(".")
    return clean(stored) == stored


@pytest.mark.parametrize("clean", CLEANERS)
@pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "\u200b", " - "])
def test_a_blank_identifier_is_stored_empty(clean: Callable[[str], str], blank: str) -> None:
    assert clean(blank) == ""


@pytest.mark.parametrize("clean", CLEANERS)
@given(st.text(max_size=30))
def test_whatever_is_typed_is_stored_stably_or_refused_with_a_sentence(
    clean: Callable[[str], str], typed: str
) -> None:
    assert sentence_or_stable(clean, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "552 008 443",
        "552.008.443",
        "552-008-443",
        "552\u00a0008\u00a0443",
        "552\u202f008\u202f443",
        "552\u2013008\u2011443",
        " 552008443\u200b",
        "\uff15\uff15\uff12\uff10\uff10\uff18\uff14\uff14\uff13",
    ],
)
def test_a_siren_is_stored_as_nine_digits(typed: str) -> None:
    assert clean_siren(typed) == "552008443"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("552008444", "siren_key"),
        ("55200844", "siren_length"),
        ("5520084430", "siren_length"),
        ("000000000", "siren_zero"),
        ("55200844O", "siren_format"),
        ("\u0665\u0665\u0662\u0660\u0660\u0668\u0664\u0664\u0663", "siren_format"),
        ("55200844²", "siren_key"),
        ("55200844\u2460x", "siren_format"),
    ],
)
def test_a_wrong_siren_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        clean_siren(typed)
    assert refusal.value.code == code


def test_a_siren_is_shown_grouped() -> None:
    assert show_siren("552008443") == "552 008 443"
    assert show_siren(None) == ""


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("732 829 320 00074", "73282932000074"),
        ("732-829-320-00074", "73282932000074"),
        ("35600000000048", "35600000000048"),
        ("35600000049837", "35600000049837"),
    ],
)
def test_a_siret_is_stored_as_fourteen_digits(typed: str, stored: str) -> None:
    assert clean_siret(typed) == stored
    assert clean_siret(show_siret(stored)) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("732 829 320 00075", "siret_key"),
        ("35600000049838", "siret_key"),
        ("00000000000000", "siret_zero"),
        ("00000000000018", "siret_zero"),
        ("732829320", "siret_length"),
        ("7328293200007A", "siret_format"),
    ],
)
def test_a_wrong_siret_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        clean_siret(typed)
    assert refusal.value.code == code


def test_a_siret_with_a_bad_key_says_what_to_do() -> None:
    with pytest.raises(Rejected) as refusal:
        clean_siret("73282932000075")
    assert str(refusal.value.message) == "La clé de contrôle ne correspond pas : vérifiez les 14 chiffres."


def test_a_siret_is_shown_grouped_and_holds_its_siren() -> None:
    assert show_siret("73282932000074") == "732 829 320 00074"
    assert show_siret("") == ""
    assert siren_of("73282932000074") == "732829320"


@pytest.mark.parametrize(
    ("siren", "number"),
    [("732829320", "FR44732829320"), ("552008443", "FR19552008443"), ("356000000", "FR39356000000")],
)
def test_the_french_vat_number_follows_from_the_siren(siren: str, number: str) -> None:
    assert french_vat_from_siren(siren) == number
    assert clean_vat(number) == number
    assert siren_of_vat(number) == siren


@pytest.mark.parametrize(
    ("typed", "stored", "shown", "state"),
    [
        ("fr 44 732 829 320", "FR44732829320", "FR 44 732829320", "FR"),
        ("FRK7399859412", "FRK7399859412", "FR K7 399859412", "FR"),
        ("FR4Z123456782", "FR4Z123456782", "FR 4Z 123456782", "FR"),
        ("FR53000004605", "FR53000004605", "FR 53 000004605", "FR"),
        ("BE428759497", "BE0428759497", "BE 0428759497", "BE"),
        ("NL 4495445B01", "NL004495445B01", "NL 004495445B01", "NL"),
        ("GR094259216", "EL094259216", "EL 094259216", "GR"),
        ("EL 094259216", "EL094259216", "EL 094259216", "GR"),
        ("XI980780684", "XI980780684", "XI 980780684", "XI"),
        ("DE136695976", "DE136695976", "DE 136695976", "DE"),
        ("EU372022452", "EU372022452", "EU 372022452", None),
        ("IM3720000018", "IM3720000018", "IM 3720000018", None),
        ("GB980780684", "GB980780684", "GB 980780684", None),
        ("CHE-107.787.577 TVA", "CHE107787577TVA", "CHE-107.787.577 TVA", None),
        ("NO 995 525 828 MVA", "NO995525828MVA", "NO 995525828MVA", None),
    ],
)
def test_a_vat_number_is_stored_compact_with_its_prefix_and_shown_in_groups(
    typed: str, stored: str, shown: str, state: str | None
) -> None:
    assert clean_vat(typed) == stored
    assert member_state(stored) == state
    assert show_vat(stored) == shown
    assert clean_vat(shown) == stored


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("44732829320", "FR", "FR44732829320"),
        ("K7399859412", "FR", "FRK7399859412"),
        ("0428759497", "BE", "BE0428759497"),
        ("094259216", "GR", "EL094259216"),
        ("53000004605", "MC", "FR53000004605"),
        ("BE428759497", "FR", "BE0428759497"),
    ],
)
def test_a_vat_number_without_prefix_gets_that_of_the_country(typed: str, country: str, stored: str) -> None:
    assert clean_vat(typed, country) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("FR12000000000", "vat_invalid"),
        ("FR44732829321", "vat_invalid"),
        ("BE0428759498", "vat_invalid"),
        ("GB123456789", "vat_invalid"),
        ("US123456789", "vat_prefix"),
        ("44732829320", "vat_prefix"),
        ("FR44+732829320", "vat_format"),
        ("FRÉ4732829320", "vat_format"),
    ],
)
def test_a_wrong_vat_number_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        clean_vat(typed)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("number", "siren", "contradicts"),
    [
        ("FR44732829320", "732829320", False),
        ("FR44732829320", "552008443", True),
        ("FRK7399859412", "399859412", False),
        ("FR53000004605", "552008443", False),
        ("BE0428759497", "552008443", False),
        ("FR44732829320", None, False),
        (None, "732829320", False),
    ],
)
def test_a_french_number_is_compared_with_the_siren(
    number: str | None, siren: str | None, contradicts: bool
) -> None:
    assert contradicts_siren(number, siren) is contradicts


def test_monaco_has_a_french_number_and_no_siren() -> None:
    assert is_monegasque("FR53000004605")
    assert siren_of_vat("FR53000004605") is None
    assert siren_of_vat("FRK7399859412") == "399859412"
    assert siren_of_vat("BE0428759497") is None


def test_one_stop_shop_numbers_are_told_apart() -> None:
    assert is_one_stop_shop("EU372022452")
    assert is_one_stop_shop("IM3720000018")
    assert not is_one_stop_shop("FR44732829320")
    assert not is_one_stop_shop(None)
    assert member_state(None) is None


@pytest.mark.parametrize("typed", ["62.01Z", "6201z", "62.01 Z", "62-01-Z"])
def test_an_ape_code_is_stored_as_insee_writes_it(typed: str) -> None:
    assert clean_ape(typed) == "62.01Z"
    assert show_ape("62.01Z") == "62.01Z"


@pytest.mark.parametrize("typed", ["62.01", "6201", "620.1Z1", "Z6201", "62.0IZ", "62.01É"])
def test_another_form_of_ape_code_is_refused(typed: str) -> None:
    with pytest.raises(Rejected, match=re.escape("62.01Z")):
        clean_ape(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("411edf", "411EDF"),
        (" 411 EDF ", "411EDF"),
        ("411-ÉDÎ", "411EDI"),
        ("411Œuvre", "411OEUVRE"),
        ("0112", "0112"),
    ],
)
def test_an_account_code_is_letters_and_digits_in_upper_case(typed: str, stored: str) -> None:
    assert clean_account_code(typed) == stored
    assert show_account_code(stored) == stored


@pytest.mark.parametrize("typed", ["411$", "411;EDF", "411中", "4" * 21, "<script>"])
def test_an_account_code_with_other_characters_is_refused(typed: str) -> None:
    with pytest.raises(Rejected, match="20 au plus"):
        clean_account_code(typed)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EDF", "411EDF"),
        ("L'Oréal SA", "411LOREAL"),
        ("TotalEnergies SE", "411TOTALENE"),
        ("Œuvres & Co", "411OEUVRES"),
        ("3 Suisses", "4113SUISSES"),
        ("北京", ""),
        ("", ""),
    ],
)
def test_an_account_code_is_proposed_from_the_name(name: str, code: str) -> None:
    assert propose_account_code(name) == code
    assert clean_account_code(code) == code


def test_an_account_code_is_proposed_with_the_prefix_of_the_office() -> None:
    assert propose_account_code("EDF", "C") == "CEDF"


def test_an_iban_is_stored_compact_and_shown_grouped() -> None:
    assert clean_iban("fr14 2004 1010 0505 0001 3M02 606") == "FR1420041010050500013M02606"
    assert show_iban("FR1420041010050500013M02606") == "FR14 2004 1010 0505 0001 3M02 606"
    assert show_iban(None) == ""


@pytest.mark.parametrize("typed", ["FR1420041010050500013M02607", "FR14", "XX00", "1234"])
def test_a_wrong_iban_is_refused(typed: str) -> None:
    with pytest.raises(Rejected, match="recopiez-le"):
        clean_iban(typed)
