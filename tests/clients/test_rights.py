"""Who is not let in, or no longer, changes no row; the same posts are carried out for who may."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Address, Client
from tests.clients.cast import (
    add_client,
    browser_of,
    change,
    contact_ids,
    facts,
    row,
    rows,
    state,
)
from tests.users.people import change as change_account
from tests.web import Browser

PORT = {"label": "Entrepôt", "street": "3 rue du Port", "postal_code": "13002", "city": "Marseille"}
FORM = {"name": "Engie", "contacts-0-email": "contact@engie.fr"}


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", contacts=[{"email": "paul@edf.fr"}], addresses=[PORT])


def writes(edf: int, paul: int, port: int) -> list[tuple[str, dict[str, Any]]]:
    """Every POST about clients that is not the switch, in an order in which each changes something."""
    return [
        ("/client/new/", FORM),
        (f"/client/edit/?id={edf}", {"name": "E.D.F."}),
        (f"/client/edit/?id={edf}", {"is_active": "0"}),
        (f"/contact/new/?client={edf}", {"email": "new@edf.fr"}),
        (f"/contact/edit/?id={paul}", {"email": "paulin@edf.fr"}),
        ("/contact/deactivate/", {"id": paul}),
        ("/contact/activate/", {"id": paul}),
        ("/contact/star/", {"id": paul}),
        ("/contact/delete/", {"id": paul - 1}),
        (f"/address/new/?client={edf}", PORT),
        (f"/address/edit/?id={port}", {"label": "Usine"}),
        ("/address/default/", {"id": port}),
        ("/address/default/", {"client": edf}),
        ("/address/delete/", {"id": port}),
        ("/client/delete/", {"id": edf}),
    ]


def test_every_post_is_carried_out_for_who_may(app: Flask, edf: int) -> None:
    """So that what refuses them elsewhere is the role."""
    browser = browser_of(app, "gestionnaire")
    for address, fields in writes(edf, contact_ids(app, edf)[1], port_of(app)):
        before = state(app)
        browser.get("/client/")
        browser.post(address, fields)
        assert browser.status == 200, address
        assert state(app) != before, f"{address} {fields}: {browser.text[:400]}"
    assert [client["name"] for client in rows(app, Client)] == ["Engie"]


def port_of(app: Flask) -> int:
    return int(rows(app, Address)[0]["id"])


def test_support_moves_the_switch_and_no_other_column(app: Flask, edf: int) -> None:
    browser = browser_of(app, "support", name="Sam Support")
    browser.get(f"/client/deactivate/?id={edf}")
    before = row(app, Client, edf)
    browser.post("/client/deactivate/", {"id": edf})
    moved = {"is_active", "deactivated_at", "deactivated_by", "version"}
    after = row(app, Client, edf)
    assert {name for name in after if after[name] != before[name]} == moved
    assert facts(app, "client", edf) == [("Sam Support", "is_active", True, False)]
    browser.post("/client/activate/", {"id": edf})
    assert row(app, Client, edf) == before | {"version": before["version"] + 2}


@pytest.mark.parametrize("field", ["name", "siren", "main_contact_id", "city", "version", "contacts-0-email"])
@pytest.mark.parametrize("move", ["activate", "deactivate"])
def test_a_switch_with_anything_sent_along_is_refused_whole(
    app: Flask, edf: int, move: str, field: str
) -> None:
    change(app, Client, edf, is_active=move == "deactivate")
    browser, before = browser_of(app, "support"), state(app)
    browser.get(f"/client/details/?id={edf}")
    browser.post(f"/client/{move}/", {"id": edf, field: "2"})
    assert browser.status == 400
    assert state(app) == before
    browser.get(f"/client/details/?id={edf}")
    browser.post(f"/client/{move}/", {"id": edf})
    assert row(app, Client, edf)["is_active"] is (move == "activate")


def test_nobody_logged_in_changes_nothing(app: Flask, edf: int) -> None:
    stranger, before = Browser(app), state(app)
    browser_of(app)  # the first account stands: no set-up
    stranger.get("/login")
    for address, fields in [
        *writes(edf, contact_ids(app, edf)[1], port_of(app)),
        ("/client/deactivate/", {"id": edf}),
        ("/client/activate/", {"id": edf}),
    ]:
        stranger.post(address, fields)
        assert "EDF" not in stranger.text
        assert state(app) == before, address
    for address in (
        "/client/",
        f"/client/details/?id={edf}",
        "/client/ajax/lookup/?name=parent",
        "/contact/",
    ):
        stranger.get(address)
        assert stranger.path.startswith("/login"), address


def test_nothing_changes_by_get(app: Flask, edf: int) -> None:
    browser, before = browser_of(app, "administrateur"), state(app)
    for address, fields in writes(edf, contact_ids(app, edf)[1], port_of(app)):
        if address.split("/")[2] in ("new", "edit"):
            continue
        browser.get(address, query_string=fields)
        assert browser.status == 405, address
    browser.get(f"/client/deactivate/?id={edf}&with_contacts=1")
    browser.get(f"/client/activate/?id={edf}")
    browser.get("/client/new/?name=Engie&contacts-0-email=a@b.fr")
    browser.get(f"/client/edit/?id={edf}&name=Pris")
    assert state(app) == before


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(app: Flask, edf: int) -> None:
    browser = browser_of(app, "gestionnaire")
    browser.get(f"/client/edit/?id={edf}")
    change_account(app, "gestionnaire@office.example", role="lecture")
    before = state(app)
    browser.submit("#record", name="Pris")
    assert row(app, Client, edf)["name"] == "EDF"
    assert state(app) == before
