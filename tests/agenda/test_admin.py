"""A private address: made, read by a calendar program without logging in, replaced, revoked."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.agenda.models import CalendarAddress
from backoffice.core.db import Base, db
from backoffice.users import rights
from backoffice.users.models import UserSession
from tests.activity.cast import id_of
from tests.agenda.cast import MAKE, REVOKE, entries, make_address, read, shown_address
from tests.clients.cast import add_client, browser_of
from tests.conftest import MakeApp, on_sqlite_only
from tests.events.cast import add_event
from tests.users.people import change as change_user
from tests.users.people import facts, make_older, session_cookie, signed_in
from tests.web import Browser

ADA = "ada.lovelace@office.example"


def _address(app: Flask) -> CalendarAddress | None:
    with app.app_context():
        return db.session.scalar(select(CalendarAddress))


def test_an_address_is_shown_once_and_only_its_hash_is_kept(app: Flask, ada: Browser) -> None:
    address = make_address(ada)
    token = address.removeprefix("/agenda/").removesuffix(".ics")
    assert len(token) == 43
    ada.get("/account/")
    assert token not in str(ada.page)
    assert "Pas encore lue." in ada.text
    kept = json.dumps(_everything(app), default=str)
    assert token not in kept
    assert "calendar_address" in kept
    assert facts(app, "calendar_address") == [("Ada Lovelace", "made")]


def _everything(app: Flask) -> dict[str, list[Any]]:
    with app.app_context():
        return {
            name: [tuple(row) for row in db.session.execute(select(table))]
            for name, table in Base.metadata.tables.items()
        }


def test_after_a_replacement_only_the_new_address_opens_and_after_a_revocation_none(
    app: Flask, ada: Browser
) -> None:
    old = make_address(ada)
    new = make_address(ada)
    assert [read(app, address).status_code for address in (old, new)] == [404, 200]
    ada.get("/account/")
    ada.submit(REVOKE)
    assert "Adresse d’agenda révoquée" in ada.text
    assert ada.page.select_one(REVOKE) is None
    assert [read(app, address).status_code for address in (old, new)] == [404, 404]
    assert [what for _who, what in facts(app, "calendar_address")] == ["made", "replaced", "revoked"]
    ada.post("/account/agenda/revoke/")
    assert len(facts(app, "calendar_address")) == 3


def test_a_page_that_is_old_or_sent_again_replaces_nothing(app: Flask, ada: Browser) -> None:
    ada.get("/account/")
    old_page = ada.fields(MAKE)
    address = make_address(ada)
    ada.post("/account/agenda/", old_page)
    assert (ada.path, ada.status) == ("/account/", 200)
    assert "rien n’a été fait" in ada.text
    assert read(app, address).status_code == 200
    for odd in ("", "x", "-1", "9" * 50):
        ada.post("/account/agenda/", {"known": odd})
    assert read(app, address).status_code == 200


def test_whoever_is_deactivated_or_may_read_no_more_shows_nothing(
    app: Flask, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make_address(ada)
    change_user(app, ADA, active=False)
    assert read(app, address).status_code == 404
    change_user(app, ADA, active=True)
    assert read(app, address).status_code == 200
    monkeypatch.setitem(rights.RIGHTS, "gestionnaire", frozenset({"home.read"}))
    assert read(app, address).status_code == 404


@pytest.mark.parametrize("token", ["x", "A" * 43, "é" * 43, "%00", "../login", "x" * 2000])
def test_a_token_that_nobody_has_opens_nothing(app: Flask, ada: Browser, token: str) -> None:
    make_address(ada)
    answer = read(app, f"/agenda/{token}.ics")
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


def test_what_is_sent_says_that_it_is_private_and_what_it_is(app: Flask, ada: Browser) -> None:
    answer = read(app, make_address(ada))
    wanted = {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": "attachment; filename=agenda.ics",
        "Cache-Control": "private, no-cache",
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: answer.headers[name] for name in wanted} == wanted
    assert answer.headers["ETag"]
    assert "Set-Cookie" not in answer.headers
    missing = read(app, "/agenda/x.ics")
    assert missing.headers["Cache-Control"] == "no-store"
    assert missing.headers["X-Robots-Tag"] == "noindex"


def test_reading_prolongs_no_session_and_marks_the_address_once_an_hour(app: Flask, ada: Browser) -> None:
    address = make_address(ada)
    make_older(app, UserSession.last_seen_at, timedelta(minutes=10))
    with app.app_context():
        seen = db.session.scalars(select(UserSession.last_seen_at)).all()
    answer = ada.client.get(address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    with app.app_context():
        assert db.session.scalars(select(UserSession.last_seen_at)).all() == seen
    first = _address(app)
    assert first is not None
    assert first.last_read_at is not None
    read(app, address)
    again = _address(app)
    assert again is not None
    assert again.last_read_at == first.last_read_at
    make_older(app, CalendarAddress.last_read_at, timedelta(hours=2))
    read(app, address)
    later = _address(app)
    assert later is not None
    assert later.last_read_at is not None
    assert later.last_read_at >= first.last_read_at
    ada.get("/account/")
    assert "Dernière lecture à" in ada.text


@on_sqlite_only
def test_no_line_of_the_log_names_the_address_whatever_is_done_with_it(
    make_app: MakeApp, capfd: pytest.CaptureFixture[str]
) -> None:
    app = make_app(LOG_LEVEL="debug")
    browser_of(app, name="Ada Lovelace")
    ada = signed_in(app, ADA)
    address = make_address(ada)
    token = address.removeprefix("/agenda/").removesuffix(".ics")
    capfd.readouterr()
    client = app.test_client()
    for path in (address, address.removesuffix(".ics"), f"{address}/x", f"/agenda/{token}.ics?x={token}"):
        client.get(path)
        client.post(path)
        client.head(path)
    written = capfd.readouterr().err
    assert "/agenda/<token>.ics" in written
    assert token not in written


@on_sqlite_only
def test_an_address_and_its_links_begin_as_users_type_them(make_app: MakeApp) -> None:
    app = make_app(PUBLIC_URL="https://clients.exemple.fr", TRUSTED_HOSTS="localhost,clients.exemple.fr")
    mine = id_of(app, browser_of(app, name="Ada Lovelace"))
    ada = Browser(app, "https://clients.exemple.fr")
    ada.client.set_cookie(*session_cookie(app, ADA), domain="clients.exemple.fr", secure=True)
    client = add_client(app, "EDF")
    add_event(app, client, name="Gala", owner_id=mine)
    ada.get("/account/")
    ada.post("/account/agenda/", ada.fields(MAKE), headers={"Referer": "https://clients.exemple.fr/account/"})
    address = shown_address(ada)
    assert address.startswith("https://clients.exemple.fr/agenda/")
    found = entries(app, address.removeprefix("https://clients.exemple.fr"))
    assert found["Gala · EDF"]["uid"].endswith("@clients.exemple.fr")
    assert found["Gala · EDF"]["url"].startswith("https://clients.exemple.fr/event/details/")
