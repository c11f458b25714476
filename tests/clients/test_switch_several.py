"""Several clients switched at once, and switches taken back: whole, traced, and refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Client, Contact
from tests.clients.cast import add_client, add_clients, browser_of, change, facts, notices, row, rows, state
from tests.web import Browser

OFF, ON = "/client/deactivate/", "/client/activate/"
CONFIRM = f"form[method=post][action='{OFF}']"
UNDO = ".notice form"


@pytest.fixture
def three(app: Flask) -> list[int]:
    """Three clients with two, one and one active contacts; the last one is inactive already."""
    return add_clients(
        app,
        [
            {"name": "Alpha", "contacts": [{"email": "paul@alpha.example"}]},
            {"name": "Bêta", "contacts": [{"email": "off@beta.example", "is_active": False}]},
            {"name": "Gamma", "is_active": False},
        ],
    )


def actives(app: Flask, model: Any) -> list[Any]:
    return [found.get("name") or found["email"] for found in rows(app, model) if found["is_active"]]


def post(browser: Browser, address: str, **fields: Any) -> None:
    browser.get("/client/?status=all")
    browser.post(address, {"url": "/client/?status=all", **fields})


def test_ticked_rows_are_deactivated_after_one_question_and_come_back_whole(
    app: Flask, three: list[int]
) -> None:
    browser = browser_of(app, "support", name="Sam Support")
    browser.get("/client/?status=all")
    before = actives(app, Contact)
    browser.submit("#ticked", id=three)
    assert "Désactiver 2 sociétés ?" in browser.text
    assert "Alpha , Bêta" in browser.text or "Alpha, Bêta" in browser.text
    assert "1 des sociétés choisies ne change pas." in browser.text
    assert "Désactiver aussi leurs contacts actifs (3)" in browser.text

    browser.submit(CONFIRM, with_contacts=True)
    assert browser.path == "/client/?status=all"
    assert notices(browser)[0] == "2 sociétés désactivées, 3 contacts avec elles."
    assert actives(app, Client) == []
    assert "Alpha" not in actives(app, Client)
    assert facts(app, "client", three[0])[-1] == ("Sam Support", "is_active", True, False)

    browser.submit(UNDO)
    assert notices(browser)[0] == "2 sociétés réactivées, 3 contacts avec elles."
    assert actives(app, Client) == ["Alpha", "Bêta"]
    assert actives(app, Contact) == before


def test_a_reactivation_is_taken_back_with_exactly_the_contacts_that_came(app: Flask) -> None:
    edf = add_client(app, "EDF", contacts=[{"email": "paul@edf.fr"}, {"email": "zoe@edf.fr"}])
    browser = browser_of(app, "support")
    post(browser, OFF, id=str(edf), with_contacts="1")
    zoe = next(found for found in rows(app, Contact) if found["email"] == "zoe@edf.fr")
    change(app, Contact, zoe["id"], is_active=True, left_with_client=False)
    post(browser, ON, id=str(edf))
    assert len(actives(app, Contact)) == 3

    browser.submit(UNDO)
    assert notices(browser)[0] == "EDF est inactive. Contacts désactivés avec elle : 2."
    assert actives(app, Contact) == ["zoe@edf.fr"]
    assert row(app, Client, edf)["deactivated_at"] is not None


def test_what_was_changed_meanwhile_is_not_taken_back_and_the_page_says_why(app: Flask) -> None:
    edf = add_client(app, "EDF")
    browser = browser_of(app, "support")
    post(browser, OFF, id=str(edf))
    change(app, Client, edf, city="Lyon")
    browser.submit(UNDO)
    assert notices(browser)[0] == "EDF a été modifiée entre-temps : rien n’a été annulé."
    assert row(app, Client, edf)["is_active"] is False

    post(browser, ON, id=str(edf))
    page, path = browser.page, browser.path
    post(browser, OFF, id=str(edf))
    browser.go_back(page, path)
    browser.submit(UNDO)
    assert notices(browser)[0] == "EDF était déjà inactive."


def test_odd_foreign_and_switched_ids_are_counted_out(app: Flask, three: list[int]) -> None:
    browser = browser_of(app, "support")
    post(browser, OFF, id=[str(three[0]), str(three[0]), str(three[2]), "9999999", "abc"])
    said = "1 société désactivée. 1 était déjà inactive. 2 sont introuvables."
    assert notices(browser)[0] == said
    assert actives(app, Client) == ["Bêta"]


def test_more_than_a_hundred_are_refused_with_a_sentence(app: Flask, three: list[int]) -> None:
    browser = browser_of(app, "support")
    before = state(app)
    many = [str(number) for number in range(1, 102)]
    post(browser, OFF, id=many)
    assert "Pas plus de 100 sociétés à la fois" in notices(browser)[0]
    browser.get(OFF, query_string={"id": many})
    assert "Pas plus de 100 sociétés à la fois" in browser.text
    assert state(app) == before


def test_a_hundred_at_once_can_be_taken_back_by_a_cookie_that_browsers_keep(app: Flask) -> None:
    ids = add_clients(app, [{"name": f"Société {number}"} for number in range(100)])
    browser = browser_of(app, "support")
    browser.get("/client/")
    fields = {"csrf_token": browser.csrf_token, "id": [str(id_) for id_ in ids]}
    answer = browser.client.post(OFF, data=fields)
    assert len(answer.headers["Set-Cookie"]) < 4000
    browser.get("/client/?status=inactive")
    browser.submit(UNDO)
    assert len(actives(app, Client)) == 100


def test_nothing_is_offered_and_nothing_done_without_the_right(app: Flask, three: list[int]) -> None:
    browser = browser_of(app, "lecture")
    browser.get("/client/?status=all")
    assert browser.page.select("#ticked, #off, #on, table.list input, table.list button") == []
    before = state(app)
    for address in (OFF, ON):
        browser.post(address, {"id": str(three[0])})
        assert browser.status == 403
    browser.get(f"{OFF}?id={three[0]}")
    assert browser.status == 403
    assert state(app) == before


def test_the_question_of_several_that_are_inactive_already_offers_no_button(
    app: Flask, three: list[int]
) -> None:
    change(app, Client, three[1], is_active=False)
    browser = browser_of(app, "support")
    browser.get(OFF, query_string={"id": three[1:]})
    assert "il n’y a rien à désactiver" in browser.text
    assert browser.page.select(f"{CONFIRM} button") == []
    browser.get(ON, query_string={"id": three})
    assert "Réactiver 2 sociétés ?" in browser.text


def test_one_company_alone_takes_its_contacts_with_her(app: Flask) -> None:
    edf = add_client(app, "EDF")
    gdf = add_client(app, "GDF", is_active=False)
    browser = browser_of(app, "support")
    post(browser, OFF, id=[str(edf), str(gdf)], with_contacts="1")
    said = "1 société désactivée, 1 contact avec elle. 1 était déjà inactive."
    assert notices(browser)[0] == said
