"""No circle of parent companies, even when two people each draw a half of it at the same moment."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.clients import services
from backoffice.clients.models import Client
from tests.clients.cast import add_clients, browser_of, row, state
from tests.clients.together import at_once, meet_after
from tests.web import Browser


def _draw(browser: Browser, parent: int) -> None:
    browser.submit("#record", parent=str(parent))


def two_halves(app: Flask, edf: int, engie: int) -> tuple[Browser, Browser]:
    """Alice makes Engie the parent of EDF while Bruno makes EDF the parent of Engie."""
    alice, bruno = browser_of(app, name="Alice Durand"), browser_of(app, name="Bruno Petit")
    alice.get(f"/client/edit/?id={edf}")
    bruno.get(f"/client/edit/?id={engie}")
    at_once(lambda: _draw(alice, engie), lambda: _draw(bruno, edf))
    return alice, bruno


def test_two_halves_of_a_circle_at_once_leave_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    edf, engie = add_clients(app, [{"name": "EDF"}, {"name": "Engie"}])
    meet_after(monkeypatch, services, "check")  # both stand before the question when they meet
    browsers = two_halves(app, edf, engie)
    parents = (row(app, Client, edf)["parent_id"], row(app, Client, engie)["parent_id"])
    assert parents in ((engie, None), (None, edf))
    (told,) = [browser for browser in browsers if browser.path.startswith("/client/edit/")]
    assert told.status == 200
    assert "dépend déjà de cette société" in told.text
    assert len([fact for fact in state(app)["fact"] if fact["field"] == "parent_id" and fact["after"]]) == 1


def test_a_long_circle_closed_at_both_ends_at_once_stays_open(app: Flask) -> None:
    one, two, three, four = add_clients(app, [{"name": name} for name in ("Un", "Deux", "Trois", "Quatre")])
    browser = browser_of(app)
    for child, parent in ((two, one), (four, three)):
        browser.get(f"/client/edit/?id={child}")
        _draw(browser, parent)
    alice, bruno = browser_of(app, name="Alice Durand"), browser_of(app, name="Bruno Petit")
    alice.get(f"/client/edit/?id={one}")
    bruno.get(f"/client/edit/?id={three}")
    at_once(lambda: _draw(alice, four), lambda: _draw(bruno, two))
    parents = (row(app, Client, one)["parent_id"], row(app, Client, three)["parent_id"])
    assert parents in ((four, None), (None, two))


def test_many_people_drawing_at_once_leave_no_circle(app: Flask) -> None:
    ids = add_clients(app, [{"name": f"Société {number}"} for number in range(4)])
    browsers = [browser_of(app, name=f"Alice Numéro{number}") for number in range(4)]
    for browser, client_id in zip(browsers, ids, strict=True):
        browser.get(f"/client/edit/?id={client_id}")
    at_once(
        *(
            lambda browser=browser, parent=parent: _draw(browser, parent)
            for browser, parent in zip(browsers, [*ids[1:], ids[0]], strict=True)
        )
    )
    parent_of = {client_id: row(app, Client, client_id)["parent_id"] for client_id in ids}
    assert sum(parent is not None for parent in parent_of.values()) == 3
    for start in ids:
        seen, here = set(), start
        while here is not None:
            assert here not in seen, "a circle"
            seen.add(here)
            here = parent_of[here]
