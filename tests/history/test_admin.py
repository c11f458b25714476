"""The journal: every fact, for administrators; who came in and who was refused."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from backoffice.clients.models import Client
from backoffice.core.audit import Fact
from backoffice.core.db import db
from backoffice.users import services
from tests.clients.cast import add_client, browser_of
from tests.clients.test_query_counts import counted
from tests.conftest import AsRole, on_sqlite_only
from tests.history.cast import told
from tests.history.test_tab import change
from tests.users.people import PASSWORD, facts, make_user
from tests.web import Browser


def test_the_journal_tells_of_every_record_and_leads_to_it(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", city="Lyon")
    change(app, Client, client, city="Paris")
    browser = browser_of(app, "administrateur", "Alice Martin")

    browser.get("/history/?about=client")
    assert told(browser)[:2] == ["Luc Martin a modifié la société EDF", "système a créé la société EDF"]
    assert browser.page.select_one(f".told a[href='/client/details/?id={client}']")
    browser.get("/history/?who=77")
    assert told(browser) == ["Luc Martin a modifié la société EDF"]
    browser.get("/history/?via=worker")
    assert told(browser) == []
    browser.get("/history/?about=contact")
    assert told(browser) == ["système a ajouté le contact luc@edf.fr · EDF"]


@on_sqlite_only
@pytest.mark.parametrize("role", ["lecture", "support", "gestionnaire"])
def test_only_administrators_read_the_journal(as_role: AsRole, role: str) -> None:
    browser = as_role(role)
    browser.get("/history/")
    assert browser.status == 403
    assert browser.get("/").select("a[href='/history/']") == []


@on_sqlite_only
def test_days_are_those_of_the_office_and_a_wrong_one_is_said(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    browser.get("/history/?first=2020-01-01&last=2020-12-31")
    assert told(browser) == []
    browser.get("/history/?first=2020-01-01")
    assert told(browser)
    browser.get("/history/?first=hier&last=0001-01-01&about=nothing&via=x&who=x&after=x")
    assert browser.status == 200
    assert "Ce n'est pas une date" in browser.text
    assert told(browser)


def test_log_ins_refusals_and_unknown_addresses_stand_in_the_journal(app: Flask) -> None:
    make_user(app, "bob@exemple.fr", "lecture", first_name="Bob", last_name="Roy")
    bob = Browser(app)
    bob.log_in("bob@exemple.fr", "pas le bon mot de passe")
    bob.log_in("personne.secret@exemple.fr", "pas le bon mot de passe")
    bob.log_in("bob@exemple.fr", PASSWORD)
    bob.post("/logout")
    browser = browser_of(app, "administrateur")

    browser.get("/history/?about=sign_in")

    sentences = told(browser)
    for sentence in (
        "Bob Roy a fermé sa session",
        "Bob Roy a ouvert une session",
        "visiteur a essayé d’entrer avec une adresse inconnue",
        "visiteur a essayé d’entrer comme Bob Roy : mot de passe refusé",
    ):
        assert sentence in sentences
    assert "personne.secret" not in browser.text


@on_sqlite_only
def test_tries_with_unknown_addresses_fill_no_disk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_MOST_UNKNOWN_TRIES", 3)
    browser = Browser(app)
    for number in range(5):
        browser.log_in(f"inconnu{number}@exemple.fr", "pas le bon mot de passe")

    assert facts(app, "sign_in") == [("visiteur", "unknown")] * 3


def test_the_journal_pages_by_position_and_asks_as_often_for_many_facts(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    with counted(app) as few:
        browser.get("/history/")
    for number in range(30):
        change(app, Client, add_client(app, f"Société {number}", city="Lyon"), city="Paris")
    with app.app_context():
        number_of_facts = db.session.scalar(select(func.count()).select_from(Fact)) or 0

    with counted(app) as many:
        browser.get("/history/")
    assert len(many) <= len(few) + 1 <= 9, many
    first, pages = told(browser), 1
    seen = list(first)
    while (older := browser.page.select_one("a[rel=next]")) is not None:
        browser.get(str(older["href"]))
        seen += told(browser)
        pages += 1
    assert pages >= number_of_facts // 60
    assert len([line for line in seen if "a modifié la société" in line]) == 30
