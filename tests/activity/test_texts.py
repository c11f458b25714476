"""Texts of entries: whom they mention, and how they are shown without harm."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup

from backoffice.activity.texts import headline, mentions, shown

PEOPLE: list[Any] = [
    SimpleNamespace(id=1, name="Claire Vasseur"),
    SimpleNamespace(id=2, name="Éloïse Œuvrard"),
    SimpleNamespace(id=3, name="Claire Vasseur-Petit"),
    SimpleNamespace(id=4, name="accueil@office.example"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Claire Vasseur peut-elle rappeler ?", [("@Claire Vasseur", 1)]),
        ("vu avec @claire.vasseur.", [("@claire.vasseur", 1)]),
        ("(@eloise.oeuvrard, @Éloïse Œuvrard)", [("@eloise.oeuvrard", 2), ("@Éloïse Œuvrard", 2)]),
        ("@Claire Vasseur-Petit", [("@Claire Vasseur-Petit", 3)]),
        ("@accueil @CLAIRE VASSEUR", [("@accueil", 4), ("@CLAIRE VASSEUR", 1)]),
        ("écrire à claire@claire.vasseur", []),
        ("@claire seule, @inconnu, @ et @@", []),
        ("", []),
    ],
)
def test_a_mention_is_a_first_and_a_last_name_however_written(text: str, found: list[Any]) -> None:
    assert [(text[each.start : each.end], each.person.id) for each in mentions(text, PEOPLE)] == found


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**gras**\nligne", "<p><strong>gras</strong><br>\nligne</p>"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>"),
        ("@Claire Vasseur", '<p><span class="mention">@Claire Vasseur</span></p>'),
        ("`@Claire Vasseur`", "<p><code>@Claire Vasseur</code></p>"),
        (
            "voir https://exemple.fr/a?b=1.",
            '<p>voir <a href="https://exemple.fr/a?b=1" rel="noopener nofollow">https://exemple.fr/a?b=1</a>.</p>',
        ),
        ("# Pas un titre", "<p># Pas un titre</p>"),
    ],
)
def test_markdown_is_shown(text: str, html: str) -> None:
    assert str(shown(text, PEOPLE)).strip() == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<javascript:alert(1)>",
        "![pixel](https://espion.example/p.gif)",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<a href='https://a.example' onclick='x'>a</a>",
    ],
)
def test_a_hostile_text_is_shown_without_harm(text: str) -> None:
    html = BeautifulSoup(str(shown(text, PEOPLE)), "lxml")

    assert {tag.name for tag in html.select("body *")} <= {"p", "a"}
    for tag in html.select("body *"):
        assert tag.attrs.keys() <= {"href", "rel"}
        assert str(tag.get("href", "https://")).startswith("https://")


def test_a_name_with_markup_stays_text() -> None:
    people: list[Any] = [SimpleNamespace(id=9, name="<b>Zoé</b>")]

    assert "<b>" not in str(shown("@b Zoé b", people))


@pytest.mark.parametrize("text", ["[" * 20_000, "*a" * 10_000, "@a " * 6_600, "> " * 10_000, "`" * 20_000])
def test_the_longest_odd_text_is_shown_in_less_than_a_second(text: str) -> None:
    began = time.monotonic()
    shown(text, PEOPLE)

    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("Point sur la commande\n\nRappeler vendredi.", "Point sur la commande", "Rappeler vendredi."),
        ("Une seule ligne", "", "Une seule ligne"),
        ("- un\n- deux", "", "- un\n- deux"),
        ("1. un\n2. deux", "", "1. un\n2. deux"),
        ("a" * 81 + "\nsuite", "", "a" * 81 + "\nsuite"),
    ],
)
def test_a_short_first_line_titles_the_text_under_it(text: str, title: str, rest: str) -> None:
    assert headline(text) == (title, rest)
