from __future__ import annotations

from pathlib import Path

import pytest

from backoffice.clients.rules import (
    ADDRESS_CLEANERS,
    ADDRESS_RULES,
    CLIENT_CLEANERS,
    CLIENT_RULES,
    CONTACT_CLEANERS,
    CONTACT_RULES,
    client_rules,
)
from backoffice.core.ape import load_nomenclature
from backoffice.core.problems import check
from backoffice.lookups.rules import TermValues
from tests.clients.shapes import (
    Company,
    Person,
    Place,
    address_problems,
    client_problems,
    contact_problems,
    told,
)


def test_a_whole_client_is_stored_in_canonical_form_without_a_word() -> None:
    client = Company(
        name="  Électricité  de France ",
        website="www.edf.fr",
        phone="01 42 68 53 00",
        street=" 22 avenue de Wagram ",
        postal_code="75 008",
        city="Paris",
        country="france",
        siret="552 081 317 66522",
        vat_number="fr 03 552081317",
        ape_code="3511z",
        account_code="411edf",
        payment_term=TermValues(45, "after"),
    )
    assert check(client, CLIENT_RULES, CLIENT_CLEANERS) == []
    assert client == Company(
        name="Électricité de France",
        website="https://www.edf.fr",
        phone="+33142685300",
        street="22 avenue de Wagram",
        postal_code="75008",
        city="Paris",
        country="FR",
        siren="552081317",
        siret="55208131766522",
        vat_number="FR03552081317",
        ape_code="35.11Z",
        account_code="411EDF",
        payment_term=TermValues(45, "after"),
    )


def test_checking_twice_changes_nothing() -> None:
    client = Company(phone="02 555 12 12 poste 3", country="BE", vat_number="428759497", website="edf.be")
    check(client, CLIENT_RULES, CLIENT_CLEANERS)
    stored = Company(**vars(client))
    assert check(client, CLIENT_RULES, CLIENT_CLEANERS) == []
    assert client == stored


@pytest.mark.parametrize("name", [None, "", "   ", "\u00a0", "\u200b", "\u200e"])
def test_a_client_without_a_name_is_refused(name: str | None) -> None:
    assert client_problems(name=name) == [("name", "error", "name_required")]


@pytest.mark.parametrize("column", ["name", "street", "street2", "city"])
def test_control_characters_are_refused_beside_their_field(column: str) -> None:
    problems = client_problems(**{column: "a\x00b"})
    assert (column, "error", "control_character") in problems
    assert len([problem for problem in problems if problem[0] == column]) == 1


def test_the_siren_is_filled_from_the_siret() -> None:
    client = Company(siret="732 829 320 00074")
    assert check(client, CLIENT_RULES, CLIENT_CLEANERS) == []
    assert client.siren == "732829320"


def test_a_siret_and_a_siren_must_agree() -> None:
    assert client_problems(siren="552008443", siret="73282932000074") == [("siret", "error", "siret_siren")]
    assert client_problems(siren="732829320", siret="73282932000074") == []


def test_a_siret_with_a_bad_key_is_refused_and_fills_nothing() -> None:
    client = Company(siret="732 829 320 00075")
    assert told(check(client, CLIENT_RULES, CLIENT_CLEANERS)) == [("siret", "error", "siret_key")]
    assert (client.siret, client.siren) == ("732 829 320 00075", None)


@pytest.mark.parametrize(
    ("siren", "number", "problems"),
    [
        ("732829320", "FR44732829320", []),
        ("552008443", "FR44732829320", [("vat_number", "error", "vat_siren")]),
        ("399859412", "FRK7399859412", []),
        ("123456782", "FR4Z123456782", []),
        ("552008443", "FRK7399859412", [("vat_number", "error", "vat_siren")]),
        ("552008443", "FR53000004605", []),
        ("552008443", "BE0428759497", []),
        (None, "FR44732829320", []),
        ("552008444", "FR44732829320", [("siren", "error", "siren_key")]),
        ("552008443", "FR12000000000", [("vat_number", "error", "vat_invalid")]),
    ],
)
def test_a_french_vat_number_agrees_with_the_siren(
    siren: str | None, number: str, problems: list[tuple[str, str, str]]
) -> None:
    assert client_problems(siren=siren, vat_number=number) == problems


