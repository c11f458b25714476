"""The trash: what was removed, whatever it was, and the way back; nothing that came back or is too old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.activity.models import Entry
from backoffice.clients.models import Contact
from backoffice.core import undoing
from backoffice.core.audit import Fact
from backoffice.core.db import db
from backoffice.events.models import Event
from tests.clients.cast import add_client, browser_of, contact_ids, row, rows
from tests.clients.test_query_counts import counted
from tests.conftest import on_sqlite_only
from tests.history.cast import words
from tests.web import Browser


def lying(browser: Browser, about: str = "") -> list[str]:
    """The names of what lies in the trash, the latest first."""
    browser.get(f"/trash/?about={about}")
    return [words(tag) for tag in browser.page.select(".trash .line strong")]


def restore_first(browser: Browser) -> None:
    browser.get(str(browser.page.select(".trash .line a.btn")[0]["href"]))
    browser.submit(".undo form")


def test_all_kinds_lie_in_one_trash_and_come_back_from_it(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", contacts=[{"email": "claire@edf.fr", "last_name": "Roy"}])
    double = add_client(app, "Doublon", "double@edf.fr", addresses=[{"label": "Dépôt"}])
    browser, claire = browser_of(app, "gestionnaire", "Alice Martin"), contact_ids(app, client)[1]
    browser.get(f"/event/new/?client={client}")
    browser.submit("#record", name="Gala", starts_on="2031-05-01")
    event = rows(app, Event)[0]
    browser.get(f"/note/new/?client={client}")
    browser.submit("#record", body="Rappeler")
    entry = rows(app, Entry)[0]
    browser.post("/entry/remove/", {"id": entry["id"]})
    browser.post("/event/delete/", {"id": event["id"]})
    browser.post("/contact/delete/", {"id": claire})
    browser.post("/client/delete/", {"id": double})

    assert lying(browser) == ["Doublon", "Roy", "Gala", "Rappeler"]
    assert lying(browser, "contact") == ["Roy"]
    assert "Contacts · EDF supprimé par Alice Martin, aujourd’hui" in browser.text
    for left in (["Roy", "Gala", "Rappeler"], ["Gala", "Rappeler"], ["Rappeler"], []):
        lying(browser)
        restore_first(browser)
        assert lying(browser) == left

    assert row(app, Contact, claire)["last_name"] == "Roy"
    assert rows(app, Event) == [event | {"version": event["version"] + 1}]
    assert row(app, Entry, entry["id"])["removed_at"] is None
    assert contact_ids(app, double) != []
    browser.get(f"/client/details/?id={client}")
    assert "Gala" in browser.text


def test_each_sees_what_they_could_delete(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", contacts=[{"email": "claire@edf.fr"}])
    admin = browser_of(app, "administrateur")
    admin.get("/")
    admin.get(f"/note/new/?client={client}")
    admin.submit("#record", body="À moi")
    admin.post("/entry/remove/", {"id": rows(app, Entry)[0]["id"]})
    admin.post("/contact/delete/", {"id": contact_ids(app, client)[1]})
    admin.post("/source/delete/", {"id": 1})

    names = {"administrateur": lying(admin)} | {
        role: lying(browser_of(app, role)) for role in ("gestionnaire", "support", "lecture")
    }

    assert len(names["administrateur"]) == 3
    assert names["gestionnaire"] == ["claire@edf.fr"]
    assert names["support"] == names["lecture"] == []
    assert browser_of(app, "support", "Sam Roy").get("/").select("a[href='/trash/']") == []


def test_after_thirty_days_nothing_comes_back(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", contacts=[{"email": "claire@edf.fr"}])
    browser = browser_of(app, "gestionnaire")
    browser.get("/")
    browser.post("/contact/delete/", {"id": contact_ids(app, client)[1]})
    with app.app_context():
        action = db.session.scalar(select(Fact.action).order_by(Fact.id.desc()))
    monkeypatch.setattr(undoing, "TRASH", timedelta(0))

    assert lying(browser) == []
    browser.post("/undo/", {"action": action})

    assert browser.status == 409
    assert "il y a plus de trente jours" in browser.text
    assert len(contact_ids(app, client)) == 1


@on_sqlite_only
def test_many_removed_records_are_paged_and_cost_no_more_queries(app: Flask) -> None:
    client = add_client(app, "EDF", contacts=[{"email": f"c{n}@edf.fr"} for n in range(45)])
    browser, ids = browser_of(app, "gestionnaire"), contact_ids(app, client)[1:]
    browser.get("/")
    browser.post("/contact/delete/", {"id": ids.pop()})
    with counted(app) as few:
        lying(browser)
    for id_ in ids:
        browser.client.post("/contact/delete/", data={"id": id_, "csrf_token": browser.csrf_token})

    with counted(app) as many:
        first = lying(browser)

    assert len(many) <= len(few) <= 8, many
    assert len(first) == 40
    browser.get(str(browser.page.select("a[rel=next]")[0]["href"]))
    assert len(browser.page.select(".trash .line")) == 5
