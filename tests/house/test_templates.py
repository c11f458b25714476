"""No template is left behind when the screen that showed it goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import flask_admin

from config import ROOT

HOUSE = ROOT / "backoffice"
#: Templates that Flask-Admin asks for by itself: ours of the same name take their place.
STOCK = Path(flask_admin.__file__).parent / "templates" / "bootstrap4"


def templates() -> Iterator[str]:
    for folder in sorted(HOUSE.glob("*/templates")):
        for path in sorted(folder.rglob("*.html")):
            yield path.relative_to(folder).as_posix()


def test_every_template_is_named_by_some_code_or_other_template() -> None:
    sources = [
        path.read_text("utf-8") for ending in ("*.py", "*.html", "*.txt") for path in HOUSE.rglob(ending)
    ]
    names = list(templates())

    unused = [
        name
        for name in names
        if "/help/" not in name  # named without language and ending: tests/house/test_help.py
        and not any(name in source for source in sources)
        and not (STOCK / name).exists()
    ]

    assert unused == []
    assert names


def test_no_two_features_have_a_template_of_the_same_name() -> None:
    names = list(templates())

    assert sorted(set(names)) == sorted(names)
