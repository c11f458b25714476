"""A card with whom everything has happened many times opens as one with nothing on it: see `full.fill`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import pytest
from flask import Flask

from backoffice.admin.pager import write_position
from tests.activity.cast import feed_of
from tests.activity.full import BEGAN, ENTRIES, OPEN_TASKS, fill
from tests.clients.cast import add_client, browser_of
from tests.clients.test_query_counts import counted
from tests.conftest import _disconnect
from tests.databases import Databases
from tests.users.people import make_user
from tests.web import Browser

MOST_QUERIES = 13
#: Of so many tries on a machine that others use too, the least is compared.
_TRIES = 15


class Office(NamedTuple):
    """A client with nothing, one with everything, and somebody who looks at them."""

    app: Flask
    empty: int
    full: int
    browser: Browser


@pytest.fixture(scope="module")
def office(app_on_engine: Flask, databases: Databases) -> Iterator[Office]:
    """Filled once on each engine: these tests only read."""
    databases.renew()
    empty, full = add_client(app_on_engine, "Vide"), add_client(app_on_engine, "Pleine")
    fill(app_on_engine, full, make_user(app_on_engine, "auteur@office.example"))
    browser = browser_of(app_on_engine, "administrateur")
    browser.get("/")
    yield Office(app_on_engine, empty, full, browser)
    _disconnect(app_on_engine)


def card(client: int, **more: object) -> str:
    return f"/client/details/?id={client}" + "".join(f"&{name}={value}" for name, value in more.items())


def test_the_full_card_asks_no_more_than_the_empty_one_and_weighs_no_more_than_a_page_may(
    office: Office,
) -> None:
    with counted(office.app) as empty:
        office.browser.get(card(office.empty))
    with counted(office.app) as full:
        office.browser.get(card(office.full))

    assert office.browser.status == 200
    assert len(full) <= max(len(empty), MOST_QUERIES), full
    assert len(full) <= MOST_QUERIES, full
    assert len(office.browser.response.data) <= 57_000  # the way back to a list makes it heavier yet
    shown = office.browser.page.select("#event-rows > .line, .person, .to-do .task")
    assert (
        len(shown) == 5 + 8 + 5
    )  # fewer contacts than the ten of a usual card: of these all phones are known


def test_the_full_card_opens_in_twice_the_time_of_the_empty_one_at_most(office: Office) -> None:
    spent: dict[int, list[float]] = {office.empty: [], office.full: []}
    for _try in range(_TRIES):  # by turns, so that both meet the same neighbours on the machine
        for client, times in spent.items():
            began = time.perf_counter()
            office.browser.client.get(card(client))
            times.append(time.perf_counter() - began)

    assert min(spent[office.full]) < 2 * min(spent[office.empty]), spent


def test_the_last_page_of_the_feed_asks_and_holds_as_much_as_the_second(office: Office) -> None:
    pages = {}
    office.browser.get(
        card(office.full, tab="activity")
    )  # the first opening is noted, which is one word more
    for name, number in (("second", ENTRIES - OPEN_TASKS - 20), ("deep", 60), ("last", 10)):
        position = write_position((BEGAN + timedelta(hours=number), 10**6))
        with counted(office.app) as asked:
            office.browser.get(card(office.full, tab="activity", after=position))
        pages[name] = len(asked), len(feed_of(office.browser)), office.browser.status

    assert pages["second"] == pages["deep"]
    assert pages["last"][0] == pages["second"][0]
    assert pages["second"][1:] == (20, 200)
