"""Who opened which card lately: noted beside the page that is read, and never in its way."""

from __future__ import annotations

import sqlite3
import time
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from backoffice.clients import visits
from backoffice.clients.models import Client, ClientVisit
from backoffice.core.audit import SYSTEM, act_as
from backoffice.core.db import db, for_writing
from backoffice.users.models import User
from tests.clients.cast import add_client, add_clients, browser_of, facts
from tests.conftest import on_sqlite_only
from tests.users.people import make_older
from tests.web import Browser


def open_card(browser: Browser, client_id: int) -> None:
    browser.get(f"/client/details/?id={client_id}")
    assert browser.status == 200


def opened(app: Flask, email: str = "gestionnaire@office.example") -> list[int]:
    """The clients that this person has opened, the last one first, as the dashboard asks for them."""
    with app.app_context():
        user_id = db.session.scalars(select(User.id).where(User.email == email)).one()
        return [client.id for client in db.session.scalars(visits.opened_lately(user_id))]


def noted(app: Flask) -> int:
    with app.app_context():
        return len(db.session.scalars(select(ClientVisit.client_id)).all())


def test_the_cards_that_somebody_opens_are_kept_for_them_alone(app: Flask) -> None:
    first, second = add_clients(app, [{"name": "Un"}, {"name": "Deux"}])
    reader, other = browser_of(app), browser_of(app, "lecture")

    open_card(reader, first)
    open_card(reader, second)
    open_card(other, first)

    assert opened(app) == [second, first]
    assert opened(app, "lecture@office.example") == [first]


def test_a_card_opened_again_comes_first_and_stands_there_once(app: Flask) -> None:
    first, second = add_clients(app, [{"name": "Un"}, {"name": "Deux"}])
    browser = browser_of(app)
    open_card(browser, first)
    open_card(browser, second)
    make_older(app, ClientVisit.at, timedelta(minutes=2))

    open_card(browser, first)

    assert opened(app) == [first, second]


def test_within_a_minute_a_card_is_not_noted_again(app: Flask) -> None:
    client = add_client(app, "Un")
    browser = browser_of(app)
    open_card(browser, client)
    with app.app_context():
        before = db.session.scalars(select(ClientVisit.at)).one()

    open_card(browser, client)

    with app.app_context():
        assert db.session.scalars(select(ClientVisit.at)).one() == before


def test_no_more_than_twenty_clients_are_kept_for_a_person(app: Flask) -> None:
    ids = add_clients(app, [{"name": f"Client {number}"} for number in range(visits.KEPT + 2)])
    browser = browser_of(app)
    for client_id in ids:
        open_card(browser, client_id)

    assert noted(app) == visits.KEPT
    assert opened(app) == ids[: -visits.SHOWN - 1 : -1]
    with app.app_context():
        assert set(db.session.scalars(select(ClientVisit.client_id))) == set(ids[2:])


def test_a_visit_is_no_fact_of_the_history_and_changes_no_version(app: Flask) -> None:
    client = add_client(app, "Un")

    open_card(browser_of(app), client)

    assert facts(app, "client_visit", operation="create") == []
    with app.app_context():
        assert db.session.scalars(select(Client.version)).one() == 1


def test_a_client_that_is_deleted_takes_its_visits_along(app: Flask) -> None:
    client = add_client(app, "Un")
    open_card(browser_of(app), client)

    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        db.session.delete(db.session.get(Client, client))
        db.session.commit()

    assert noted(app) == 0


def test_a_visit_to_a_client_that_is_gone_meanwhile_is_left_out(app: Flask) -> None:
    browser_of(app)
    with app.app_context():
        user_id = db.session.scalars(select(User.id)).one()
        visits.note_opened(db.session(), user_id, 999)

    assert noted(app) == 0


@on_sqlite_only
def test_a_card_opens_at_once_while_somebody_else_writes_and_the_visit_is_left_out(app: Flask) -> None:
    client = add_client(app, "Un")
    browser = browser_of(app)
    browser.get("/client/")
    with app.app_context():
        path = db.engine.url.database
    writer = sqlite3.connect(str(path), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    began = time.monotonic()

    open_card(browser, client)

    writer.execute("ROLLBACK")
    writer.close()
    assert time.monotonic() - began < 2
    assert noted(app) == 0


def test_a_part_of_the_card_is_no_visit(app: Flask) -> None:
    client = add_client(app, "Un")
    browser = browser_of(app)
    browser.get(f"/client/details/?id={client}", headers={"HX-Request": "true", "HX-Target": "contact-rows"})

    assert browser.status == 200
    assert noted(app) == 0


def test_a_card_that_does_not_exist_is_no_visit(app: Flask) -> None:
    browser = browser_of(app)
    browser.get("/client/details/?id=77")

    assert browser.status == 404
    assert noted(app) == 0
