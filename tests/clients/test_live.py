"""What the form asks while one types: two addresses that read, for whoever may write."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import update

from backoffice.clients.models import Client
from backoffice.core.db import db, for_writing
from backoffice.lookups.models import OfficeSettings
from tests.clients.cast import add_client, browser_of, row, state


def asked(app: Flask, role: str = "gestionnaire", **typed: Any) -> Any:
    browser = browser_of(app, role)
    browser.get("/client/proposals/?" + urlencode(typed))
    assert browser.status == 200
    return browser.response.get_json()


def test_values_come_with_where_they_come_from(app: Flask) -> None:
    answer = asked(app, siret="55208131766522", postal_code="69002", country="France", check="siret")
    assert answer["values"]["siren"] == {"value": "552 081 317", "note": "Complété d'après le SIRET."}
    assert answer["values"]["vat_number"]["note"] == "Proposé d'après le SIREN."
    assert answer["values"]["city"]["value"] == "Lyon"
    assert (answer["towns"], answer["problem"]) == (["Lyon"], "")


def test_the_account_has_the_prefix_of_the_settings(app: Flask) -> None:
    with app.app_context(), for_writing():
        db.session.execute(update(OfficeSettings).values(account_prefix="C"))
        db.session.commit()
    assert asked(app, name="EDF")["values"]["account_code"]["value"] == "CEDF"


def test_one_field_is_judged_with_the_sentence_of_the_save(app: Flask) -> None:
    assert asked(app, check="siret", siret="812 345 676 00018")["problem"].startswith("La clé de contrôle")
    assert asked(app, role="administrateur", check="email", email="x")["problem"].startswith("Il manque le @")


def test_an_activity_is_named(app: Flask) -> None:
    answer = asked(app, ape_code="6202A", activity="6202A")
    assert answer["activity"] == "Conseil en systèmes et logiciels informatiques"
    assert answer["activities"] == [["62.02A", "Conseil en systèmes et logiciels informatiques"]]


def test_odd_questions_have_calm_answers(app: Flask) -> None:
    browser = browser_of(app)
    before = state(app)
    for odd in (
        "check=check",
        "name=%00",
        "siret=%F0%9F%98%80",
        "postal_code=" + "9" * 5000,
        "activity=%25_",
        "x",
    ):
        browser.get(f"/client/proposals/?{odd}")
        assert browser.status == 200
    for odd in (
        "name=%00",
        "id=0",
        "id=99999999999",
        "email=" + "a" * 5000,
        "&".join(["email=a@b.fr"] * 500),
    ):
        browser.get(f"/client/likely/?{odd}")
        assert browser.status == 200
    assert state(app) == before


def test_likely_duplicates_are_named_with_their_likeness(app: Flask) -> None:
    add_client(app, "Atelier Lefebvre", city="Lyon")
    add_client(app, "EDF <b>", siren="552081317")
    browser = browser_of(app)
    browser.get("/client/likely/?name=Atelier+Lef%C3%A8vre&siren=552081317")
    assert "Un client porte un nom proche : Atelier Lefebvre (nouvel onglet) (Lyon)" in browser.text
    assert "Même SIREN : EDF <b>" in browser.text
    assert [link["target"] for link in browser.page.select("a")] == ["_blank", "_blank"]


def test_an_inactive_one_is_switched_on_without_leaving_the_form(app: Flask) -> None:
    id_ = add_client(app, "Atelier Lefebvre", is_active=False)
    browser = browser_of(app)
    browser.get("/client/new/")
    token = browser.csrf_token
    address = "/client/likely/?name=Atelier+Lefevre"
    browser.get(address)
    assert "Atelier Lefebvre existe mais est inactive." in browser.text
    button = browser.page.select_one("[data-reactivate]")
    assert button is not None
    browser.post(str(button["data-reactivate"]), {"id": str(id_), "url": address, "csrf_token": token})
    assert row(app, Client, id_)["is_active"] is True
    assert browser.path == address
    assert "Atelier Lefebvre" in browser.text
    assert "est inactive" not in browser.text


def test_whoever_may_not_write_is_refused(app: Flask) -> None:
    browser = browser_of(app, "lecture")
    for address in ("/client/proposals/?name=x", "/client/likely/?name=x"):
        browser.get(address)
        assert browser.status == 403
