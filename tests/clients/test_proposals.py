"""What the form proposes while one types follows from what was typed, and from nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from backoffice.clients.proposals import activities, activity_label, problem_of, proposals, towns_of


def proposed(**typed: str) -> dict[str, str]:
    return {found.field: found.value for found in proposals(typed, "411")}


def test_a_sound_siret_gives_the_siren_and_the_siren_the_vat_number() -> None:
    assert proposed(siret="552 081 317 66522") == {"siren": "552 081 317", "vat_number": "FR 03 552081317"}
    assert proposed(siren="732 829 320") == {"vat_number": "FR 44 732829320"}


def test_the_siret_counts_before_another_siren() -> None:
    assert proposed(siret="55208131766522", siren="732829320")["vat_number"] == "FR 03 552081317"


@pytest.mark.parametrize("siret", ["", "5520813176652", "55208131766523", "00000000000000", "²" * 14, "abc"])
def test_nothing_follows_from_what_is_no_siret(siret: str) -> None:
    assert proposed(siret=siret) == {}


@pytest.mark.parametrize("country", ["Allemagne", "DE", "Monaco", "MC"])
def test_no_french_vat_number_is_proposed_elsewhere(country: str) -> None:
    assert proposed(siren="732829320", country=country) == {}


def test_the_account_begins_as_those_of_the_office() -> None:
    assert proposed(name="L'Oréal SA") == {"account_code": "411LOREAL"}
    assert {found.value for found in proposals({"name": "EDF"}, "C")} == {"CEDF"}
    assert proposed(name="東京") == {}


def test_one_town_is_proposed_and_several_are_a_choice() -> None:
    assert proposed(postal_code="69002") == {"city": "Lyon"}
    assert proposed(postal_code="01090") == {}
    assert "Guéreins" in towns_of({"postal_code": "01090"})


@pytest.mark.parametrize(
    ("postal_code", "country"),
    [("98000", "Monaco"), ("75380", "France"), ("69002", "Belgique"), ("6900", "FR"), ("<b>", ""), ("", "")],
)
def test_no_town_is_known_of_monaco_a_cedex_or_another_country(postal_code: str, country: str) -> None:
    assert towns_of({"postal_code": postal_code, "country": country}) == []


def test_an_activity_is_found_by_code_and_by_words() -> None:
    assert ("62.02A", "Conseil en systèmes et logiciels informatiques") in activities(
        "conseil informatique", None
    )
    assert activities("6202", None)[0][0] == "62.02A"
    assert activities("  ", None) == []
    assert activity_label("6202a", None) == "Conseil en systèmes et logiciels informatiques"
    assert activity_label("62", Path("nowhere")) == ""


@pytest.mark.parametrize(
    ("field", "typed", "is_refused"),
    [
        ("siret", {"siret": "812 345 676 00018"}, True),
        ("siret", {"siret": "552 081 317 66522"}, False),
        ("siret", {"siret": ""}, False),
        ("siren", {"siren": "123", "siret": "55208131766522"}, True),
        ("email", {"email": "helene"}, True),
        ("email", {"email": "helene@lefevre.example"}, False),
        ("mobile_phone", {"mobile_phone": "12"}, True),
        ("mobile_phone", {"mobile_phone": "(212) 555-0100", "country": "US"}, False),
        ("vat_number", {"vat_number": "DE123"}, True),
        ("website", {"website": "javascript:alert(1)"}, True),
        ("country", {"country": "Nulle part"}, True),
        ("name", {"name": "\x00"}, False),
        ("is_active", {"is_active": "?"}, False),
        ("__class__", {"__class__": "x"}, False),
    ],
)
def test_one_field_is_judged_by_itself(field: str, typed: dict[str, str], is_refused: bool) -> None:
    assert (problem_of(field, typed) is not None) is is_refused
