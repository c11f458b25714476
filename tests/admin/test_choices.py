"""Records that a field finds as one types: few at a time, only those that may be chosen, for those who may read."""

from __future__ import annotations

from typing import Any

from flask import Flask

from backoffice.clients.forms import MOST_CHOICES
from backoffice.clients.models import Client
from tests.clients.cast import add_client, add_clients, browser_of, row, state
from tests.conftest import AsRole, on_sqlite_only
from tests.web import Browser

LOOKUP = "/client/ajax/lookup/"


def found(browser: Browser, **asked: Any) -> list[str]:
    response = browser.client.get(LOOKUP, query_string={"name": "parent", **asked})
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    return [label for _id, label in response.get_json()]


def test_choices_are_found_by_the_beginnings_of_words(app: Flask) -> None:
    add_clients(
        app,
        [
            {"name": "Atelier Lefèvre", "city": "Lyon"},
            {"name": "Lefevre Fils"},
            {"name": "Prélefevre"},
            {"name": "Lefèvre, fermé", "is_active": False},
        ],
    )
    browser = browser_of(app, "lecture")

    assert found(browser, q="LEFÈV") == ["Atelier Lefèvre (Lyon)", "Lefevre Fils"]
    assert found(browser, query="fils lef") in (["Lefevre Fils"], [])
    assert found(browser, q="introuvable") == []


@on_sqlite_only
def test_however_many_are_asked_for_only_some_come(app: Flask) -> None:
    add_clients(app, [{"name": f"Maison {number:02}"} for number in range(MOST_CHOICES + 5)])
    browser = browser_of(app, "lecture")

    for more in ({}, {"limit": 10**9}, {"limit": -1}, {"offset": -5, "limit": "abc"}, {"limit": 0}):
        assert len(found(browser, q="maison", **more)) == MOST_CHOICES, more
    assert len(found(browser)) == MOST_CHOICES


def test_odd_searches_find_nothing_and_break_nothing(app: Flask) -> None:
    add_client(app, "Atelier Lefèvre")
    browser = browser_of(app, "lecture")

    for odd in ("%", "_", "\\", "\x00", "' OR 1=1 --", "a" * 100_000, "\U0001f950"):
        assert found(browser, q=odd) in ([], ["Atelier Lefèvre"]), odd
    assert found(browser, q="at_lier") == []


@on_sqlite_only
def test_only_what_is_declared_can_be_looked_up(app: Flask, as_role: AsRole) -> None:
    browser = as_role("administrateur")

    for name in ("", "contacts", "type", "password", "__class__", "parent2"):
        assert browser.client.get(LOOKUP, query_string={"name": name}).status_code == 404, name
    for other in ("contact", "address", "companytype", "settings", "user"):
        assert browser.client.get(f"/{other}/ajax/lookup/?name=parent").status_code == 403, other


@on_sqlite_only
def test_what_cannot_be_found_cannot_be_chosen_by_its_id_and_clears_nothing(app: Flask) -> None:
    parent, closed = add_client(app, "Groupe"), add_client(app, "Fermé", is_active=False)
    child = add_client(app, "Filiale", parent_id=parent)
    browser = browser_of(app, "gestionnaire")
    before = state(app)

    for odd in (str(closed), "999999", "abc", "-1", "²", "1,2", "9" * 30):
        browser.get(f"/client/edit/?id={child}")
        page = browser.post(f"/client/edit/?id={child}", {**browser.fields("#record"), "parent": odd})
        said = "Fermé est inactif" if odd == str(closed) else "Ce choix n'existe plus"
        assert said in page.get_text(), odd
    assert row(app, Client, child)["parent_id"] == parent
    assert state(app) == before
