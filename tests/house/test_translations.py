"""French is what the code says; the English catalogue must say all of it, and nothing more."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import ngettext

from config import ROOT
from tests.conftest import on_sqlite_only

ENGLISH = ROOT / "backoffice" / "translations" / "en" / "LC_MESSAGES"
FRENCH = ENGLISH.parent.parent / "fr" / "LC_MESSAGES"
_PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def in_code(**keywords: tuple[int, ...] | None) -> list[Any]:
    """What the code and the templates say with these functions, found with the project's own settings."""
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]
    mappings = [
        (pattern, mapping["method"]) for mapping in settings["mappings"] for pattern in mapping["pattern"]
    ]
    found = extract_from_dir(ROOT / "backoffice", mappings, keywords=keywords, strip_comment_tags=True)
    return [text for _, _, text, _, _ in found]


def spoken() -> set[str]:
    """The sentences of the code and the templates, by their singular."""
    found = in_code(_=None, gettext=None, lazy_gettext=None, ngettext=(1, 2), lazy_ngettext=(1, 2))
    return {text if isinstance(text, str) else text[0] for text in found}


def counting() -> set[tuple[str, str]]:
    """The sentences that have a singular and a plural."""
    return {(text[0], text[1]) for text in in_code(ngettext=(1, 2), lazy_ngettext=(1, 2))}


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def texts(text: Any) -> list[str]:
    """The sentence, or the singular and the plural of one that counts."""
    return [text] if isinstance(text, str) else list(text or ())


def said(catalog: Catalog) -> dict[str, Message]:
    return {texts(message.id)[0]: message for message in catalog if message.id}


def sentences(catalog: Catalog) -> dict[str, list[str]]:
    """What the catalogue says in English, by the French."""
    return {text: texts(message.string) for text, message in said(catalog).items()}


def places(sentence: str) -> list[str]:
    return sorted(_PLACE.findall(sentence))


def test_every_french_sentence_has_its_english_one(english: Catalog) -> None:
    translated = {text for text, message in said(english).items() if message.string and not message.fuzzy}

    assert sorted(spoken() - translated) == []


def test_the_catalogue_holds_no_sentence_that_the_code_no_longer_says(english: Catalog) -> None:
    assert sorted(set(said(english)) - spoken()) == []
    assert list(english.obsolete) == []


def test_a_translation_keeps_the_places_that_values_go_to(english: Catalog) -> None:
    changed = [
        text
        for text, message in said(english).items()
        if message.string
        and {tuple(places(said_)) for said_ in texts(message.string)}
        != {tuple(places(id_)) for id_ in texts(message.id)}
    ]

    assert changed == []


def test_the_compiled_catalogue_is_that_of_the_source(english: Catalog) -> None:
    with (ENGLISH / "messages.mo").open("rb") as file:
        compiled = read_mo(file)

    assert sentences(compiled) == sentences(english)


def test_the_french_catalogue_says_the_sentences_that_count_and_no_other() -> None:
    with (FRENCH / "messages.po").open("rb") as file:
        source = read_po(file, locale="fr")
    with (FRENCH / "messages.mo").open("rb") as file:
        compiled = read_mo(file)

    assert {tuple(texts(message.id)) for message in source if message.id} == counting()
    assert sentences(compiled) == sentences(source)
    assert [message.id for message in source if message.id and message.string != message.id] == []


@pytest.mark.parametrize(("number", "said_"), [(0, "0 société"), (1, "1 société"), (2, "2 sociétés")])
@on_sqlite_only
def test_french_begins_its_plural_at_two(app: Flask, number: int, said_: str) -> None:
    with app.test_request_context():
        assert f"{number} {ngettext('société', 'sociétés', number)}" == said_


def test_no_sentence_is_said_inside_an_f_string_where_the_catalogue_would_not_find_it() -> None:
    said_by = {"_", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext"}
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "backoffice").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in said_by
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []
