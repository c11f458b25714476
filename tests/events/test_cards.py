"""Events on the card of a client: a few at once, the others as they are asked for, at the same cost for many."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Client
from tests.clients.cast import add_client, browser_of, change
from tests.clients.test_query_counts import counted
from tests.conftest import on_sqlite_only
from tests.events.cast import add_events, main_contact
from tests.web import Browser

HTMX = {"HX-Request": "true", "HX-Target": "events-more"}


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "jeanne@edf.fr")


def rows(page: Any) -> list[str]:
    return [link.get_text() for link in page.select("#event-rows .line.event a")]


def more(browser: Browser) -> Any:
    link = browser.page.select_one("#events-more a")
    assert link is not None
    return browser.get(str(link["hx-get"]), headers=HTMX)


def test_the_card_shows_the_last_created_and_brings_the_earlier_ones_in_short(app: Flask, edf: int) -> None:
    add_events(app, edf, [{"name": f"Soirée {number}", "place": "Lyon"} for number in range(27)])
    browser = browser_of(app, "lecture")
    page = browser.get(f"/client/details/?id={edf}")
    assert rows(page) == [f"Soirée {number}" for number in range(26, 21, -1)]
    assert page.select_one("h2#events + .n").get_text() == "27"  # type: ignore[union-attr]
    assert page.select_one("#events-more").get_text(strip=True) == "Voir plus (22)"  # type: ignore[union-attr]

    page = more(browser)
    assert rows(page) == [f"Soirée {number}" for number in range(21, 1, -1)]
    assert "Lyon" not in page.get_text()
    assert browser.response.headers["HX-Retarget"] == "#events-more"
    assert page.select_one("#events-more").get_text(strip=True) == "Voir plus (2)"
    assert rows(more(browser)) == ["Soirée 1", "Soirée 0"]
    assert browser.page.select_one("#events-more") is None


@on_sqlite_only
def test_without_script_the_same_link_leads_to_the_list(app: Flask, edf: int) -> None:
    add_events(app, edf, [{"name": f"Soirée {number}"} for number in range(7)])
    browser = browser_of(app, "lecture")
    link = browser.get(f"/client/details/?id={edf}").select_one("#events-more a")
    assert link is not None
    page = browser.get(str(link["href"]))
    assert [tag.get_text() for tag in page.select("tbody th a")] == [
        f"Soirée {number}" for number in range(6, -1, -1)
    ]


def test_a_card_asks_no_more_for_five_hundred_events_than_for_six(app: Flask, edf: int) -> None:
    other = add_client(app, "Engie", "zoe@engie.fr")
    for client_id, number in ((edf, 6), (other, 500)):
        contact = main_contact(app, client_id)
        add_events(app, client_id, [{"name": f"n° {each}", "contact_id": contact} for each in range(number)])
    browser = browser_of(app)
    browser.get("/")
    for page in ("/client/details/?id={}", "/contact/details/?id={}&tab=business", "/event/more/?client={}"):
        with counted(app) as few:
            browser.get(page.format(edf))
        with counted(app) as many:
            browser.get(page.format(other))
        assert browser.status == 200
        assert len(many) <= len(few) <= 14, (page, len(few), len(many))


@on_sqlite_only
@pytest.mark.parametrize("odd", ["client=x", "contact=", "", "client=0"])
def test_an_odd_address_of_earlier_events_is_no_page(app: Flask, odd: str) -> None:
    browser = browser_of(app, "lecture")
    browser.get(f"/event/more/?{odd}")
    assert browser.status == 404


@on_sqlite_only
def test_a_contact_shows_what_it_is_the_contact_of_and_begins_new_events(app: Flask, edf: int) -> None:
    contact = main_contact(app, edf)
    add_events(app, edf, [{"name": "Avec elle", "contact_id": contact}, {"name": "Sans elle"}])
    browser = browser_of(app)
    page = browser.get(f"/contact/details/?id={contact}&tab=business")
    assert rows(page) == ["Avec elle"]
    assert page.select_one(".tabs .on").get_text(" ", strip=True) == "Relation commerciale 1"  # type: ignore[union-attr]
    page = browser.get(str(page.select_one("#add-event")["href"]))  # type: ignore[index]
    assert page.select_one("[name=contact] option[selected]")["value"] == str(contact)  # type: ignore[index]


@on_sqlite_only
def test_a_client_without_events_says_so_and_an_inactive_one_gets_none(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    page = browser.get(f"/client/details/?id={edf}")
    assert "Aucun événement pour l’instant." in browser.text
    assert page.select_one("#add-event")
    change(app, Client, edf, is_active=False)
    assert browser.get(f"/client/details/?id={edf}").select_one("#add-event") is None
