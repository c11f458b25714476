"""What counts as activity moves the last activity of its client, and nothing else of it: on, and back when it goes."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade

from backoffice.activity import moments
from backoffice.activity.models import Entry, Task
from backoffice.clients import happening, removal
from backoffice.clients.models import Client, Contact
from backoffice.core.db import db, now
from backoffice.events.models import Event
from tests.activity.cast import add_entry, add_task, open_tab
from tests.activity.test_queries import plan
from tests.clients.cast import add_client, browser_of, change, contact_ids, facts, row, rows
from tests.clients.together import PATIENCE, at_once, meet_after
from tests.conftest import on_sqlite_only
from tests.databases import Databases
from tests.events.cast import add_event, status_id
from tests.users.people import make_older
from tests.web import Browser

LONG_AGO = now().replace(microsecond=0) - timedelta(days=200)
BEGAN = LONG_AGO - timedelta(days=100)


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", created_at=BEGAN)


def last_of(app: Flask, client: int) -> datetime:
    found: datetime = row(app, Client, client)["last_activity_at"]
    return found


def is_fresh(app: Flask, client: int) -> bool:
    return now() - last_of(app, client) < timedelta(minutes=1)


def age(app: Flask, entry: int, at: datetime = LONG_AGO) -> None:
    """The entry was written then, and its client knows of nothing later."""
    change(app, Entry, entry, at=at)


def test_a_new_client_has_been_quiet_since_it_was_created(app: Flask, edf: int) -> None:
    assert last_of(app, edf) == BEGAN
    assert is_fresh(app, add_client(app, "Engie"))


@pytest.mark.parametrize("kind", ["note", "call", "task"])
def test_whatever_is_written_is_activity_and_no_change_of_the_client(app: Flask, edf: int, kind: str) -> None:
    before = row(app, Client, edf)
    browser = browser_of(app, "support")
    browser.get(f"/{kind}/new/?client={edf}")

    browser.submit("#record", body="Vu au salon.", **({"title": "Rappeler"} if kind == "task" else {}))

    assert is_fresh(app, edf)
    after = row(app, Client, edf)
    assert {name for name in after if after[name] != before[name]} == {"last_activity_at"}
    assert facts(app, "client") == []


def test_a_form_that_was_open_meanwhile_is_saved_without_a_conflict(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    browser.get(f"/client/edit/?id={edf}")
    add_entry(app, edf, "Vu.")

    browser.submit("#record", name="EDF Pro")

    assert row(app, Client, edf)["name"] == "EDF Pro"
    assert is_fresh(app, edf)


def test_ticking_off_is_activity_and_ceases_to_be_when_it_is_taken_back(app: Flask, edf: int) -> None:
    task = add_task(app, edf)
    age(app, task)
    assert last_of(app, edf) == LONG_AGO
    browser = browser_of(app)
    browser.get("/task/?who=all")

    browser.post("/task/done/", {"id": task})
    assert is_fresh(app, edf)

    browser.post("/task/reopen/", {"id": task})
    assert last_of(app, edf) == LONG_AGO


@pytest.mark.parametrize("is_pinned", [False, True])
def test_the_trash_takes_its_activity_along_and_gives_it_back(app: Flask, edf: int, is_pinned: bool) -> None:
    age(app, add_entry(app, edf, "Ancien.", pinned_at=now() if is_pinned else None))
    add_entry(app, edf, "Récent.")
    browser = browser_of(app, "administrateur")
    newest = entry_called(app, "Récent.")
    open_tab(browser, edf)

    browser.post("/entry/remove/", {"id": newest})
    assert last_of(app, edf) == LONG_AGO

    browser.post("/entry/restore/", {"id": newest})
    assert is_fresh(app, edf)


def entry_called(app: Flask, body: str) -> int:
    with app.app_context():
        found: int = db.session.query(Entry.id).filter(Entry.body == body).one().id
        return found


def test_an_entry_of_the_past_does_not_move_it_back(app: Flask, edf: int) -> None:
    add_entry(app, edf, "Vu.")
    age(app, add_entry(app, edf, "Plus ancien."))

    assert is_fresh(app, edf)


def test_an_event_counts_until_its_last_day(app: Flask, edf: int) -> None:
    soon = date.today() + timedelta(days=30)
    event = add_event(app, edf, starts_on=soon, ends_on=soon + timedelta(days=1))
    assert last_of(app, edf) == noon(soon + timedelta(days=1))

    change(app, Event, event, starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 2))
    assert is_fresh(app, edf)  # it was planned today

    make_older(app, Event.created_at, timedelta(days=150))
    browser = browser_of(app)
    browser.get(f"/event/edit/?id={event}")
    browser.submit("#record", starts_on="03/04/2026", ends_on="04/04/2026")
    planned = row(app, Event, event)["created_at"]
    assert last_of(app, edf) == max(planned, noon(date(2026, 4, 4)))

    browser.post("/event/delete/", {"id": event})
    assert last_of(app, edf) == BEGAN


def test_a_cancelled_event_ahead_keeps_no_client_from_being_quiet(app: Flask, edf: int) -> None:
    soon = date.today() + timedelta(days=300)
    event = add_event(app, edf, starts_on=soon, ends_on=soon)
    with app.app_context():
        cancelled = status_id("Annulé")
    change(app, Event, event, status_id=cancelled)
    assert is_fresh(app, edf)  # it was planned today
    assert last_of(app, edf) <= now()


def test_an_event_that_goes_to_another_client_takes_its_activity_along(app: Flask, edf: int) -> None:
    engie = add_client(app, "Engie", created_at=BEGAN)
    event = add_event(app, edf, starts_on=date(2020, 1, 1))
    assert is_fresh(app, edf)

    change(app, Event, event, client_id=engie)

    assert last_of(app, edf) == BEGAN
    assert is_fresh(app, engie)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12, tzinfo=UTC))


def test_two_people_who_write_of_a_client_while_another_saves_it_all_get_through(
    app: Flask, edf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_after(monkeypatch, happening, "happened")
    browsers = [browser_of(app, "support", "Alice Durand"), browser_of(app, "support", "Bruno Petit")]
    for browser in browsers:
        browser.get(f"/note/new/?client={edf}")
    saver = browser_of(app)
    saver.get(f"/client/edit/?id={edf}")

    def write(browser: Browser) -> None:
        browser.submit("#record", body="Vu.")

    at_once(
        *(lambda browser=browser: write(browser) for browser in browsers),
        lambda: saver.submit("#record", name="EDF Pro"),
    )

    assert row(app, Client, edf)["name"] == "EDF Pro"
    assert is_fresh(app, edf)
    open_tab(saver, edf)
    assert saver.text.count("Vu.") >= 2


def test_what_is_written_while_the_newest_goes_is_not_forgotten(
    app: Flask, edf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads anew holds the client's row: who writes meanwhile moves it on afterwards."""
    event = add_event(app, edf, starts_on=date.today() + timedelta(days=30))
    make_older(app, Event.created_at, timedelta(days=150))
    has_read, real_latest, real_happened = threading.Event(), happening._latest, happening.happened

    def latest(*args: Any) -> Any:
        found = real_latest(*args)
        has_read.set()
        threading.Event().wait(PATIENCE)  # what was read is old by now, if anybody could write
        return found

    def happened(*args: Any) -> None:
        has_read.wait(PATIENCE)
        real_happened(*args)

    monkeypatch.setattr(happening, "_latest", latest)
    monkeypatch.setattr(happening, "happened", happened)
    writer, planner = browser_of(app, "support"), browser_of(app)
    writer.get(f"/note/new/?client={edf}")
    planner.get(f"/event/details/?id={event}")

    at_once(
        lambda: planner.post("/event/delete/", {"id": event}), lambda: writer.submit("#record", body="Vu.")
    )

    assert is_fresh(app, edf)


