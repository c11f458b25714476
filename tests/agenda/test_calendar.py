"""What a calendar program reads under the address: parsed by a library that is not ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.activity.models import Task
from backoffice.agenda import shown
from backoffice.agenda.models import CalendarAddress
from backoffice.core import audit
from backoffice.core.db import db, now
from backoffice.events.models import Event
from tests.activity.cast import add_task, id_of
from tests.agenda.cast import entries, make_address, read, span
from tests.clients.cast import add_client, change
from tests.conftest import on_sqlite_only
from tests.events.cast import add_event, main_contact
from tests.users.people import change as change_user
from tests.web import Browser

TODAY = datetime.now(ZoneInfo("Europe/Paris")).date()
SOON = TODAY + timedelta(days=10)
ADA = "ada.lovelace@office.example"


def _address(app: Flask) -> CalendarAddress | None:
    with app.app_context():
        return db.session.scalar(select(CalendarAddress))


def test_a_program_reads_the_events_that_one_is_in_charge_of(app: Flask, ada: Browser) -> None:
    client = add_client(app, "EDF; Paris", main={"first_name": "Jeanne", "mobile_phone": "+33612345678"})
    wanted = {
        "name": "Soirée, des 20 ans 🎉",
        "starts_on": SOON,
        "ends_on": SOON + timedelta(days=1),
        "contact_id": main_contact(app, client),
        "place": "Salle Wagram",
        "headcount": 80,
        "description": "Traiteur :\nà confirmer; vite",
    }
    event = add_event(app, client, **wanted, owner_id=id_of(app, ada))
    add_event(app, client, name="De personne")
    ((title, found),) = entries(app, make_address(ada)).items()

    assert title == "Soirée, des 20 ans 🎉 · EDF; Paris"
    assert span(found) == (SOON, SOON + timedelta(days=2))
    assert (found["transp"], found["location"]) == ("OPAQUE", "Salle Wagram")
    about, address = str(found["description"]).splitlines(), f"http://localhost/event/details/?id={event}"
    assert about[:3] == ["Client : EDF; Paris", "Contact : Jeanne, 06 12 34 56 78", "Statut : Confirmé"]
    assert about[-3:] == ["Traiteur :", "à confirmer; vite", address]
    assert (found["url"], found["uid"]) == (address, f"event-{event}@localhost")


def test_a_program_reads_the_tasks_that_one_has_to_do(app: Flask, ada: Browser) -> None:
    mine, client = id_of(app, ada), add_client(app, "EDF")
    task = add_task(app, client, "Rappeler", owner=mine, due_on=SOON, due_time=time(14, 30), body="Devis")
    add_task(app, client, "Sans heure", owner=mine, due_on=TODAY - timedelta(days=500))
    add_task(app, client, "D’un autre")
    add_task(app, client, "Faite", owner=mine, done_at=now(), done_by_id=mine)
    add_task(app, client, "Jetée", owner=mine, removed_at=now(), removed_by_id=mine)
    found = entries(app, make_address(ada))

    assert set(found) == {"☐ Rappeler · EDF", "☐ Sans heure · EDF"}
    day = TODAY - timedelta(days=500)
    assert span(found["☐ Sans heure · EDF"]) == (day, day + timedelta(days=1))
    call = found["☐ Rappeler · EDF"]
    start, end = span(call)
    assert start == datetime.combine(SOON, time(14, 30), ZoneInfo("Europe/Paris"))
    assert end - start == timedelta(minutes=30)
    assert (call["transp"], call["uid"]) == ("TRANSPARENT", f"task-{task}@localhost")
    address = f"http://localhost/task/details/?id={task}"
    assert str(call["description"]).splitlines() == ["Client : EDF", "Devis", address]


def test_hours_are_those_of_the_office_on_both_sides_of_the_change_to_winter_and_summer(
    app: Flask, ada: Browser
) -> None:
    mine, client = id_of(app, ada), add_client(app, "EDF")
    sundays = [_last_sunday(SOON.year + more, month) for more in (0, 1) for month in (3, 10)]
    change_over = next(day for day in sundays if day > SOON)
    before, after = change_over - timedelta(days=1), change_over + timedelta(days=1)
    add_event(
        app,
        client,
        name="Nuit",
        starts_on=before,
        starts_time=time(20),
        ends_on=after,
        ends_time=time(8),
        owner_id=mine,
    )
    start, end = span(entries(app, make_address(ada))["Nuit · EDF"])
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    paris = ZoneInfo("Europe/Paris")
    assert (start.hour, end.hour) == (20, 8)
    assert start.astimezone(UTC) == datetime.combine(before, time(20), paris).astimezone(UTC)
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=35 if after.month < 7 else 37)


def _last_sunday(year: int, month: int) -> date:
    return max(day for n in range(25, 32) if (day := date(year, month, n)).weekday() == 6)


def test_an_event_that_is_no_longer_awaited_says_so_and_takes_no_time(app: Flask, ada: Browser) -> None:
    mine, client = id_of(app, ada), add_client(app, "EDF")
    add_event(app, client, name="Gala", owner_id=mine, status="Annulé")
    found = entries(app, make_address(ada))
    assert found["Gala · EDF (Annulé)"]["transp"] == "TRANSPARENT"


def test_a_calendar_looks_ninety_days_back_and_four_hundred_ahead_and_holds_so_many(
    app: Flask, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, client = id_of(app, ada), add_client(app, "EDF")
    for days in (-91, -90, 400, 401):
        add_event(app, client, name=str(days), starts_on=TODAY + timedelta(days=days), owner_id=mine)
        add_task(app, client, str(days), due_on=TODAY + timedelta(days=days), owner=mine)
    address = make_address(ada)
    tasks = {"☐ -91 · EDF", "☐ -90 · EDF", "☐ 400 · EDF"}
    assert set(entries(app, address)) == {"-90 · EDF", "400 · EDF", *tasks}
    monkeypatch.setattr(shown, "MOST_OF_EACH", 1)
    assert set(entries(app, address)) == {"400 · EDF", "☐ 400 · EDF"}


@on_sqlite_only
def test_a_calendar_speaks_the_language_of_its_reader(app: Flask, ada: Browser) -> None:
    mine, client = id_of(app, ada), add_client(app, "EDF")
    add_event(app, client, name="Gala", owner_id=mine, status="Annulé")
    address = make_address(ada)
    change_user(app, ADA, locale="en")
    assert "Gala · EDF (Cancelled)" in entries(app, address)


def test_a_change_moves_the_sequence_and_the_stamp_and_the_tag(
    app: Flask, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, client = id_of(app, ada), add_client(app, "EDF")
    with monkeypatch.context() as three_days_ago:  # a fact is never changed, so it is written as it was then
        three_days_ago.setattr(audit, "now", lambda: now() - timedelta(days=3))
        event = add_event(app, client, name="Gala", owner_id=mine)
        task = add_task(app, client, "Appeler", owner=mine)
    address = make_address(ada)
    first = read(app, address)
    tag = {"If-None-Match": first.headers["ETag"]}
    same = read(app, address, headers=tag)
    assert (same.status_code, same.data) == (304, b"")
    old = entries(app, address)

    change(app, Event, event, name="Grand gala")
    change(app, Task, task, due_on=SOON)
    assert read(app, address, headers=tag).status_code == 200
    new = entries(app, address)
    for before, after in (("Gala · EDF", "Grand gala · EDF"), ("☐ Appeler · EDF", "☐ Appeler · EDF")):
        assert old[before]["uid"] == new[after]["uid"]
        assert new[after]["sequence"] == old[before]["sequence"] + 1
        assert new[after]["last-modified"].dt - old[before]["last-modified"].dt > timedelta(days=2)
