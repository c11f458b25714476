"""How values are written on screen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from backoffice.admin.formats import in_words, show, when
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only
FIRST = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "fr",
            [
                "1er octobre 2026",
                "jeudi 1er octobre",
                "1er octobre 2026 à 00:30",
                "le 1er octobre 2026 à 0 h 30",
            ],
        ),
        ("en", ["1 October 2026", "Thursday 1 October", "1 October 2026, 00:30"]),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_in_french(app: Flask, language: str, said: list[str]) -> None:
    late = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)  # the day is the one that the screen says
    with app.test_request_context(), force_locale(language):
        found = [show(FIRST), in_words(FIRST, "EEEE d MMMM"), show(late), when(late)]

    assert found[: len(said)] == said


def test_no_other_day_is_an_ordinal(app: Flask) -> None:
    with app.test_request_context(), force_locale("fr"):
        assert [in_words(date(2026, 10, day)) for day in (2, 11, 21, 31)] == [
            "2 octobre 2026",
            "11 octobre 2026",
            "21 octobre 2026",
            "31 octobre 2026",
        ]