def test_writing_of_a_contact_and_deleting_it_do_not_wait_for_each_other(
    app: Flask, edf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = add_client(app, "Engie", contacts=[{"email": "b@engie.example"}])
    contact = contact_ids(app, client)[1]
    meet_after(monkeypatch, happening, "happened")
    meet_after(monkeypatch, removal, "refusal")
    writer, remover = browser_of(app, "support"), browser_of(app)
    writer.get(f"/note/new/?contact={contact}")
    remover.get(f"/contact/details/?id={contact}")

    at_once(
        lambda: writer.submit("#record", body="Vu."),
        lambda: remover.post("/contact/delete/", {"id": contact}),
    )

    is_there = bool(rows(app, Contact, id=contact))
    assert is_there == bool(rows(app, Entry, client_id=client))  # one of them came first, the other was told
    assert {writer.status, remover.status} <= {200, 404}


def test_the_migration_finds_what_the_product_had_kept(app: Flask, edf: int, databases: Databases) -> None:
    engie, silent = (add_client(app, name, created_at=BEGAN) for name in ("Engie", "Silencieuse"))
    age(app, add_entry(app, edf, "Vu."))
    change(app, Task, add_task(app, edf), at=BEGAN, done_at=LONG_AGO + timedelta(days=1), done_by_id=1)
    gone = add_entry(app, edf, "Parti.")
    change(app, Entry, gone, removed_at=now(), removed_by_id=1)
    add_event(app, engie, starts_on=date.today() + timedelta(days=9))
    add_event(app, engie, starts_on=date(2020, 1, 1))
    kept = {client: last_of(app, client) for client in (edf, engie, silent)}

    with app.app_context():
        downgrade(revision="0012")
        upgrade()
        db.session.remove()
    found = {client: last_of(app, client) for client in kept}
    with app.app_context():
        db.engine.dispose()
    databases.recreate()

    assert found == kept
    assert kept[edf] == LONG_AGO + timedelta(days=1)
    assert kept[engie] == noon(date.today() + timedelta(days=9))


@on_sqlite_only
def test_the_latest_of_a_long_feed_is_read_from_its_indexes(app: Flask) -> None:
    with app.app_context():
        in_feed, pinned, _done = (plan(asked.element) for asked in moments.HAPPENING.latest(1))
    assert "INDEX ix_entry_client (" in in_feed
    assert "TEMP B-TREE" not in in_feed
    assert "INDEX ix_entry_pinned (" in pinned
