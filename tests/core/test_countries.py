import pytest

from backoffice.core.countries import countries, country_code, country_name, country_names, country_or_france
from backoffice.core.problems import Rejected


def test_france_comes_first_and_the_others_are_sorted_without_accents() -> None:
    names = [name for _code, name in countries()]
    assert names[0] == "France"
    assert (
        names.index("Égypte") < names.index("Espagne") < names.index("Îles Caïmans") < names.index("Zimbabwe")
    )


def test_every_iso_country_has_a_french_and_an_english_name() -> None:
    assert len(country_names("fr")) == len(country_names("en")) == 249
    assert country_name("DE") == "Allemagne"
    assert country_name("DE", "en") == "Germany"
    assert country_name("ZZ") == "ZZ"
    assert country_name(None) == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("FR", "FR"),
        ("fra", "FR"),
        (" France ", "FR"),
        ("etats unis", "US"),
        ("ÉTATS-UNIS", "US"),
        ("USA", "US"),
        ("United States", "US"),
        ("Royaume-Uni", "GB"),
        ("UK", "GB"),
        ("Côte d\u2019Ivoire", "CI"),
        ("cote d'ivoire", "CI"),
        ("Pays-Bas", "NL"),
        ("Netherlands", "NL"),
        ("belgique", "BE"),
        ("République tchèque", "CZ"),
        ("Tchéquie", "CZ"),
        ("La Réunion", "RE"),
        ("Corée du Sud", "KR"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_country_is_read_by_code_or_name(typed: str, code: str) -> None:
    assert country_code(typed) == code


def test_a_missing_or_wrong_country_counts_as_france_meanwhile() -> None:
    assert country_or_france("BE") == "BE"
    assert country_or_france("Atlantide") == country_or_france(None) == "FR"


def test_every_shown_name_reads_back_as_its_code() -> None:
    for locale in ("fr", "en"):
        for code, name in countries(locale):
            assert country_code(name) == code
            assert country_code(code) == code


@pytest.mark.parametrize("typed", ["Frnace", "ZZ", "Europe", "\x00"])
def test_what_is_no_country_is_refused(typed: str) -> None:
    if typed == "\x00":
        assert country_code(typed) == ""
        return
    with pytest.raises(Rejected, match="liste"):
        country_code(typed)
