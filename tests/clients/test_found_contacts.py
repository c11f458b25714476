"""The list of contacts finds the people that a search speaks of, not everybody at their companies."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.clients.cast import add_clients, browser_of

CAST: list[dict[str, Any]] = [
    {
        "name": "Atelier Lefèvre",
        "email": "helene.garnier@lefevre.example",
        "main": {"first_name": "Hélène", "last_name": "Garnier", "mobile_phone": "+33612345678"},
        "contacts": [{"first_name": "Luc", "last_name": "Faure", "email": "compta@lefevre.example"}],
    },
    {"name": "Garnier Frères", "email": "bonjour@freres.example", "is_active": False},
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("garnier", ["Hélène Garnier"]),
        ("HELENE gar", ["Hélène Garnier"]),
        ("06 12 34 56 78", ["Hélène Garnier"]),
        ("compta", ["Luc Faure"]),
        ("faure lefevre", ["Luc Faure"]),
        ("lefevre", ["Hélène Garnier", "Luc Faure"]),
        ("garnier compta", []),
        ("%", []),
    ],
)
def test_a_search_finds_the_contacts_that_its_words_speak_of(
    app: Flask, typed: str, found: list[str]
) -> None:
    add_clients(app, CAST)
    browser = browser_of(app, "lecture")
    browser.get("/contact/", query_string={"search": typed})
    names = [cell.get_text(" ", strip=True) for cell in browser.page.select("tbody th")]
    assert sorted(names) == found
