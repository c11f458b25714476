"""What a person chooses for a list: its columns and page size, kept for them, and no heavier for it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients import listing
from tests.clients.cast import add_client, add_clients, browser_of
from tests.clients.test_query_counts import counted
from tests.web import Browser

COLUMNS = "form.popover[action='/client/columns/']"
USUAL = ["Société", "Type", "Ville", "SIRET", "Contact principal", "Statut"]


def titles(browser: Browser, path: str = "/client/") -> list[str]:
    browser.get(path)
    found = [tag.get_text(" ", strip=True) for tag in browser.page.select("table.list thead th")]
    return [title.rstrip(" ↑↓") for title in found if title != "Actions"]


def choose(browser: Browser, *names: str) -> None:
    browser.get("/client/")
    browser.post("/client/columns/", {"column": list(names), "url": "/client/"})


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(
        app,
        "EDF",
        city="Paris",
        siren="552081317",
        phone="+33142685300",
        website="https://www.edf.fr",
        language_id=2,
        vat_regime="export",
        account_code="411EDF",
    )


def test_columns_are_chosen_and_kept_for_the_one_who_chose(app: Flask, edf: int) -> None:
    browser, other = browser_of(app, "lecture"), browser_of(app, "support")
    assert titles(browser) == USUAL
    browser.submit(COLUMNS, column=["name", "siren", "phone", "language", "account_code"])
    assert browser.path == "/client/"
    assert titles(browser) == ["Société", "Tél. standard", "SIREN", "Compte comptable", "Langue"]
    cells = [cell.get_text(" ", strip=True) for cell in browser.page.select("table.list tbody tr > *")][:5]
    assert cells == ["EDF", "01 42 68 53 00", "552 081 317", "411EDF", "Anglais"]
    assert titles(other) == USUAL


def test_the_usual_columns_come_back_at_one_click(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    choose(browser, "name", "website")
    assert titles(browser) == ["Société", "Site web"]
    browser.submit(COLUMNS, press="usual")
    assert titles(browser) == USUAL


def test_odd_names_count_as_not_asked_and_the_first_column_stays(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    choose(browser, "password", "siren", "../x", "")
    assert titles(browser) == ["Société", "SIREN"]
    choose(browser, "nothing")
    assert titles(browser) == ["Société"]
    browser.post("/client/columns/", {"page_size": "7"})
    browser.get("/client/")
    assert browser.page.select_one(".sizes .on").get_text() == "50"  # type: ignore[union-attr]


def test_the_page_size_is_kept_and_an_address_may_say_otherwise(app: Flask) -> None:
    add_clients(app, [{"name": f"Société {number:02}"} for number in range(25)])
    browser = browser_of(app)
    browser.get("/client/?sort=city")
    browser.submit(".sizes", press="page_size")
    assert browser.path == "/client/?sort=city"
    browser.get("/client/")
    assert len(browser.page.select("table.list tbody tr")) == 20
    browser.get("/client/?page_size=50")
    assert len(browser.page.select("table.list tbody tr")) == 25
    assert len(browser.page.select(".pager a")) == 0


def test_every_column_is_asked_for_once_however_many_rows_there_are(app: Flask) -> None:
    mother = add_client(app, "Mère", language_id=1, payment_term_id=1)
    browser = browser_of(app)
    choose(browser, *listing.COLUMNS, *listing.OPTIONAL_COLUMNS)
    with counted(app) as few:
        browser.get("/client/")
    many: list[dict[str, Any]] = [
        {"name": f"Fille {n}", "email": f"f{n}@x.example", "parent_id": mother, "language_id": n % 5 + 1}
        for n in range(30)
    ]
    add_clients(app, many)
    with counted(app) as more:
        browser.get("/client/")
    assert len(browser.page.select("table.list thead th")) == 19
    assert len(more) <= len(few) <= 8, more


def test_contacts_have_columns_of_their_own(app: Flask, edf: int) -> None:
    browser = browser_of(app, "lecture")
    browser.get("/contact/")
    browser.submit("form.popover[action='/contact/columns/']", column=["name_key", "job_title", "source"])
    assert titles(browser, "/contact/") == ["Prénom et nom", "Poste occupé", "Source"]


def test_a_hundred_rows_weigh_less_than_sixty_kilobytes(app: Flask) -> None:
    wanted: list[dict[str, Any]] = [
        {
            "name": f"Établissements Vasseur {n}",
            "email": f"jean-baptiste.vasseur{n}@vasseur.example",
            "city": "Saint-Denis-en-Val",
            "type_id": 1,
            "main": {"first_name": "Jean-Baptiste", "last_name": "Vasseur"},
        }
        for n in range(100)
    ]
    add_clients(app, wanted)
    browser = browser_of(app, "administrateur")
    browser.get("/client/?page_size=100")
    assert len(browser.page.select("table.list tbody tr")) == 100
    assert len(browser.response.get_data()) < 60_000
