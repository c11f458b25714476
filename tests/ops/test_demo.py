"""The cast's clients, entered through the rules, once."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backoffice.clients import completing, queries, services
from backoffice.clients.models import Client, ClientVisit, Contact
from backoffice.core.audit import SYSTEM, Fact
from backoffice.core.db import db, now
from backoffice.core.problems import warnings
from backoffice.core.search_index import Search
from backoffice.emails.models import Email
from backoffice.events.models import Event
from backoffice.lookups.models import OfficeSettings
from backoffice.ops.cast import USERS, Company
from backoffice.ops.cast_clients import CLIENTS
from backoffice.ops.cast_dates import ENTERED
from backoffice.ops.cast_events import EVENTS
from backoffice.ops.demo import load
from backoffice.users.models import User
from backoffice.users.rights import ROLES
from backoffice.users.services import new_setup_link
from tests.clients.cast import browser_of, rows
from tests.conftest import on_sqlite_only
from tests.users.people import PASSWORD
from tests.web import Browser


def run(app: Flask) -> str:
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 0, result.output
    return str(result.stdout)


def named(name: str) -> Client:
    return db.session.scalars(select(Client).where(Client.name == name)).one()


def test_the_demo_adds_forty_clients_and_run_twice_no_more(app: Flask) -> None:
    assert "40 ajoutés" in run(app)
    with app.app_context():
        facts = db.session.scalar(select(func.count(Fact.id)))
        assert db.session.scalar(select(func.count(Client.id))) == 40

        assert "0 ajoutés" in run(app)
        assert db.session.scalar(select(func.count(Client.id))) == 40
        assert db.session.scalar(select(func.count(Fact.id))) == facts


def test_what_was_changed_since_stays_as_it_is(session: Any) -> None:
    load(session, SYSTEM)
    client = named("Studio Kim")
    client.name = "Studio Kim & Cie"
    session.flush()

    assert load(session, SYSTEM) == 0
    assert client.name == "Studio Kim & Cie"


def test_the_demo_writes_facts_and_search_texts_like_a_person(session: Any) -> None:
    load(session, SYSTEM)
    session.commit()
    client = named("Brasserie du Canal")

    found = session.scalars(Search("client", "lefev bras").ids).all()
    assert found == [client.id]
    assert (
        session.scalar(select(Fact.after).where(Fact.owner_id == client.id, Fact.field == "name"))
        == client.name
    )


def test_the_clients_stand_in_all_their_states(session: Any) -> None:
    load(session, SYSTEM)
    brasserie, bookshop, cinema = map(
        named, ("Brasserie du Canal", "Librairie des Abbesses", "Cinéma Le Rex")
    )

    assert brasserie.billing_address is not None
    assert (brasserie.siren, str(brasserie.payment_term)) == ("999424450", "45 jours nets")
    assert named("Glaces Fontanel").parent is named("Fontanel Chocolats")
    assert not bookshop.is_active
    assert [contact.left_with_client for contact in bookshop.contacts] == [True, True]
    assert [contact.left_with_client for contact in cinema.contacts] == [True, False]
    assert named("Rhums Bellemare").phone == "+596596601200"
    assert named("Hudson Events, Inc.").country == "US"


def test_the_clients_came_over_a_year_and_were_entered_by_several_people(session: Any) -> None:
    load(session, SYSTEM)
    clients = session.scalars(select(Client)).all()

    ages = {client.name: (now() - client.created_at).days for client in clients}
    assert all(0 < age < 335 for age in ages.values())
    assert max(ages, key=lambda name: ages[name]) == "Brasserie du Canal"
    assert len({client.created_at.strftime("%Y-%m") for client in clients}) >= 11
    assert {client.created_by for client in clients} == {"Claire Vasseur", "Bastien Morel"}
    assert all(contact.created_at == client.created_at for client in clients for contact in client.contacts)


def test_whoever_is_inactive_is_so_since_a_day_and_by_somebody(session: Any) -> None:
    load(session, SYSTEM)
    gone = session.scalars(select(Client).where(~Client.is_active)).all()

    assert {client.name: client.deactivated_by for client in gone} == {
        "Fontanel Logistique": "Bastien Morel",
        "Librairie des Abbesses": "Samira Haddad",
        "Cinéma Le Rex": "Samira Haddad",
        "Salle des fêtes de Brou": "Claire Vasseur",
    }
    assert all(client.created_at < client.deactivated_at < now() for client in gone)


def test_records_lack_what_the_dashboard_counts_and_nobody_has_opened_any(session: Any) -> None:
    load(session, SYSTEM)

    for kind in completing.LACKS:
        assert 0 < len(session.scalars(select(Client.id).where(queries.lacks(kind))).all()) < 20
    assert session.scalars(select(ClientVisit)).all() == []


def test_one_client_has_more_contacts_than_a_card_shows_at_once(session: Any) -> None:
    load(session, SYSTEM)
    contacts = named("Zénith de Limoges").contacts

    assert len(contacts) == 15
    assert [contact.is_active for contact in contacts].count(False) == 2


def test_where_the_story_says_that_something_warns_it_warns(session: Any) -> None:
    load(session, SYSTEM)
    for name, field in {"Torrefazione Bianchi": "vat_number", "Prospect du salon": "street"}.items():
        problems = warnings(services.check_client(session(), named(name)))
        assert field in [problem.field for problem in problems]


def test_a_client_whose_siret_somebody_has_by_now_is_left_out(session: Any) -> None:
    client = Client(
        name="Déjà là", siren="999424450", siret="99942445000016", contacts=[Contact(email="a@b.fr")]
    )
    services.begin(client, SYSTEM)
    session.add(client)
    session.flush()

    assert load(session, SYSTEM) == 39


def test_account_codes_begin_as_the_office_wants_it(session: Any) -> None:
    session.scalars(select(OfficeSettings)).one().account_prefix = "9C"
    load(session, SYSTEM)

    assert named("Studio Kim").account_code is None
    assert named("Brasserie du Canal").account_code == "9CBRASSERIE"


def test_the_set_up_page_adds_the_demo_when_wanted(app: Flask) -> None:
    with app.app_context():
        from backoffice.users.transactions import short_write

        with short_write(SYSTEM, via="command") as writing:
            token = new_setup_link(writing)
    browser = Browser(app)
    browser.get(f"/setup?token={token}")
    who = USERS[0]
    browser.submit("form:has([name=password])", email=who.email, password=PASSWORD, demo=True)

    assert browser.path == "/", browser.text
    with app.app_context():
        claire = db.session.scalars(select(User)).one()
        assert db.session.scalar(select(func.count(Client.id))) == 40
        assert set(db.session.scalars(select(Fact.actor_id).where(Fact.entity == "client"))) == {claire.id}


@on_sqlite_only
def test_the_command_adds_no_account(app: Flask) -> None:
    run(app)

    with app.app_context():
        assert db.session.scalars(select(User)).all() == []


def test_the_cast_has_one_colleague_for_each_role_and_a_story_for_each_client() -> None:
    assert sorted(user.role for user in USERS) == sorted(ROLES)
    assert len({company.name for company in CLIENTS}) == len(CLIENTS) == len(ENTERED) == 40


@pytest.mark.parametrize("company", CLIENTS, ids=lambda company: company.name[:30])
def test_everyone_in_the_cast_is_told_of(company: Company) -> None:
    entered = ENTERED[company.name]
    assert company.story.endswith(".")
    assert bool(company.left) == bool(entered.left_by)
    assert 0 <= entered.left_days_ago < entered.days_ago
    assert company.people[0].is_active


def test_the_events_of_the_cast_are_counted_from_today_and_loaded_once(session: Any) -> None:
    load(session, SYSTEM)
    events = list(session.scalars(select(Event)))

    assert len(events) == sum(map(len, EVENTS.values()))
    assert {event.status.label for event in events} == {"Option", "Confirmé", "Terminé", "Annulé"}
    assert any(event.starts_on > now().date() for event in events)
    assert all(event.created_at > event.client.created_at for event in events)
    assert all((event.starts_on > now().date()) == event.status.is_open for event in events)
    load(session, SYSTEM)
    assert session.scalar(select(func.count(Event.id))) == len(events)


@on_sqlite_only
def test_the_e_mails_of_the_cast_are_sent_and_kept_and_none_waits_for_the_worker(app: Flask) -> None:
    browser = browser_of(app, name="Bastien Morel")
    for _time in range(2):
        run(app)
    written = {email["subject"]: email for email in rows(app, Email)}
    assert sorted(email["state"] for email in written.values()) == ["logged", "sent", "sent"]
    assert "Bonjour Madame Lefèvre,\n" in written["Votre soirée des vingt ans"]["body"]
    kept = written["Re: Votre soirée des vingt ans"]
    browser.get(f"/email/message/?id={kept['id']}")
    assert "allergies.txt" in browser.text
    browser.get(f"/email/attachment/?id={kept['id']}&n=1")
    assert b"Arachides" in browser.response.data
