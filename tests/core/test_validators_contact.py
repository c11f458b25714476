"""E-mail addresses, web sites, postal codes: the tables of examples."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.core.problems import Rejected
from backoffice.core.validators.email import clean_email, email_key, show_email
from backoffice.core.validators.phone import clean_phone
from backoffice.core.validators.postal_code import (
    clean_postal_code,
    needs_postal_code,
    postal_code_warning,
    show_postal_code,
)
from backoffice.core.validators.website import LONGEST, clean_website, show_website, website_domain

CLEANERS = [clean_phone, clean_email, clean_website, clean_postal_code]


def sentence_or_stable(clean: Callable[[str], str], typed: str) -> bool:
    try:
        stored = clean(typed)
    except Rejected as refusal:
        return bool(refusal.code) and str(refusal.message).endswith(".")
    return clean(stored) == stored


@pytest.mark.parametrize("clean", CLEANERS)
@pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "\u200b"])
def test_a_blank_is_stored_empty(clean: Callable[[str], str], blank: str) -> None:
    assert clean(blank) == ""


@pytest.mark.parametrize("clean", CLEANERS)
@given(st.text(max_size=30) | st.from_regex(r"[0-9+ ()./x;a-zé:@-]{1,30}"))
def test_whatever_is_typed_is_stored_stably_or_refused_with_a_sentence(
    clean: Callable[[str], str], typed: str
) -> None:
    assert sentence_or_stable(clean, typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Jean@EX.fr ", "Jean@ex.fr"),
        ("jean@ex.fr\u00a0", "jean@ex.fr"),
        ("jean@xn--socit-esab.fr", "jean@société.fr"),
        ("e\u0301@ex.fr", "é@ex.fr"),
        ("contact01@example.com", "contact01@example.com"),
        ("a" * 64 + "@ex.fr", "a" * 64 + "@ex.fr"),
    ],
)
def test_an_email_is_stored_trimmed_and_normalised(typed: str, stored: str) -> None:
    assert clean_email(typed) == stored
    assert show_email(stored) == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jean@EX.fr", "jean@ex.FR"),
        ("é@ex.fr", "e\u0301@ex.fr"),
        ("é@ex.fr", "É@ex.fr"),
        ("jean@société.fr", "jean@xn--socit-esab.fr"),
        ("jean@SOCIÉTÉ.fr", "jean@société.fr"),
    ],
)
def test_the_same_mailbox_has_the_same_key(one: str, other: str) -> None:
    assert email_key(clean_email(one)) == email_key(clean_email(other))


@pytest.mark.parametrize("other", ["jean+a@ex.fr", "je.an@ex.fr", "jean@ex.com", "jeàn@ex.fr"])
def test_another_mailbox_has_another_key(other: str) -> None:
    assert email_key(clean_email("jean@ex.fr")) != email_key(clean_email(other))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("jean@localhost", "email_domain"),
        ("a..b@x.fr", "email_format"),
        ('"a b"@x.fr', "email_format"),
        ("je\u200ban@x.fr", "email_invisible"),
        ("je\u00adan@x.fr", "email_invisible"),
        ("je\x00an@x.fr", "email_invisible"),
        ("a" * 65 + "@x.fr", "email_long"),
        ("jean", "email_at"),
        ("jean dupont@x.fr", "email_format"),
        ("Jean <jean@x.fr>", "email_format"),
        ("jean@[1.2.3.4]", "email_format"),
        ("a@x.fr,b@x.fr", "email_format"),
        ("jean@" + "x." * 200 + "fr", "email_format"),
    ],
)
def test_a_wrong_email_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        clean_email(typed)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("www.edf.fr", "https://www.edf.fr"),
        (" https://www.edf.fr/ ", "https://www.edf.fr/"),
        ("HTTP://WWW.EDF.FR/Nous", "http://www.edf.fr/Nous"),
        ("edf.fr:8080/a?b=c#d", "https://edf.fr:8080/a?b=c#d"),
        ("//edf.fr", "https://edf.fr"),
        ("société.fr", "https://société.fr"),
        ("https://a.fr/?u=http://b.fr", "https://a.fr/?u=http://b.fr"),
    ],
)
def test_a_website_is_stored_with_its_scheme(typed: str, stored: str) -> None:
    assert clean_website(typed) == stored
    assert clean_website(show_website(stored)) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("javascript:alert(1)", "website_scheme"),
        ("JavaScript://edf.fr/%0aalert(1)", "website_scheme"),
        ("data:text/html,x", "website_scheme"),
        ("ftp://edf.fr", "website_scheme"),
        ("mailto:jean@edf.fr", "website_scheme"),
        ("java\tscript:alert(1)", "website_characters"),
        ("www.edf.fr et www.edf.com", "website_characters"),
        ("www.edf.fr\u202e", "website_characters"),
        ('www.edf.fr/"onclick', "website_characters"),
        ("https://user:secret@edf.fr", "website_host"),
        ("https://edf", "website_host"),
        ("edf", "website_host"),
        ("javascript:1", "website_host"),
        ("https://-edf.fr", "website_host"),
        ("https://edf..fr", "website_host"),
        ("https://192.168.1.1", "website_host"),
        ("https://[::1", "website_host"),
        ("https://edf.fr:99999", "website_host"),
        ("https://", "website_host"),
        ("edf.fr/" + "a" * LONGEST, "website_long"),
    ],
)
def test_a_wrong_website_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        clean_website(typed)
    assert refusal.value.code == code


def test_a_website_is_shown_without_https_and_compared_by_domain() -> None:
    assert show_website("https://www.edf.fr") == "www.edf.fr"
    assert show_website("http://www.edf.fr") == "http://www.edf.fr"
    assert website_domain("https://www.edf.fr/a") == "edf.fr"
    assert website_domain(None) == ""


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("75008", "FR", "75008"),
        ("75 008", "FR", "75008"),
        ("F-75008", "FR", "75008"),
        ("97400", "RE", "97400"),
        ("98000", "MC", "98000"),
        ("75008", None, "75008"),
        ("ec1y  8sy", "GB", "EC1Y 8SY"),
        ("1000", "BE", "1000"),
        ("12345-6789", "US", "12345-6789"),
    ],
)
def test_a_postal_code_is_stored_as_its_country_writes_it(
    typed: str, country: str | None, stored: str
) -> None:
    assert clean_postal_code(typed, country) == stored
    assert show_postal_code(stored) == stored
    assert postal_code_warning(stored, country) is None


@pytest.mark.parametrize(
    ("typed", "country"),
    [("7500", "FR"), ("750080", "FR"), ("7500A", "FR"), ("1000", "RE"), ("<b>", "BE"), ("1" * 16, "BE")],
)
def test_a_wrong_postal_code_is_refused(typed: str, country: str) -> None:
    with pytest.raises(Rejected, match="vérifiez-le"):
        clean_postal_code(typed, country)


def test_an_unusual_foreign_postal_code_warns() -> None:
    assert "Belgique" in str(postal_code_warning("75008", "BE"))
    assert postal_code_warning(None, "BE") is None
    assert postal_code_warning("whatever", "AE") is None


def test_some_countries_need_no_postal_code() -> None:
    assert needs_postal_code("FR")
    assert needs_postal_code(None)
    assert needs_postal_code("BE")
    assert not needs_postal_code("AE")
    assert not needs_postal_code("IE")
