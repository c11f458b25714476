"""Previous and next on a card: the neighbours in the very list that one came from."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.admin import ClientView
from backoffice.clients.models import Client
from tests.clients.cast import add_clients, browser_of, change, notices
from tests.clients.test_query_counts import counted
from tests.web import Browser


@pytest.fixture
def four(app: Flask) -> dict[str, int]:
    wanted: list[dict[str, Any]] = [
        {"name": "Alpha", "city": "Lyon", "type_id": 2},
        {"name": "Bêta", "city": "Brest", "is_active": False},
        {"name": "Gamma", "city": "Albi", "type_id": 2},
        {"name": "Zêta", "city": "Lyon"},
    ]
    return dict(zip((one["name"] for one in wanted), add_clients(app, wanted), strict=True))


def addresses(browser: Browser, path: str) -> list[str]:
    browser.get(path)
    return [str(link["href"]) for link in browser.page.select("table.list tbody th a")]


def step(browser: Browser, address: str, to: str) -> str:
    browser.get(address.replace("/details/", "/beside/") + f"&to={to}")
    assert browser.status == 200
    return browser.path


@pytest.mark.parametrize("sort", ["name", "city", "type", "siret", "main_contact", "is_active", "created_at"])
def test_the_way_along_a_list_is_its_order_forwards_and_back(
    app: Flask, four: dict[str, int], sort: str
) -> None:
    assert sort in ClientView.orders
    browser = browser_of(app, "lecture")
    for descending in ("", "&desc=1"):
        listed = addresses(browser, f"/client/?sort={sort}{descending}&status=all")
        assert len(listed) == 4
        assert [step(browser, address, "next") for address in listed[:-1]] == listed[1:]
        assert [step(browser, address, "previous") for address in listed[1:]] == listed[:-1]


def test_the_ends_of_a_list_say_so_and_stay(app: Flask, four: dict[str, int]) -> None:
    browser = browser_of(app, "lecture")
    listed = addresses(browser, "/client/")
    assert listed[0] == f"/client/details/?id={four['Alpha']}&in="
    assert step(browser, listed[-1], "next") == listed[-1]
    assert "C’est la dernière fiche de cette liste." in notices(browser)
    assert step(browser, listed[0], "previous") == listed[0]
    assert "C’est la première fiche de cette liste." in notices(browser)


def test_filters_count_and_a_card_that_left_the_list_still_has_neighbours(
    app: Flask, four: dict[str, int]
) -> None:
    browser = browser_of(app)
    listed = addresses(browser, "/client/?flt_type=2")
    assert step(browser, listed[0], "next") == listed[1]
    listed = addresses(browser, "/client/")
    change(app, Client, four["Gamma"], is_active=False)
    assert step(browser, listed[1], "next") == listed[2]
    assert step(browser, listed[1], "previous") == listed[0]
    assert step(browser, listed[0] + "&tab=record", "next") == listed[2] + "&tab=record"


def test_contacts_have_neighbours_too(app: Flask, four: dict[str, int]) -> None:
    browser = browser_of(app)
    listed = addresses(browser, "/contact/")
    assert len(listed) == 3
    assert step(browser, listed[0], "next") == listed[1]


def test_odd_lists_are_the_plain_one_and_odd_ids_no_page(app: Flask, four: dict[str, int]) -> None:
    browser = browser_of(app)
    for odd in ("%00", "sort=x&after=!", "&" * 300, "flt_type=abc", "%ED%A0%80", "a" * 9000):
        browser.get("/client/beside/", query_string={"id": four["Alpha"], "in": odd})
        assert browser.status == 200, odd
    browser.get("/client/beside/?id=abc&in=")
    assert browser.status == 404


def test_a_step_costs_two_questions_beside_the_card(app: Flask, four: dict[str, int]) -> None:
    browser = browser_of(app)
    browser.get("/")
    with counted(app) as sent:
        browser.client.get(f"/client/beside/?id={four['Alpha']}&in=sort%3Dcity")
    assert len(sent) <= 5, sent
