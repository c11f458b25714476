"""The first page: what it says, where its figures lead, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import Tag
from flask import Flask

from backoffice.admin import panels
from backoffice.admin.panels import Figure, Panel, Reading
from backoffice.clients.models import ClientVisit
from backoffice.core.db import now
from tests.clients.cast import add_client, add_clients, browser_of
from tests.clients.test_query_counts import counted
from tests.users.people import make_older
from tests.web import Browser

FULL: dict[str, Any] = {
    "siren": "999424450",
    "vat_number": "FR64999424450",
    "street": "14 quai de Valmy",
    "postal_code": "75010",
    "city": "Paris",
}


def figures(browser: Browser) -> dict[str, tuple[str, str]]:
    """Each figure by its label: what it says, and where it leads."""
    browser.get("/")
    return {inside(tag, "span"): (inside(tag, "b"), str(tag["href"])) for tag in browser.page.select(".kpi")}


def inside(tag: Tag, selector: str) -> str:
    """The words of the first such element in this one."""
    found = tag.select_one(selector)
    assert found is not None
    return found.get_text(strip=True)


def panel(browser: Browser, key: str) -> str:
    """The words of one panel."""
    tag = browser.page.select_one(f"section[aria-labelledby={key}]")
    return " ".join(tag.get_text(" ").split()) if tag else ""


def listed(browser: Browser, url: str) -> list[str]:
    browser.get(url)
    assert browser.status == 200
    return sorted(tag.get_text(" ", strip=True) for tag in browser.page.select("table.list tbody th a"))


def test_it_greets_by_the_first_name_and_says_the_day(app: Flask) -> None:
    add_client(app, "Un")
    browser = browser_of(app, name="Camille Roy")
    browser.get("/")

    heading = browser.page.select_one("h1")
    assert heading is not None
    assert heading.get_text(strip=True) == "Bonjour Camille"
    assert str(now().year) in browser.text


def test_each_figure_leads_to_the_list_that_it_counts(app: Flask) -> None:
    add_clients(
        app,
        [
            {"name": "Complète", **FULL},
            {"name": "Ancienne", **FULL, "created_at": now() - timedelta(days=95)},
            {"name": "Partie", "is_active": False, "created_at": now() - timedelta(days=200)},
            {"name": "Sans rien"},
        ],
    )
    browser = browser_of(app)

    shown = figures(browser)

    assert {label: value for label, (value, _url) in shown.items()} == {
        "Clients actifs": "3",
        "Nouveaux ce mois-ci": "2",
        "Mes tâches du jour": "0",
        "Sans activité": "1",
        "Fiches à compléter": "1",
    }
    assert listed(browser, shown["Clients actifs"][1]) == ["Ancienne", "Complète", "Sans rien"]
    assert listed(browser, shown["Nouveaux ce mois-ci"][1]) == ["Complète", "Sans rien"]
    assert listed(browser, shown["Sans activité"][1]) == ["Ancienne"]
    assert listed(browser, shown["Fiches à compléter"][1]) == ["Sans rien"]


def test_what_records_lack_leads_to_the_records_that_lack_it(app: Flask) -> None:
    add_clients(
        app,
        [
            {"name": "Sans TVA", **FULL, "vat_number": None},
            {"name": "Sans rien"},
            {"name": "Complète", **FULL},
        ],
    )
    browser = browser_of(app)
    browser.get("/")

    lines = {
        inside(tag, "span"): (inside(tag, "b"), str(tag["href"]))
        for tag in browser.page.select("a.incomplete")
    }

    assert {label: count for label, (count, _url) in lines.items()} == {
        "Sans SIREN": "1",
        "Sans numéro de TVA": "2",
        "Adresse incomplète": "1",
    }
    assert listed(browser, lines["Sans numéro de TVA"][1]) == ["Sans TVA", "Sans rien"]
    assert listed(browser, lines["Adresse incomplète"][1]) == ["Sans rien"]


def test_when_nothing_is_missing_it_says_so(app: Flask) -> None:
    add_client(app, "Complète", **FULL)
    browser = browser_of(app)

    browser.get("/")

    assert "Rien ne manque." in panel(browser, "lacks")


def test_the_clients_that_have_been_quiet_for_the_longest_time_are_named_first(app: Flask) -> None:
    days = {"Un": 400, "Deux": 92, "Trois": 89, "Quatre": 120, "Cinq": 100, "Six": 99, "Sept": 300}
    add_clients(
        app,
        [
            {"name": name, **FULL, "siren": None, "created_at": now() - timedelta(days=count)}
            for name, count in days.items()
        ],
    )
    browser = browser_of(app)
    browser.get("/")

    names = [inside(tag, "strong") for tag in browser.page.select("section[aria-labelledby=quiet] a.opened")]
    assert names == ["Un", "Sept", "Quatre", "Cinq", "Six"]
    heading = browser.page.select_one("section[aria-labelledby=quiet] header .n")
    assert heading is not None
    assert heading.get_text() == "6"
    browser.get(str(browser.page.select("section[aria-labelledby=quiet] header a")[0]["href"]))
    assert browser.page.select("table.list tbody th a")[0].get_text(strip=True) == "Un"


def test_where_nobody_has_gone_quiet_it_says_so(app: Flask) -> None:
    add_client(app, "Complète", **FULL)
    browser = browser_of(app)

    browser.get("/")

    assert "Personne n’est oublié." in panel(browser, "quiet")


def test_the_cards_that_somebody_has_opened_stand_there_the_last_one_first(app: Flask) -> None:
    first, second = add_clients(
        app,
        [
            {"name": "Atelier Lefèvre", "email": "h@lefevre.example", "city": "Lyon"},
            {"name": "Partie", "is_active": False},
        ],
    )
    browser = browser_of(app)
    browser.get("/")
    assert "Rien d’ouvert pour l’instant." in panel(browser, "opened")

    browser.get(f"/client/details/?id={first}")
    make_older(app, ClientVisit.at, timedelta(minutes=5))
    browser.get(f"/client/details/?id={second}")
    browser.get("/")

    lines = [" ".join(tag.get_text(" ").split()) for tag in browser.page.select("a.opened")]
    assert lines == ["Partie Inactive contact@partie.example", "Atelier Lefèvre Lyon · h@lefevre.example"]
    assert [tag["href"] for tag in browser.page.select("a.opened")] == [
        f"/client/details/?id={second}",
        f"/client/details/?id={first}",
    ]


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("administrateur", ["/client/new/", "/user/new/", "/settings/"]),
        ("gestionnaire", ["/client/new/"]),
        ("support", []),
        ("lecture", []),
    ],
)
def test_without_clients_it_offers_the_first_steps_that_one_may_take(
    app: Flask, role: str, steps: list[str]
) -> None:
    browser = browser_of(app, role)
    browser.get("/")

    assert [tag["href"] for tag in browser.page.select(".step a")] == steps
    assert browser.page.select(".kpi") == []
    assert ("Aucun client pour l’instant." in browser.text) == (not steps)
    for step in steps:
        browser.get(step)
        assert browser.status == 200


def test_with_nothing_but_inactive_clients_it_is_no_new_product(app: Flask) -> None:
    add_client(app, "Partie", is_active=False)

    assert figures(browser_of(app))["Clients actifs"][0] == "0"


@pytest.mark.parametrize("role", ["lecture", "support"])
def test_whoever_may_not_create_clients_finds_no_way_to_it(app: Flask, role: str) -> None:
    add_client(app, "Un")
    browser = browser_of(app, role)
    browser.get("/")

    assert browser.page.select('#content a[href^="/client/new/"]') == []


def test_it_asks_the_database_eight_times_at_most_whatever_there_is(app: Flask) -> None:
    long_ago = now() - timedelta(days=100)
    ids = add_clients(app, [{"name": f"Client {number}", "created_at": long_ago} for number in range(25)])
    browser = browser_of(app, "administrateur")
    for client_id in ids[:8]:
        browser.get(f"/client/details/?id={client_id}")

    with counted(app) as sent:
        browser.get("/")

    assert browser.status == 200
    assert len(sent) <= 8, sent


def test_a_feature_adds_its_own_figure_and_panel_by_right(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panels, "_shown", dict(panels._shown))
    panels.register(Figure("x.late", 15, "En retard", lambda: Reading("11", "/client/"), "client.read"))
    panels.register(
        Panel("x.users", 5, "dashboard/lacks.html", lambda: {"missing": [("Deux", "2", "/")]}, "user.write")
    )
    add_client(app, "Un", **FULL)
    reader, administrator = browser_of(app, "lecture"), browser_of(app, "administrateur")

    assert list(figures(reader)) == [
        "Clients actifs",
        "En retard",
        "Nouveaux ce mois-ci",
        "Mes tâches du jour",
        "Sans activité",
        "Fiches à compléter",
    ]
    assert "Deux" not in reader.text
    administrator.get("/")
    first = administrator.page.select_one(".split section")
    assert first is not None
    assert "Deux 2" in " ".join(first.get_text(" ").split())


def test_in_english_months_and_the_day_are_english(app: Flask) -> None:
    add_client(app, "Un", **FULL)
    browser = browser_of(app, locale="en")
    browser.get("/")

    row = browser.page.select_one("table.figures tbody th")
    assert row is not None
    assert row.get_text(strip=True) == f"{now():%B %Y}"


def test_counts_stop_at_their_caps(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.dashboard.queries.MOST_CLIENTS", 2)
    monkeypatch.setattr("backoffice.dashboard.queries.MOST_INCOMPLETE", 1)
    add_clients(app, [{"name": f"Client {number}"} for number in range(4)])

    shown = figures(browser_of(app))

    assert shown["Clients actifs"][0] == "plus de 2"
    assert shown["Fiches à compléter"][0] == "plus de 1"
