"""The month as a table, and its neighbours."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from flask import Flask

from backoffice.events.calendar import read_month, weeks_of
from backoffice.events.models import Event
from tests.clients.cast import add_client, browser_of
from tests.conftest import on_sqlite_only
from tests.events.cast import add_event, add_events

DECEMBER = date(2026, 12, 1)


def on(start: date, days: int = 1) -> Event:
    return Event(name="Soirée", starts_on=start, ends_on=start + timedelta(days=days - 1))


def test_an_event_stands_on_every_day_that_it_touches_and_no_further_than_the_weeks_shown() -> None:
    events = [on(date(2026, 12, 12), 3), on(date(2026, 1, 1), 365), on(date(2026, 12, 31), 90)]
    weeks = weeks_of(DECEMBER, events, date(2026, 12, 24))
    assert (weeks[0][0].on, weeks[-1][-1].on) == (date(2026, 11, 30), date(2027, 1, 3))
    assert all(len(week) == 7 for week in weeks)
    counts = {day.on.isoformat()[5:]: len(day.events) for week in weeks for day in week}
    assert [counts[day] for day in ("11-30", "12-11", "12-12", "12-14", "12-15", "12-31", "01-03")] == [
        1, 1, 2, 2, 1, 2, 1,
    ]  # fmt: skip
    assert [day.on.day for week in weeks for day in week if day.is_today] == [24]


@pytest.mark.parametrize(
    "odd", [None, "", "2026-13", "2026-00", "abc", "2026-1", "99999-01", "٢٠٢٦-12", "2026-12-01"]
)
def test_an_odd_month_is_the_present_one(app: Flask, odd: str | None) -> None:
    with app.test_request_context():
        assert read_month(odd) == date.today().replace(day=1)
        assert read_month("2026-12") == DECEMBER


@on_sqlite_only
def test_a_month_shows_its_events_and_the_way_to_the_months_beside(app: Flask) -> None:
    edf = add_client(app, "EDF", "jeanne@edf.fr")
    days = [{"name": f"Soirée {n}", "starts_on": date(2026, 12, 12)} for n in range(6)]
    add_events(
        app, edf, [*days, {"name": "Stand", "starts_on": date(2026, 12, 30), "ends_on": date(2027, 1, 2)}]
    )
    browser = browser_of(app, "lecture")
    page = browser.get("/event/calendar/?month=2026-12")

    caption = page.select_one("table.month caption")
    assert caption is not None
    assert caption.get_text() == "Événements de décembre 2026"
    assert [tag["title"] for tag in page.select("th abbr")][::6] == ["lundi", "dimanche"]
    cell = page.select_one("td:has([datetime='2026-12-12'])")
    assert cell is not None
    assert [link.get_text(" ", strip=True) for link in cell.select("a")] == [
        "Soirée 0 Confirmé · EDF", "Soirée 1 Confirmé · EDF", "Soirée 2 Confirmé · EDF", "3 autres",
    ]  # fmt: skip
    assert len(page.select("td a:-soup-contains(Stand)")) == 4
    assert "7 événements" in browser.text
    assert page.select("a:-soup-contains('Nouvel événement')") == []
    assert page.select_one(".side a.on").get_text() == "Événements"  # type: ignore[union-attr]

    others = cell.select("a")[-1]
    assert len(browser.get(str(others["href"])).select("tbody tr")) == 6
    page = browser.get(str(page.select_one("#next-month")["href"]))  # type: ignore[index]
    assert "Janvier" in browser.text or "janvier 2027" in browser.text
    page = browser.get(str(page.select_one("#previous-month")["href"]))  # type: ignore[index]
    assert "Événements de décembre 2026" in browser.text
    browser.get("/event/calendar/?month=1999-01")
    assert "Aucun événement ce mois-ci." in browser.text


def test_an_event_with_an_hour_says_it_on_its_first_day(app: Flask) -> None:
    client = add_client(app, "EDF")
    days = {"starts_on": date(2026, 12, 14), "ends_on": date(2026, 12, 15)}
    add_event(app, client, name="Gala", starts_time=time(19, 30), **days)
    browser = browser_of(app)
    browser.get("/event/calendar/?month=2026-12")
    first, second = browser.page.select("a[title^='Gala']")
    assert " ".join(first.get_text().split()).startswith("19 h 30 Gala")
    assert " ".join(second.get_text().split()).startswith("… Gala")
    assert "19 h 30" in str(second["title"]).replace("\u00a0", " ")
