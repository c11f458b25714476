"""Somebody whose language is English reads English: its words, and its punctuation."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, Comment
from flask import Flask
from sqlalchemy import select

from backoffice.activity.models import Entry
from backoffice.core.db import db
from backoffice.events.models import Event
from config import ROOT
from tests.browser.pages import PAGES, add_cast, addresses
from tests.conftest import AsRole, on_sqlite_only
from tests.house.test_help import texts as helps
from tests.web import Browser

pytestmark = on_sqlite_only

CATALOGUE = ROOT / "backoffice" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
#: French words that are data: the name of a language in itself, and an address of the cast.
STORED = {"Français", "Facturation"}
SPOKEN = ("aria-label", "title", "placeholder", "alt")
FRENCH_SIGNS = re.compile(r" [:;?!](\s|$)|[«»]")
#: What is quoted in a text of help without being on any button: examples, and signs that name themselves.
EXAMPLES = {
    "lefe lyon",
    "Lefevbre",
    "nouv",
    "new",
    "+",
    "−",
    "···",
    "- ",
    "n autres",
    "n others",
    "Annulé",
    "Cancelled",
}
QUOTED = {"fr": re.compile(r"« ([^»]+) »"), "en": re.compile(r"“([^”]+)”")}


def catalogue() -> dict[str, str]:
    """English by its French; of a sentence that counts, the plural stands beside the singular."""
    with CATALOGUE.open("rb") as file:
        found = read_po(file, locale="en")
    pairs: dict[str, str] = {}
    for message in found:
        french = [message.id] if isinstance(message.id, str) else list(message.id or ())
        english = [message.string] if isinstance(message.string, str) else list(message.string or ())
        pairs.update(zip(french, english, strict=True))
    return pairs


def spoken(page: BeautifulSoup) -> list[str]:
    """All that a page says, piece by piece."""
    for machine in page.select("script, style"):
        machine.decompose()
    shown = [str(text) for text in page.find_all(string=True) if not isinstance(text, Comment)]
    hidden = [str(tag[name]) for name in SPOKEN for tag in page.select(f"[{name}]")]
    return [" ".join(piece.split()) for piece in (*shown, *hidden) if piece.strip()]


def written(app: Flask) -> list[str]:
    """What the cast has written, line by line: it stays in their own language."""
    with app.app_context():
        columns = (Entry.body, Event.description)
        texts = [text for column in columns for text in db.session.scalars(select(column)) if text]
    return [" ".join(line.split()) for text in texts for line in text.splitlines() if line.strip()]


@pytest.fixture
def english(app: Flask, as_role: AsRole) -> Browser:
    """An administrator whose language is English, with the cast to look at."""
    add_cast(app)
    browser = as_role("administrateur")
    browser.get("/account/")
    browser.post("/account/language/", {"locale": "en", "url": "/"})
    return browser


def test_no_page_in_english_says_a_word_of_french_or_sets_its_signs_the_french_way(
    app: Flask, english: Browser
) -> None:
    words = catalogue()
    french = {text for text, translated in words.items() if text != translated} - set(words.values())
    lines = written(app)
    texts = " ".join(lines)
    wrong = []
    for name, address in addresses(app, PAGES).items():
        page = english.get(address)
        assert page.select_one("html[lang=en]"), name
        wrong += [
            (name, piece)
            for piece in spoken(page)
            if piece in french - STORED
            or (
                FRENCH_SIGNS.search(piece) and piece not in texts and not any(line in piece for line in lines)
            )
        ]

    assert not wrong, "\n".join(map(str, wrong))


def test_what_can_be_taken_back_says_undo_in_english_and_not_cancel(app: Flask, english: Browser) -> None:
    client = addresses(app, {"card": "{client}"})["card"]
    english.get(f"/client/deactivate/?id={client}")
    english.submit("main form")

    button = english.page.select_one("[data-notice] form button")

    assert button is not None
    assert " ".join(button.get_text().split()).startswith("Undo: ")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_the_help_quotes_stands_on_the_screen_in_these_words(app: Flask, language: str) -> None:
    words = catalogue()
    said = set(words) if language == "fr" else set(words.values())
    names = " | ".join(re.sub(r"<[^>]+>|%\(\w+\)[sd]|[“”«»]", "", text) for text in said)
    missing = [
        (name, quoted)
        for name, text in helps().items()
        if name.endswith(f".{language}.html")
        for quoted in QUOTED[language].findall(text)
        if quoted not in EXAMPLES and quoted.removeprefix("+ ").rstrip("…") not in names
    ]

    assert missing == []


def test_the_name_of_a_user_is_not_called_a_last_name(english: Browser) -> None:
    english.get("/user/")
    assert "Last name" not in [
        tag.get_text(strip=True).rstrip("↑") for tag in english.page.select("thead th")
    ]
    english.get("/account/")
    assert "Last name" not in [tag.get_text(strip=True) for tag in english.page.select("dt")]