@pytest.mark.parametrize(
    ("number", "problems"),
    [
        ("BE0428759497", []),
        ("EL094259216", []),
        ("XI980780684", []),
        (None, [("vat_number", "warning", "vat_needed")]),
        ("FR44732829320", [("vat_number", "warning", "vat_needed")]),
        ("FR53000004605", [("vat_number", "warning", "vat_needed")]),
        ("GB980780684", [("vat_number", "warning", "vat_needed")]),
        ("EU372022452", [("vat_number", "error", "vat_one_stop_shop")]),
        ("IM3720000018", [("vat_number", "error", "vat_one_stop_shop")]),
        ("US123", [("vat_number", "error", "vat_prefix")]),
    ],
)
def test_the_intracommunity_regime_wants_a_number_of_another_member_state(
    number: str | None, problems: list[tuple[str, str, str]]
) -> None:
    assert client_problems(vat_regime="intracommunity", vat_number=number) == problems


@pytest.mark.parametrize("regime", ["taxable", "export", None])
def test_other_regimes_want_no_number(regime: str | None) -> None:
    assert client_problems(vat_regime=regime) == []
    assert client_problems(vat_regime=regime, vat_number="EU372022452") == []


def test_an_unknown_ape_code_warns_until_its_nomenclature_is_loaded(tmp_path: Path) -> None:
    assert client_problems(ape_code="62.01Z") == []
    assert client_problems(ape_code="99.99Z") == [("ape_code", "warning", "ape_unknown")]
    assert client_problems(ape_code="99.99") == [("ape_code", "error", "ape_format")]
    (tmp_path / "in.csv").write_text("code;label\n99.99Z;Nouveau\n")
    load_nomenclature("naf2025", tmp_path / "in.csv", tmp_path / "kept")
    rules = client_rules(ape_folder=tmp_path / "kept")
    assert check(Company(ape_code="99.99Z"), rules, CLIENT_CLEANERS) == []


def test_an_account_code_starts_as_the_settings_say() -> None:
    assert client_problems(account_code="411edf") == []
    assert client_problems(account_code="401EDF") == [("account_code", "error", "account_prefix")]
    problems = check(Company(account_code="411EDF"), client_rules("C"), CLIENT_CLEANERS)
    assert str(problems[0].message) == "Un compte client commence par C : ajoutez ce début."


@pytest.mark.parametrize(
    ("term", "problems"),
    [
        (None, []),
        (TermValues(60), []),
        (TermValues(45, "before"), []),
        (TermValues(30, "after", 10), [("payment_term", "warning", "term_over_cap")]),
        (TermValues(90), [("payment_term", "warning", "term_over_cap")]),
        (TermValues(-1, "later"), []),
    ],
)
def test_a_payment_term_over_the_legal_cap_warns(
    term: TermValues | None, problems: list[tuple[str, str, str]]
) -> None:
    assert client_problems(payment_term=term) == problems


def test_a_client_is_not_its_own_parent() -> None:
    client = Company(id=7)
    client.parent = client
    assert told(check(client, CLIENT_RULES, CLIENT_CLEANERS)) == [("parent", "error", "own_parent")]
    assert client_problems(id=7, parent=Company(id=7)) == [("parent", "error", "own_parent")]
    assert client_problems(id=7, parent=Company(id=8)) == []
    assert client_problems(id=None, parent=Company(id=None)) == []


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({}, []),
        ({"country": "BE"}, []),
        ({"street": "1 rue X", "postal_code": "75008", "city": "Paris"}, []),
        ({"city": "Paris"}, ["street", "postal_code"]),
        ({"street": "1 rue X"}, ["postal_code", "city"]),
        ({"street2": "Bâtiment B"}, ["street", "postal_code", "city"]),
        ({"postal_code": "75008"}, ["street", "city"]),
        ({"street": "1 Sheikh Zayed Road", "city": "Dubaï", "country": "AE"}, []),
        ({"street": "Rue X", "city": "Liège", "country": "BE"}, ["postal_code"]),
    ],
)
def test_a_half_filled_main_address_warns_beside_what_is_missing(
    typed: dict[str, str], problems: list[str]
) -> None:
    assert client_problems(**typed) == [(name, "warning", "address_incomplete") for name in problems]


