"""Support moves the switch of a client and nothing else; who only reads changes nothing."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.clients.models import Client
from tests.clients.cast import add_client, add_clients, browser_of, contact_ids, row, state


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", contacts=[{"email": "luc@edf.example"}], addresses=[{"label": "Dépôt"}])


def attempts(app: Flask, edf: int) -> dict[str, dict[str, object]]:
    other = contact_ids(app, edf)[1]
    return {
        "/client/new/": {"name": "Neuf", "contacts-0-email": "n@neuf.example"},
        f"/client/edit/?id={edf}": {"name": "Autre", "is_active": "0"},
        "/client/delete/": {"id": edf},
        "/contact/star/": {"id": other},
        "/contact/deactivate/": {"id": other},
        f"/contact/edit/?id={other}": {"first_name": "Autre"},
        "/contact/delete/": {"id": other},
        "/address/default/": {"client": edf},
        "/address/delete/": {"id": 1},
        "/companytype/delete/": {"id": 1},
        "/settings/edit/?id=1": {"company_name": "Nous"},
        "/user/edit/?id=1": {"role": "administrateur"},
    }


@pytest.mark.parametrize("role", ["lecture", "support"])
def test_whatever_else_is_posted_is_refused_whole(app: Flask, edf: int, role: str) -> None:
    browser = browser_of(app, role)
    before = state(app)
    for path, fields in attempts(app, edf).items():
        browser.get(f"/client/details/?id={edf}")
        browser.post(path, fields)
        assert browser.status == 403, path
    assert state(app) == before


def test_support_moves_the_switch_and_with_anything_beside_it_is_refused_whole(app: Flask, edf: int) -> None:
    browser = browser_of(app, "support")
    before = state(app)
    browser.get(f"/client/deactivate/?id={edf}")
    browser.post("/client/deactivate/", {"id": edf, "name": "Autre", "is_active": "0"})
    assert browser.status == 400
    assert state(app) == before

    browser.get(f"/client/deactivate/?id={edf}")
    browser.submit("form:has([name=with_contacts])")
    assert not row(app, Client, edf)["is_active"]
    browser.post("/client/activate/", {"id": edf})
    assert row(app, Client, edf)["is_active"]


def test_who_only_reads_moves_no_switch_and_is_offered_none(app: Flask, edf: int) -> None:
    browser = browser_of(app, "lecture")
    browser.get("/client/")
    assert "Désactiver" not in browser.text
    browser.get(f"/client/details/?id={edf}")
    assert "Désactiver" not in browser.text
    browser.post("/client/deactivate/", {"id": edf})
    assert browser.status == 403
    assert row(app, Client, edf)["is_active"]


def test_the_choice_of_a_parent_is_capped_and_leaves_inactive_clients_out(app: Flask) -> None:
    add_clients(app, [{"name": f"Groupe {n}", "email": f"g{n}@groupe.example"} for n in range(25)])
    add_client(app, "Groupe Ancien", is_active=False)
    browser = browser_of(app)
    browser.get("/client/ajax/lookup/?name=parent&q=groupe&limit=100000")
    offered = browser.response.get_json()
    assert len(offered) == 20
    assert "Groupe Ancien" not in [label for _id, label in offered]
