"""OWASP ASVS 5.0, levels 1 and 2, item by item: what shows that it holds, or why it does not apply or is left open."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from config import ROOT

TABLE = Path(__file__).parent / "asvs.csv"
#: Items of levels 1 and 2 in the list that OWASP published.
ITEMS, OF_LEVEL_1 = 253, 70
#: What is left open, one by one: a new one is a decision, and one that is mended leaves this list.
OPEN = {
    "V5.4.3",
    "V6.5.5",
    "V7.5.1",
    "V7.5.2",
    "V11.2.2",
    "V11.3.3",
    "V11.4.1",
    "V12.3.1",
    "V14.2.1",
    "V15.3.6",
}
_SENTENCE = re.compile(r"^(?:open: |outside: )?\S.{15,}\.$", re.DOTALL)

Row = dict[str, str]


@pytest.fixture(scope="module")
def table() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_item_stands_there_once(table: list[Row]) -> None:
    assert len(table) == len({row["req_id"] for row in table}) == ITEMS
    assert all(re.fullmatch(r"V\d+\.\d+\.\d+", row["req_id"]) for row in table)
    assert {row["level"] for row in table} == {"1", "2"}
    assert sum(row["level"] == "1" for row in table) == OF_LEVEL_1
    assert table == sorted(table, key=lambda row: [int(part) for part in row["req_id"][1:].split(".")])


def test_what_applies_is_shown_or_has_its_reason_and_what_does_not_has_one(table: list[Row]) -> None:
    assert faults(table) == []


def test_what_is_left_open_was_decided_one_by_one(table: list[Row]) -> None:
    assert {row["req_id"] for row in table if row["reason"].startswith("open: ")} == OPEN


def test_a_test_that_is_gone_a_page_that_is_gone_and_a_missing_reason_would_be_told() -> None:
    common = {"level": "1", "reason": ""}
    wrong: list[Row] = [
        {"req_id": "V1.1.1", "applies": "yes", "test": "tests/house/test_asvs.py::test_gone", **common},
        {"req_id": "V1.1.2", "applies": "yes", "test": "tests/gone/test_gone.py::test_gone", **common},
        {"req_id": "V1.1.3", "applies": "yes", "test": "backoffice/SECURITY.md::Gone", **common},
        {"req_id": "V1.1.4", "applies": "yes", "test": "", **common},
        {"req_id": "V1.1.5", "applies": "no", "test": "", **common},
        {"req_id": "V1.1.6", "applies": "no", "test": "", "level": "1", "reason": "n/a"},
        {"req_id": "V1.1.7", "applies": "perhaps", "test": "backoffice/SECURITY.md::Rights", **common},
    ]
    assert len(faults(wrong)) == len(wrong)


def faults(table: list[Row]) -> list[str]:
    """What is wrong with the rows, one line for each."""
    return [f"{row['req_id']}: {what}" for row in table if (what := _fault(row))]


def _fault(row: Row) -> str:
    test, reason = row["test"], row["reason"]
    if row["applies"] not in ("yes", "no"):
        return "applies is yes or no"
    if test and test.partition("::")[2] not in _named(test.partition("::")[0]):
        return f"{test} is not there"
    if reason and not _SENTENCE.match(reason):
        return "the reason is no sentence"
    if row["applies"] == "no":
        return "" if reason and not test else "what does not apply has a reason and no test"
    if test or reason.startswith(("open: ", "outside: ")):
        return ""
    return "what applies has a test, or says that it is open or met outside"


@cache
def _named(path: str) -> set[str]:
    """The tests of a file, or the titles of a page."""
    file = ROOT / path
    if not path or not file.exists():
        return set()
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".md":
        return set(re.findall(r"^## (.+)$", text, re.MULTILINE))
    names = Counter(node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    return {name for name in names if name.startswith("test_")}
