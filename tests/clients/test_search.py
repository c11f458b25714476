"""Clients are found by the beginning of their words: case, accents and spacing do not matter."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Client, Contact
from tests.clients.cast import add_clients, browser_of, change, contact_ids, rows
from tests.web import Browser

CAST: list[dict[str, Any]] = [
    {
        "name": "Électricité de France",
        "email": "jeanne.martin@edf.fr",
        "city": "Paris",
        "siren": "552081317",
        "siret": "55208131766522",
        "vat_number": "FR03552081317",
        "phone": "+33142685300",
        "main": {"first_name": "Jeanne", "last_name": "Martin-Dupont", "mobile_phone": "+33612345678"},
    },
    {
        "name": "L'Oréal",
        "email": "contact@loreal.com",
        "city": "Clichy",
        "siren": "632012100",
        "contacts": [{"email": "zoe@loreal.com", "last_name": "Müller", "direct_phone": "+33504251422"}],
    },
    {"name": "TotalEnergies", "email": "info@totalenergies.com", "city": "Courbevoie"},
    {"name": "Œuvres de l'Été", "email": "bonjour@oeuvres.example", "city": "L'Haÿ-les-Roses"},
    {"name": "Vieille Électricité", "email": "ancien@vieille.example", "is_active": False, "city": "Paris"},
    {"name": "100 % Coton_bio", "email": "coton@bio.example", "city": "Lille"},
]

#: What is typed, and the names that are found.
SEARCHES = {
    "electricite": ["Électricité de France"],
    "ÉLECTRICITÉ": ["Électricité de France"],
    "élec fr": ["Électricité de France"],
    "fr élec": ["Électricité de France"],
    "lectricité": [],
    "oreal": ["L'Oréal"],
    "loreal": ["L'Oréal"],
    "l'oréal": ["L'Oréal"],
    "total energies": ["TotalEnergies"],
    "totalener": ["TotalEnergies"],
    "oeuvre": ["Œuvres de l'Été"],
    "Œuvres été": ["Œuvres de l'Été"],
    "hay les roses": ["Œuvres de l'Été"],
    "paris": ["Électricité de France"],
    "paris clichy": [],
    "552081317": ["Électricité de France"],
    "552 081 317 66522": ["Électricité de France"],
    "552 081": ["Électricité de France"],
    "FR03552081317": ["Électricité de France"],
    "FR 03 552 081 317": ["Électricité de France"],
    "01 42 68 53 00": ["Électricité de France"],
    "0142685300": ["Électricité de France"],
    "+33 1 42 68 53 00": ["Électricité de France"],
    "0033142685300": ["Électricité de France"],
    "05 04": ["L'Oréal"],
    "0504251422": ["L'Oréal"],
    "06.12.34": ["Électricité de France"],
    "jeanne.martin@edf.fr": ["Électricité de France"],
    "jeanne": ["Électricité de France"],
    "dupont jeanne": ["Électricité de France"],
    "zoe@lor": ["L'Oréal"],
    "muller": ["L'Oréal"],
    "Müller L'Oréal Clichy": ["L'Oréal"],
    "muller paris": [],
    "100 %": ["100 % Coton_bio"],
    "coton_": ["100 % Coton_bio"],
    "%": [],
    "_": [],
    "' OR 1=1 --": [],
}


def found(browser: Browser) -> list[str]:
    """The names that the list shows."""
    return [cell.get_text(strip=True) for cell in browser.page.select("table.list tbody th")]


def test_a_search_finds_by_the_beginning_of_every_word(app: Flask) -> None:
    add_clients(app, CAST)
    browser, surprises = browser_of(app), {}
    for typed, expected in SEARCHES.items():
        browser.get("/client/", query_string={"search": typed})
        assert browser.status == 200, typed
        if found(browser) != expected:
            surprises[typed] = found(browser)
    assert surprises == {}


def test_a_search_of_nothing_that_can_be_read_finds_nothing_or_all(app: Flask) -> None:
    add_clients(app, CAST)
    browser = browser_of(app)
    for typed, expected in (("", 5), ("   ", 5), ("\x00", 5), ("'", 0), ("…", 0)):
        browser.get("/client/", query_string={"search": typed})
        assert len(found(browser)) == expected, repr(typed)


def test_inactive_clients_leave_the_search_and_come_back_with_the_filter(app: Flask) -> None:
    add_clients(app, CAST)
    browser = browser_of(app)
    for status, expected in (
        ("active", ["Électricité de France"]),
        ("inactive", ["Vieille Électricité"]),
        ("all", ["Électricité de France", "Vieille Électricité"]),
        ("zzz", ["Électricité de France"]),
    ):
        browser.get("/client/", query_string={"search": "electricite", "status": status})
        assert found(browser) == expected, status


def test_an_empty_result_offers_near_names_the_inactive_ones_and_to_create_it(app: Flask) -> None:
    add_clients(app, CAST)
    browser = browser_of(app)
    browser.get("/client/", query_string={"search": "vieille"})
    assert "Aucune société ne correspond à « vieille »." in browser.text
    browser.get(str(browser.page.find("a", string="Chercher parmi les inactives (1)")["href"]))  # type: ignore[index]
    assert found(browser) == ["Vieille Électricité"]
    browser.get("/client/", query_string={"search": "Totalenergie SA"})
    assert "Noms proches : TotalEnergies" in browser.text
    browser.get("/client/", query_string={"search": "Éolia"})
    browser.get(str(browser.page.find("a", string="Créer « Éolia »")["href"]))  # type: ignore[index]
    assert browser.fields("#record")["name"] == "Éolia"


def test_who_may_not_create_is_not_asked_to(app: Flask) -> None:
    browser = browser_of(app, "support")
    browser.get("/client/", query_string={"search": "Éolia"})
    assert "Créer" not in browser.text
    assert browser.page.select("a[href*='/client/new/']") == []


@pytest.mark.parametrize("way", ["client", "contact", "row", "deleted contact"])
def test_what_is_changed_is_found_anew_at_once(app: Flask, way: str) -> None:
    client_id = add_clients(app, CAST)[1]
    main, zoe = contact_ids(app, client_id)
    browser = browser_of(app)
    if way == "client":
        browser.get(f"/client/edit/?id={client_id}")
        browser.submit("#record", name="Schwarzkopf", city="Düsseldorf")
        gone, new = "oreal clichy", "schwarz dusseldorf"
    elif way == "contact":
        browser.get(f"/contact/edit/?id={zoe}")
        browser.submit("#record", last_name="Lefèvre")
        gone, new = "muller", "lefevre"
    elif way == "row":
        browser.get(f"/client/edit/?id={client_id}")
        browser.submit("#record", **{"contacts-1-last_name": "Lefèvre"})
        gone, new = "muller", "lefevre oreal"
    else:
        browser.get(f"/client/details/?id={client_id}")
        browser.post("/contact/delete/", {"id": str(zoe)})
        gone, new = "zoe", "contact loreal"
    browser.get("/client/", query_string={"search": gone})
    assert found(browser) == []
    browser.get("/client/", query_string={"search": new})
    assert len(found(browser)) == 1
    assert main in contact_ids(app, client_id)


def test_contacts_are_searched_by_the_same_words(app: Flask) -> None:
    add_clients(app, CAST)
    browser = browser_of(app)
    browser.get("/contact/", query_string={"search": "loreal"})
    assert len(found(browser)) == 2
    change(app, Client, rows(app, Contact, email="zoe@loreal.com")[0]["client_id"], is_active=False)
    browser.get("/contact/", query_string={"search": "loreal"})
    assert found(browser) == []


def test_the_choice_of_a_parent_offers_active_clients_and_is_capped(app: Flask) -> None:
    add_clients(app, [*CAST, *({"name": f"Société {number:02}"} for number in range(25))])
    browser = browser_of(app)

    def offered(**arguments: str) -> list[str]:
        answer = browser.client.get("/client/ajax/lookup/", query_string={"name": "parent", **arguments})
        assert answer.status_code == 200
        return [label for _id, label in answer.get_json()]

    assert offered(query="electricite") == ["Électricité de France (Paris)"]
    assert offered(query="FRANCE") == ["Électricité de France (Paris)"]
    assert offered(query="zzz") == []
    assert len(offered(query="soc")) == 20
    assert len(offered(query="", limit="100000", offset="-5")) == 20
    for odd in ("%", "_", "\x00", "'", "a" * 200_000, "²"):
        assert len(offered(query=odd)) <= 20
    assert browser.client.get("/client/ajax/lookup/?name=contacts").status_code == 404
    assert browser.client.get("/client/ajax/lookup/").status_code == 404
