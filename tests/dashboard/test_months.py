"""New clients by month: the right month where the office is, bars that lead to their lists, and counts kept briefly."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from backoffice.core.db import db
from backoffice.dashboard import months
from backoffice.dashboard.months import Month, bars
from tests.clients.cast import add_client, add_clients, browser_of
from tests.web import Browser

THE_DAY = date(2026, 3, 15)


@pytest.fixture(autouse=True)
def in_march(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setattr(months, "today", lambda: THE_DAY)
    app.extensions.pop("dashboard_months", None)


def counted(app: Flask) -> dict[str, int]:
    with app.test_request_context():
        return {f"{month.first:%Y-%m}": month.count for month in months.last_months()}


def test_the_last_twelve_months_end_with_this_one(app: Flask) -> None:
    shown = list(counted(app))

    assert len(shown) == 12
    assert (shown[0], shown[-1]) == ("2025-04", "2026-03")


def test_a_month_begins_at_midnight_where_the_office_is(app: Flask) -> None:
    add_clients(
        app,
        [
            # In Paris it is already March.
            {"name": "Un", "created_at": datetime(2026, 2, 28, 23, 30, tzinfo=UTC)},
            {"name": "Deux", "created_at": datetime(2026, 2, 28, 22, 30, tzinfo=UTC)},
            {"name": "Trop vieux", "created_at": datetime(2025, 3, 31, 21, 59, tzinfo=UTC)},
            {"name": "Partie", "created_at": datetime(2025, 3, 31, 22, 1, tzinfo=UTC), "is_active": False},
        ],
    )

    found = {month: count for month, count in counted(app).items() if count}

    assert found == {"2025-04": 1, "2026-02": 1, "2026-03": 1}


def test_bars_and_rows_lead_to_the_clients_of_their_month(app: Flask) -> None:
    add_clients(
        app,
        [
            {"name": "Février", "created_at": datetime(2026, 2, 3, 12, tzinfo=UTC)},
            {"name": "Fin février", "created_at": datetime(2026, 2, 28, 22, 59, tzinfo=UTC)},
            {"name": "Mars", "created_at": datetime(2026, 3, 1, 12, tzinfo=UTC)},
        ],
    )
    browser = browser_of(app)
    browser.get("/")
    (bar,) = browser.page.select('svg a[aria-label^="février 2026"]')
    row = browser.page.find("a", string="février 2026")

    assert bar["aria-label"] == "février 2026 : 2 nouveaux clients"
    assert row is not None
    assert row["href"] == bar["href"]
    assert names(browser, str(bar["href"])) == ["Fin février", "Février"]


def names(browser: Browser, url: str) -> list[str]:
    browser.get(url)
    return [tag.get_text(" ", strip=True) for tag in browser.page.select("table.list tbody th a")]


def test_the_table_says_what_the_bars_say(app: Flask) -> None:
    add_client(app, "Un", created_at=datetime(2026, 2, 3, 12, tzinfo=UTC))
    browser = browser_of(app)
    browser.get("/")

    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")]
        for row in browser.page.select("table.figures tbody tr")
    ]
    values = [tag.get_text(strip=True) for tag in browser.page.select("svg .value")]

    assert rows[:2] == [["mars 2026", "0"], ["février 2026", "1"]]
    assert [row[1] for row in reversed(rows)] == values
    total = browser.page.select_one("table.figures tfoot td")
    assert total is not None
    assert total.get_text(strip=True) == "1"


def test_the_drawing_has_a_title_a_description_and_no_style_of_its_own(app: Flask) -> None:
    add_client(app, "Un")
    browser = browser_of(app)
    browser.get("/")
    (drawing,) = browser.page.select("svg.chart")

    spoken = [drawing.find(id=id_) for id_ in str(drawing["aria-labelledby"]).split()]
    assert [tag.name for tag in spoken if tag] == ["title", "desc"]
    assert drawing.select("[style], script") == []


def test_the_tallest_bar_fills_the_drawing_and_a_single_client_is_still_to_be_seen() -> None:
    counts = [0, 1, 500, 1000]
    drawn = list(bars([Month(date(2026, number + 1, 1), count) for number, count in enumerate(counts)]))

    assert [bar.height for bar in drawn] == [0.0, 2.0, 76.0, 152.0]
    assert {bar.top + bar.height for bar in drawn} == {176.0}
    assert [bar.left for bar in drawn] == ["0.000%", "25.000%", "50.000%", "75.000%"]


def test_a_long_number_is_short_above_its_bar(app: Flask) -> None:
    with app.test_request_context():
        shown = [Month(THE_DAY, count).shown_count for count in (9_999, 12_340, 180_000)]

    assert [text.replace("\u202f", " ").replace("\xa0", " ") for text in shown] == [
        "9 999",
        "12,3 k",
        "180 k",
    ]


def test_many_past_months_are_counted_once_a_minute_and_this_month_each_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "_KEPT_FROM", 1)
    clock = [1000.0]
    monkeypatch.setattr("backoffice.dashboard.months.time.monotonic", lambda: clock[0])
    past: dict[str, Any] = {"created_at": datetime(2026, 1, 5, tzinfo=UTC)}
    now: dict[str, Any] = {"created_at": datetime(2026, 3, 5, tzinfo=UTC)}
    add_client(app, "Un", **past)
    assert counted(app)["2026-01"] == 1

    add_clients(app, [{"name": "Deux", **past}, {"name": "Trois", **now}])
    kept = counted(app)
    clock[0] += months._KEPT_SECONDS + 1
    fresh = counted(app)

    assert (kept["2026-01"], kept["2026-03"]) == (1, 1)
    assert (fresh["2026-01"], fresh["2026-03"]) == (2, 1)


def test_few_clients_are_counted_each_time(app: Flask) -> None:
    add_client(app, "Un", created_at=datetime(2026, 1, 5, tzinfo=UTC))
    assert counted(app)["2026-01"] == 1
    add_client(app, "Deux", created_at=datetime(2026, 1, 6, tzinfo=UTC))

    assert counted(app)["2026-01"] == 2


def test_the_months_are_asked_for_once_in_a_page(app: Flask) -> None:
    with app.test_request_context():
        first = months.last_months()
        assert months.last_months() is first
        db.session.remove()