@pytest.mark.parametrize(
    ("code", "city", "country", "problems"),
    [
        ("75008", "Paris", "FR", []),
        ("75008", "PARIS CEDEX 08", "FR", []),
        ("75380", "Lyon", "FR", []),
        ("98000", "Monaco", "MC", []),
        ("97400", "St Denis", "RE", []),
        ("01400", "Châtillon-sur-Chalaronne", "FR", []),
        ("1000", "Paris", "BE", []),
        ("75008", "Lyon", "FR", [("city", "warning", "town_mismatch")]),
        ("75008", "Bruxelles", "BE", [("postal_code", "warning", "postal_code_unusual")]),
        ("7500", "Paris", "FR", [("postal_code", "error", "postal_code_format")]),
        ("75008", "Paris", "Atlantide", [("country", "error", "country_unknown")]),
    ],
)
def test_a_postal_code_that_is_not_the_town_s_warns_and_never_blocks(
    code: str, city: str, country: str, problems: list[tuple[str, str, str]]
) -> None:
    assert client_problems(street="1 rue X", postal_code=code, city=city, country=country) == problems
    assert address_problems(postal_code=code, city=city, country=country) == problems


def test_a_mismatch_names_the_towns_of_the_code() -> None:
    [problem] = check(Place(postal_code="01400", city="Lyon"), ADDRESS_RULES, ADDRESS_CLEANERS)
    assert "Chanoz-Châtenay, Châtillon-sur-Chalaronne, Condeissiat…" in str(problem.message)


def test_the_country_is_france_unless_changed() -> None:
    client = Company(country=" ")
    check(client, CLIENT_RULES, CLIENT_CLEANERS)
    assert client.country == "FR"


def test_phones_are_read_by_the_country_of_the_client() -> None:
    belgian = Company(phone="02 555 12 12", country="Belgique")
    assert check(belgian, CLIENT_RULES, CLIENT_CLEANERS) == []
    contact = Person(direct_phone="02 555 12 12", mobile_phone="06 12 34 56 78", client=belgian)
    assert check(contact, CONTACT_RULES, CONTACT_CLEANERS) == []
    assert (belgian.phone, contact.direct_phone, contact.mobile_phone) == (
        "+3225551212",
        "+3225551212",
        "+33612345678",
    )


def test_unassigned_phones_warn_and_impossible_ones_are_refused() -> None:
    assert client_problems(phone="+32 2 000 00 00") == [("phone", "warning", "phone_unassigned")]
    assert client_problems(phone="0142685") == [("phone", "error", "phone_impossible")]
    for column in ("direct_phone", "mobile_phone", "switchboard_phone"):
        assert contact_problems(**{column: "+3220000000"}) == [(column, "warning", "phone_unassigned")]
        assert contact_problems(**{column: "06 12 34 56 7O"}) == [(column, "error", "phone_letters")]


def test_a_contact_needs_an_email_and_nothing_else() -> None:
    assert contact_problems(first_name=None, last_name=" ", client=None) == []
    assert contact_problems(email=" ") == [("email", "error", "email_required")]
    assert contact_problems(email="alice@localhost") == [("email", "error", "email_domain")]
    assert contact_problems(last_name="Mar\x00tin") == [("last_name", "error", "control_character")]


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "ftp://edf.fr"])
def test_a_website_is_http_or_https(typed: str) -> None:
    assert client_problems(website=typed) == [("website", "error", "website_scheme")]


def test_an_address_without_a_label_goes_by_its_town_or_street() -> None:
    place = Place(label=" ")
    assert check(place, ADDRESS_RULES, ADDRESS_CLEANERS) == []
    assert place.label == "Paris"
    place = Place(label=None, city=None, street="x" * 200)
    check(place, ADDRESS_RULES, ADDRESS_CLEANERS)
    assert place.label == "x" * 80


def test_an_empty_address_is_refused_for_want_of_a_name_and_warns_for_the_rest() -> None:
    assert address_problems(label=None, street=None, postal_code=None, city=None) == [
        ("label", "error", "label_required"),
        ("street", "warning", "address_incomplete"),
        ("postal_code", "warning", "address_incomplete"),
        ("city", "warning", "address_incomplete"),
    ]


def test_problems_name_the_row_they_belong_to() -> None:
    bob = Person(email=None)
    assert [problem.subject for problem in check(bob, CONTACT_RULES, CONTACT_CLEANERS)] == [bob]
