"""A form says who else has it open, for as long as they have, and keeps no session alive by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from backoffice.users import presence
from backoffice.users.models import OpenForm, UserSession
from tests.clients.cast import add_client, browser_of, rows
from tests.conftest import on_sqlite_only
from tests.users.people import make_older
from tests.web import Browser


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF")


@pytest.fixture
def sophie(app: Flask, edf: int) -> Browser:
    browser = browser_of(app, name="Sophie Bernard")
    browser.get(f"/client/edit/?id={edf}")
    return browser


@pytest.fixture
def luc(app: Flask) -> Browser:
    return browser_of(app, name="Luc Martin")


def said(browser: Browser) -> str:
    tag = browser.page.select_one("p.also[role=status]")
    assert tag is not None
    return tag.get_text()


def tell(browser: Browser, **more: str) -> int:
    """What the script of the form that is shown says."""
    line = browser.page.select_one("[data-presence]")
    assert line is not None
    sent = {"token": line["data-token"], "kind": line["data-kind"], "id": line["data-of"]} | more
    headers = {"X-CSRFToken": browser.csrf_token}
    browser.response = browser.client.post(str(line["data-presence"]), data=sent, headers=headers)
    return browser.status


def test_the_second_is_told_who_was_there_and_the_first_hears_of_the_second(
    app: Flask, edf: int, sophie: Browser, luc: Browser
) -> None:
    assert said(sophie) == ""
    luc.get(f"/client/edit/?id={edf}")
    assert said(luc).startswith("Sophie Bernard a aussi ouvert ce formulaire (depuis ")
    assert tell(sophie) == 200
    assert sophie.response.json is not None
    assert sophie.response.json["others"].startswith("Luc Martin a aussi ouvert ce formulaire (depuis ")


def test_who_has_left_or_saved_is_told_no_more(app: Flask, edf: int, sophie: Browser, luc: Browser) -> None:
    assert tell(sophie, left="1") == 204
    luc.get(f"/client/edit/?id={edf}")
    assert said(luc) == ""
    luc.submit("#record", city="Lyon")
    assert rows(app, OpenForm) == []


def test_a_window_of_which_nothing_is_heard_counts_for_a_while(
    app: Flask, edf: int, sophie: Browser, luc: Browser
) -> None:
    for heard, by, counts in (
        (False, presence.UNHEARD - timedelta(seconds=20), True),
        (False, presence.UNHEARD, False),
        (True, timedelta(0), True),
        (True, presence.HEARD, False),
    ):
        if heard and counts:
            tell(sophie)
        make_older(app, OpenForm.seen_at, by)
        luc.get(f"/client/edit/?id={edf}")
        assert ("Sophie Bernard" in said(luc)) == counts, (heard, by)


@on_sqlite_only
def test_one_s_own_other_window_is_told_as_such_and_an_ended_session_not_at_all(
    app: Flask, edf: int, sophie: Browser
) -> None:
    tell(sophie)
    sophie.get(f"/client/edit/?id={edf}")
    assert said(sophie).startswith("Vous l’avez aussi ouvert dans une autre fenêtre (depuis ")
    sophie.post("/logout", {})
    luc = browser_of(app, name="Luc Martin")
    luc.get(f"/client/edit/?id={edf}")
    assert said(luc) == ""


@on_sqlite_only
def test_it_is_told_to_those_alone_who_may_edit_the_record(app: Flask, edf: int, sophie: Browser) -> None:
    reader = browser_of(app, "lecture")
    line = sophie.page.select_one("[data-presence]")
    assert line is not None
    sent = {"token": "a" * 32, "kind": "client", "id": str(edf)}
    reader.get("/")
    reader.post("/presence/", sent)
    assert reader.status == 403
    for wrong in ({"kind": "account"}, {"kind": "x"}, {"id": "999"}, {"id": "x"}, {"token": "x"}):
        assert tell(sophie, **wrong) == 404, wrong
    reader.post("/presence/", {"token": str(line["data-token"]), "left": "1"})
    assert [form["token"] for form in rows(app, OpenForm)] == [line["data-token"]]


@on_sqlite_only
def test_an_open_form_keeps_no_session_alive(app: Flask, sophie: Browser) -> None:
    make_older(app, UserSession.last_seen_at, timedelta(minutes=20))
    (before,) = rows(app, UserSession)
    assert tell(sophie) == 200
    assert rows(app, UserSession) == [before]
    make_older(app, UserSession.last_seen_at, timedelta(minutes=45))
    assert tell(sophie) in (302, 401)
