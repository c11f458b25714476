import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.core.problems import Rejected
from backoffice.core.text import (
    bare_name,
    clean_text,
    fold,
    name_tokens,
    search_terms,
    search_tokens,
    strip_or_none,
    words,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Œuvres d'Été — Île-de-France", "oeuvres d ete ile de france"),
        ("L\u2019Oréal", "l oreal"),
        ("Ærø Straße", "aero strasse"),
        ("Łódź İstanbul", "lodz istanbul"),
        ("  EDF\u00a0S.A.\t", "edf s a"),
        ("ED\u200bF \uff25\uff24\uff26 ﬁn", "edf edf fin"),
        ("e\u0301te\u0301", "ete"),
        ("Наука & Co", "наука co"),
        ("!?…", ""),
        ("\x00\ud800", ""),
    ],
)
def test_texts_fold_to_what_is_compared(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_words_come_in_order() -> None:
    assert words("Île-de-France Mobilités") == ["ile", "de", "france", "mobilites"]


@pytest.mark.parametrize(
    ("text", "kept"), [(None, None), (" \u00a0\u200b ", None), (" a b ", "a b"), ("\ufeffa", "a")]
)
def test_blank_texts_are_none(text: str | None, kept: str | None) -> None:
    assert strip_or_none(text) == kept


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  12\u00a0rue   de la\tPaix\r\n", "12 rue de la Paix"),
        ("e\u0301", "é"),
        ("<script>{{7*7}}</script>", "<script>{{7*7}}</script>"),
        ("\u200fعربي\u202e", "\u200fعربي\u202e"),
        ("\u200b", ""),
        (" \u200e\u202e ", ""),
        ("👍", "👍"),
        ("", ""),
    ],
)
def test_a_line_of_text_is_stored_trimmed_and_composed(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored


@pytest.mark.parametrize("typed", ["a\x00b", "\x00", "a\x1b[31m", "a\x7f", "\ud800"])
def test_control_characters_are_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Rejected) as refusal:
        clean_text(typed)
    assert "effacez-le" in str(refusal.value.message)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("TotalEnergies SE", "totalenergies"),
        ("S.A.S. Dupont & Fils", "dupont fils"),
        ("Müller GmbH & Co. KG", "muller"),
        ("SA", "sa"),
        ("Se Loger", "se loger"),
    ],
)
def test_the_legal_form_is_no_part_of_the_bare_name(name: str, bare: str) -> None:
    assert bare_name(name) == bare


def found(query: str, text: str) -> bool:
    tokens = name_tokens(text)
    terms = search_terms(query)
    return bool(terms) and all(any(t.startswith(a) for t in tokens for a in term) for term in terms)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("300 054 392", "300054392"),
        ("300.054", "300054392"),
        ("300054392", "300 054 392"),
        ("05 04 25 14 22", "0504251422"),
        ("0504", "05 04 25 14 22"),
        ("FR 44 732829320", "FR44732829320"),
        ("fr44 732 829", "FR44732829320"),
        ("44732829320", "FR44732829320"),
        ("+33 1 42 68", "33142685300"),
        ("+33 (0)1 42 68 53 00", "33142685300"),
        ("0033 1 42 68 53 00", "33142685300"),
        ("loreal", "L'Oréal"),
        ("l oreal", "L\u2019ORÉAL"),
        ("L'Oréal", "Loreal"),
        ("edf", "E.D.F."),
        ("E.D.F.", "EDF"),
        ("saint gob", "Saint-Gobain"),
        ("saintgobain", "Saint Gobain"),
        ("total energies", "TotalEnergies SE"),
        ("gobain saint", "Compagnie de Saint-Gobain"),
        ("jean.dupont@ex", "jean.dupont@ex.fr"),
        ("BRIOCHE doree", "La Brioche Dorée"),
        ("dupont 75008", "Dupont 75008 Paris"),
        ("3M", "3M France"),
    ],
)
def test_a_search_finds_whatever_the_case_accents_and_spacing(query: str, text: str) -> None:
    assert found(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("oreal", "Boréal"),
        ("dupont lyon", "Dupont Paris"),
        ("142685300", "33142685300"),
        ("?!", "EDF"),
        ("", "EDF"),
        ("300 055", "300054392"),
    ],
)
def test_a_search_does_not_find_what_does_not_begin_so(query: str, text: str) -> None:
    assert not found(query, text)


def test_a_search_reads_as_and_of_ors() -> None:
    assert search_terms("Dupont 01 42") == [["dupont"], ["01", "0142"], ["42", "0142"]]
    assert search_terms("La Poste") == [["la", "laposte"], ["poste", "laposte"]]
    assert search_terms("FR 44") == [["fr", "fr44"], ["44", "fr44"]]


def test_a_search_is_capped() -> None:
    assert len(search_terms(" ".join("abcdefghijkl"))) == 8
    assert search_terms("a" * 5000) == [["a" * 100]]
    assert search_terms("\x00'\"%_*()") == []


@given(st.text())
def test_a_text_of_few_words_is_found_by_itself(text: str) -> None:
    if 0 < len(words(text)) <= 8 and len(text) <= 100:
        assert found(text, text)


def test_an_email_gives_its_words_only() -> None:
    assert search_tokens("jean.dupont@ex.fr") == ["jean", "dupont", "ex", "fr"]
