"""Who has gone quiet: the list narrowed and sorted by the last activity, its column, the line on the card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from backoffice.clients import queries, quiet
from backoffice.clients.models import Client
from backoffice.core.counting import counted
from backoffice.core.db import now
from tests.clients.cast import add_client, add_clients, browser_of
from tests.clients.test_completing import explained
from tests.web import Browser

#: A day more than asked for, and one more: an hour of the summer before midnight is the next day.
DAYS = {"Hier": 1, "Un mois": 32, "Trois mois": 92, "Six mois": 182, "Un an": 367}


@pytest.fixture
def browser(app: Flask) -> Browser:
    made = [{"name": name, "created_at": now() - timedelta(days=days)} for name, days in DAYS.items()]
    add_clients(
        app, [*made, {"name": "Partie", "is_active": False, "created_at": now() - timedelta(days=999)}]
    )
    return browser_of(app)


def names(browser: Browser, query: str) -> list[str]:
    browser.get(f"/client/?{query}")
    assert browser.status == 200
    return [tag.get_text(" ", strip=True) for tag in browser.page.select("table.list tbody th a")]


def test_the_list_is_narrowed_to_those_who_have_been_quiet_for_so_long(browser: Browser) -> None:
    oldest_first = "&sort=last_activity_at"

    assert names(browser, "quiet=30" + oldest_first) == ["Un an", "Six mois", "Trois mois", "Un mois"]
    assert names(browser, "quiet=90" + oldest_first) == ["Un an", "Six mois", "Trois mois"]
    assert names(browser, "quiet=180" + oldest_first) == ["Un an", "Six mois"]
    assert names(browser, "quiet=365") == ["Un an"]
    assert names(browser, "quiet=365&status=all" + oldest_first) == ["Partie", "Un an"]
    assert names(browser, "quiet=7") == names(browser, "quiet=nonsense") == []


def test_it_can_be_narrowed_from_any_day_on(browser: Browser) -> None:
    day = (now() - timedelta(days=100)).date()

    assert names(browser, f"quiet_from={day:%d/%m/%Y}") == ["Six mois", "Un an"]


def test_the_last_activity_can_be_shown_and_sorted_by(browser: Browser) -> None:
    browser.get("/client/")
    browser.post("/client/columns/", {"column": ["name", "last_activity_at"], "url": "/client/"})

    assert names(browser, "sort=last_activity_at&desc=1") == list(DAYS)
    head = [tag.get_text(" ", strip=True) for tag in browser.page.select("table.list thead th")]
    assert "Dernière activité ↓" in head
    shown = browser.page.select("table.list tbody tr")[0].get_text(" ", strip=True)
    assert str((now() - timedelta(days=1)).year) in shown
    assert " à " not in shown  # the day alone


def test_the_card_says_since_when(app: Flask) -> None:
    was = add_client(app, "EDF", created_at=now() - timedelta(days=40))
    planned = add_client(app, "Engie", last_activity_at=now() + timedelta(days=40))
    browser = browser_of(app)

    def facts(client: int) -> list[str]:
        browser.get(f"/client/details/?id={client}")
        return [tag.get_text(strip=True) for tag in browser.page.select("dl.facts dt")]

    assert "Dernière activité" in facts(was)
    assert "Activité prévue" in facts(planned)


def test_an_index_answers_the_count_and_every_order_of_the_list(session: Any) -> None:
    if session.get_bind().dialect.name == "postgresql":
        for costly in ("seqscan", "bitmapscan", "sort"):  # an empty table is read faster without index
            session.execute(text(f"SET LOCAL enable_{costly} = off"))
    since = now() - timedelta(days=90)
    active = queries.quiet_client_ids(since)
    oldest = active.order_by(Client.last_activity_at, Client.id).limit(51)
    every = select(Client.id).where(quiet.is_quiet(Client, since))

    plans = {
        "count": explained(session(), select(counted(active, 10_001))),
        "oldest": explained(session(), oldest),
        "all": explained(
            session(), every.order_by(Client.last_activity_at.desc(), Client.id.desc()).limit(51)
        ),
    }

    assert "ix_client_active_quiet" in plans["count"], plans
    assert "ix_client_active_quiet" in plans["oldest"], plans
    assert "ix_client_last_activity" in plans["all"], plans
    assert not any("TEMP B-TREE" in plan or "Sort" in plan for plan in plans.values()), plans
