"""What a page weighs: its HTML, and what it brings along for the first time."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask

from backoffice.core.db import db, for_writing
from backoffice.ops.seed import fill
from config import ROOT
from tests.browser.pages import PAGES, add_cast, addresses
from tests.conftest import AsRole, on_sqlite_only

#: The most bytes of HTML of one page, and of all script and style together, compressed.
MOST_HTML = 60_000
MOST_OWN = 150_000
#: The most rows that a list can show.
LONGEST = {"clients-longest": "/client/?page_size=100", "contacts-longest": "/contact/?page_size=100"}

#: The most bytes of a picture that the README shows.
MOST_PICTURE = 150_000

STATIC = ROOT / "backoffice" / "static"


def many_records(app: Flask) -> None:
    """The cast, and more clients than one page of a list shows."""
    add_cast(app)
    with app.app_context(), for_writing():
        fill(db.engine, 120)


@on_sqlite_only
def test_no_page_weighs_more_than_sixty_kilobytes(app: Flask, as_role: AsRole) -> None:
    many_records(app)
    browser = as_role("administrateur")
    weights = {}
    for name, path in addresses(app, {**PAGES, **LONGEST}).items():
        browser.get(path)
        weights[name] = len(browser.response.data)

    assert {name: weight for name, weight in weights.items() if weight > MOST_HTML} == {}
    assert weights["clients-longest"] > weights["clients"] > weights["help"]


def test_script_and_style_together_weigh_less_than_a_photograph() -> None:
    files = [path for path in STATIC.rglob("*") if path.suffix in {".css", ".js"}]
    weights = {path.name: len(gzip.compress(path.read_bytes())) for path in files}

    assert sum(weights.values()) <= MOST_OWN, weights
    assert "base.css" in weights
    assert "shell.js" in weights


@pytest.mark.parametrize("ending", [".css", ".js"])
def test_no_file_for_the_browser_is_left_out_of_the_pages(ending: str) -> None:
    skeleton = (ROOT / "backoffice" / "admin" / "templates" / "admin" / "skeleton.html").read_text("utf-8")
    own = [path for path in STATIC.rglob(f"*{ending}") if "vendor" not in path.parts]

    assert [path.name for path in own if f'"{path.stem}"' not in skeleton] == []
    assert own


def test_the_pictures_that_the_readme_shows_are_there_and_small() -> None:
    named = set(re.findall(r"tests/browser/pictures/[\w-]+\.png", (ROOT / "README.md").read_text("utf-8")))
    stored = {
        path.relative_to(ROOT).as_posix(): path for path in (ROOT / "tests/browser/pictures").glob("*.png")
    }

    assert named == set(stored)
    assert {name: size for name, path in stored.items() if (size := path.stat().st_size) > MOST_PICTURE} == {}
