from pathlib import Path

import pytest

from backoffice.core.ape import (
    ape_choices,
    ape_label,
    ape_labels,
    load_nomenclature,
    nomenclature_of,
    nomenclatures,
)
from backoffice.core.problems import Rejected
from backoffice.core.validators.ape_code import clean_ape


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "typed.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_packaged_list_holds_the_732_codes_of_rev_2() -> None:
    assert len(ape_labels()) == 732
    assert all(clean_ape(code) == code for code in ape_labels())
    assert ape_label("62.01Z") == "Programmation informatique"
    assert ape_label("99.99Z") is None
    assert ape_label(None) is None


def test_codes_are_completed_by_their_beginning_or_by_words_of_their_label() -> None:
    assert ("62.01Z", "Programmation informatique") in ape_choices("6201")
    assert ("62.01Z", "Programmation informatique") in ape_choices("62.0")
    assert [code for code, _label in ape_choices("prog info")] == ["62.01Z"]
    assert len(ape_choices("a", limit=5)) == 5
    assert ape_choices("") == []


def test_a_nomenclature_is_loaded_from_a_csv_and_replaced_by_a_newer_one(tmp_path: Path) -> None:
    folder = tmp_path / "nomenclatures"
    assert (
        load_nomenclature(
            "naf2025", write(tmp_path, "Code;Libellé\r\n6210y;Conseil\r\n\r\n01.11Z;Blé\r\n"), folder
        )
        == 2
    )
    assert nomenclatures(folder) == ["rev2", "naf2025"]
    assert ape_label("62.10Y", "naf2025", folder) == "Conseil"
    assert nomenclature_of("62.10Y", folder) == "naf2025"
    assert nomenclature_of("62.01Z", folder) == "rev2"
    assert nomenclature_of("62.10Y") is None
    load_nomenclature("naf2025", write(tmp_path, 'code,label\n62.10Y,"Conseil, informatique"\n'), folder)
    assert dict(ape_labels("naf2025", folder)) == {"62.10Y": "Conseil, informatique"}
    assert [path.name for path in folder.iterdir()] == ["naf2025.csv"]


def test_a_csv_from_windows_keeps_its_accents(tmp_path: Path) -> None:
    load_nomenclature("naf2025", write(tmp_path, "code;libellé\n62.10Y;Été\n".encode("cp1252")), tmp_path)
    assert ape_label("62.10Y", "naf2025", tmp_path) == "Été"
    load_nomenclature("naf2025", write(tmp_path, b"\xef\xbb\xbfcode;label\n62.10Y;A\n"), tmp_path)
    assert ape_label("62.10Y", "naf2025", tmp_path) == "A"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "nomenclature_columns"),
        ("a;b\n62.10Y;Conseil\n", "nomenclature_columns"),
        ("code;label\n", "nomenclature_empty"),
        ("code;label\n62.10;Conseil\n", "nomenclature_row"),
        ("code;label\n62.10Y;\n", "nomenclature_row"),
        ("code;label\n62.10Y;A\n62.10Y;B\n", "nomenclature_row"),
        ("code;label\n62.10Y\n", "nomenclature_row"),
    ],
)
def test_a_bad_csv_is_refused_and_leaves_nothing(tmp_path: Path, content: str, code: str) -> None:
    folder = tmp_path / "nomenclatures"
    with pytest.raises(Rejected) as refusal:
        load_nomenclature("naf2025", write(tmp_path, content), folder)
    assert refusal.value.code == code
    assert nomenclatures(folder) == ["rev2"]


@pytest.mark.parametrize("name", ["rev2", "", "../x", "NAF 2025", "a" * 21])
def test_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Rejected, match="naf2025"):
        load_nomenclature(name, write(tmp_path, "code;label\n62.10Y;A\n"), tmp_path)


def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="ne se lit pas"):
        load_nomenclature("naf2025", tmp_path / "none.csv", tmp_path)


def test_a_nomenclature_that_is_not_at_hand_is_empty(tmp_path: Path) -> None:
    assert ape_labels("naf2025", tmp_path) == {}
    assert ape_labels("../etc/passwd", tmp_path) == {}
    assert ape_labels("naf2025") == {}
