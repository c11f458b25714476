"""Clients that may be the one that is typed are found by name, SIREN, e-mail and web site."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.duplicates import Typed, likely
from backoffice.clients.models import Client
from backoffice.core.db import db
from tests.clients.cast import add_clients, change, row

CAST: list[dict[str, Any]] = [
    {"name": "Atelier Lefebvre"},
    {"name": "Ateliers Lefèvre", "is_active": False},
    {"name": "SAS Atelier Lefèvre"},
    {"name": "EDF", "siren": "552081317", "website": "https://www.edf.fr/pro", "email": "jeanne@edf.fr"},
    {"name": "Électricité de Strasbourg", "website": "http://edf.fr", "contacts": [{"email": "Paul@ES.fr"}]},
    {"name": "Page de Paul", "website": "https://www.facebook.com/paul"},
]


@pytest.fixture
def cast(app: Flask) -> dict[str, int]:
    ids = add_clients(app, CAST)
    return {str(values["name"]): id_ for values, id_ in zip(CAST, ids, strict=True)}


def found(app: Flask, **typed: object) -> dict[str, set[str]]:
    with app.app_context():
        answer = likely(db.session(), Typed(**typed))  # type: ignore[arg-type]
        by_likeness = {name: {client.name for client in clients} for name, clients in vars(answer).items()}
        return {name: names for name, names in by_likeness.items() if names}


def test_near_names_are_found_whatever_their_legal_form_spelling_or_state(
    app: Flask, cast: dict[str, int]
) -> None:
    near = {"Atelier Lefebvre", "Ateliers Lefèvre", "SAS Atelier Lefèvre"}
    assert found(app, name="Atelier Lefèvre") == {"near_name": near}
    assert found(app, name="ATELIER LEFEVRE SARL") == {"near_name": near}
    assert found(app, name="Boulangerie Martin") == {}
    assert found(app, name="A") == {}


def test_near_names_are_found_among_many_that_begin_alike(app: Flask, cast: dict[str, int]) -> None:
    add_clients(app, [{"name": f"Atelier {chr(97 + n % 26)}{n}"} for n in range(400)])
    assert "Atelier Lefebvre" in found(app, name="Atelier Lefèvre")["near_name"]


def test_the_same_siren_email_and_web_site_are_found(app: Flask, cast: dict[str, int]) -> None:
    assert found(app, siren="552 081 317") == {"same_siren": {"EDF"}}
    assert found(app, siret="552 081 317 66522") == {"same_siren": {"EDF"}}
    assert found(app, emails=["paul@es.fr", "nobody@es.fr"]) == {"same_email": {"Électricité de Strasbourg"}}
    assert found(app, website="edf.fr/contact") == {"same_website": {"EDF", "Électricité de Strasbourg"}}


def test_each_client_is_named_once_and_the_one_that_is_edited_never(app: Flask, cast: dict[str, int]) -> None:
    typed = {"name": "EDF", "siren": "552081317", "website": "edf.fr", "emails": ["jeanne@edf.fr"]}
    assert found(app, **typed) == {"same_siren": {"EDF"}, "same_website": {"Électricité de Strasbourg"}}
    assert found(app, **typed, id=cast["EDF"]) == {"same_website": {"Électricité de Strasbourg"}}


def test_a_host_that_many_companies_share_is_no_likeness(app: Flask, cast: dict[str, int]) -> None:
    assert found(app, website="https://facebook.com/other") == {}


def test_what_is_unsound_is_not_asked_for(app: Flask, cast: dict[str, int]) -> None:
    assert (
        found(app, name="\x00", siren="12", siret="x", website="javascript:1", emails=["@", "\x00@x.fr"])
        == {}
    )


def test_the_host_of_a_web_site_follows_it(app: Flask, cast: dict[str, int]) -> None:
    assert row(app, Client, cast["EDF"])["website_key"] == "edf.fr"
    change(app, Client, cast["EDF"], website="https://edf.com:8443/x")
    assert row(app, Client, cast["EDF"])["website_key"] == "edf.com"
    change(app, Client, cast["EDF"], website=None)
    assert row(app, Client, cast["EDF"])["website_key"] is None
