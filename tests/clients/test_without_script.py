"""A company that is named by typing, where no script runs: in the form, in one fact, in a filter."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.clients.models import Client
from tests.clients.cast import add_client, browser_of, row
from tests.web import Browser


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "jeanne@edf.fr")


@pytest.fixture
def dupont(app: Flask) -> int:
    return add_client(app, "Dupont", "a@dupont.fr", city="Paris")


@pytest.fixture
def at(app: Flask, edf: int) -> Browser:
    browser = browser_of(app)
    browser.get(f"/client/edit/?id={edf}")
    return browser


def test_a_parent_is_set_kept_and_taken_away_by_its_name_alone(
    app: Flask, edf: int, dupont: int, at: Browser
) -> None:
    at.submit("#record", parent_typed="DUPONT")
    assert row(app, Client, edf)["parent_id"] == dupont
    at.get(f"/client/edit/?id={edf}")
    assert at.fields("#record")["parent_typed"] == "Dupont (Paris)"
    at.submit("#record", city="Lyon")
    assert row(app, Client, edf)["parent_id"] == dupont
    at.get(f"/client/edit/?id={edf}")
    at.submit("#record", parent_typed="")
    assert row(app, Client, edf)["parent_id"] is None


def test_a_name_that_several_companies_bear_offers_them(
    app: Flask, edf: int, dupont: int, at: Browser
) -> None:
    other = add_client(app, "Dupont", "b@dupont.fr", city="Lyon")
    at.submit("#record", parent_typed="dup")
    assert "Plusieurs résultats pour « dup » : choisissez dans la liste." in at.text
    assert [option.text for option in at.page.select("select[name=parent] option")] == [
        "Choisissez…",
        "Dupont (Paris)",
        "Dupont (Lyon)",
    ]
    choice = at.page.select_one("select[name=parent]")
    assert choice is not None
    assert (choice["aria-invalid"], choice["aria-describedby"]) == ("true", "parent-error")
    at.submit("#record")
    assert "Plusieurs résultats" in at.text, "nothing was chosen"
    at.submit("#record", parent=["", str(other)])
    assert row(app, Client, edf)["parent_id"] == other


@pytest.mark.parametrize("odd", ["Personne", "!!", "\x00", "x" * 300])
def test_a_name_that_no_company_bears_is_said_and_kept(app: Flask, edf: int, at: Browser, odd: str) -> None:
    at.submit("#record", parent_typed=odd, city="Lyon")
    if odd.strip("\x00"):
        assert "Aucun résultat pour" in at.error_of("parent_typed")
        assert at.fields("#record")["parent_typed"] == odd[:100]
        assert at.fields("#record")["city"] == "Lyon"
    assert row(app, Client, edf)["parent_id"] is None


def test_one_fact_takes_the_name_as_well(app: Flask, edf: int, dupont: int, at: Browser) -> None:
    at.get(f"/client/field/?id={edf}&name=parent")
    at.submit("#record", parent_typed="dupont (paris)")
    assert row(app, Client, edf)["parent_id"] == dupont
    assert "Société mère : Dupont." in at.text


def test_a_filter_takes_the_name_and_asks_which_one_is_meant(
    app: Flask, edf: int, dupont: int, at: Browser
) -> None:
    at.get(f"/client/edit/?id={edf}")
    at.submit("#record", parent_typed="Dupont")
    at.get("/client/")
    at.submit("form:has([name=flt_parent_typed])", flt_parent_typed="dupont")
    assert at.path == f"/client/?flt_parent={dupont}"
    assert [link.text for link in at.page.select("table.list tbody th a")] == ["EDF"]
    add_client(app, "Dupont Frères", "c@dupont.fr")
    at.submit("form:has([name=flt_parent_typed])", flt_parent_typed="dupo")
    assert at.path == "/client/"
    assert "Plusieurs résultats pour « dupo » :" in at.text
    at.get(str(at.page.select_one(".notice a[href*='flt_parent']")["href"]))  # type: ignore[index]
    assert at.path == f"/client/?flt_parent={dupont}"
    at.submit("form:has([name=flt_parent_typed])", flt_parent_typed="Personne")
    assert "Aucun résultat pour « Personne »" in at.text
    assert at.path == "/client/"
