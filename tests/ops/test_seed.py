"""Made-up clients in bulk: right, the same again, whole or not at all, beside whatever is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from multiprocessing import active_children
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, delete, func, select, text, update

from backoffice.activity.models import Entry
from backoffice.activity.services import check_entry
from backoffice.clients import happening, services
from backoffice.clients.models import Address, Client, Contact
from backoffice.clients.search import KIND
from backoffice.core import search_text
from backoffice.core.audit import SYSTEM, Fact, act_as
from backoffice.core.db import db, for_writing
from backoffice.core.problems import errors
from backoffice.core.search_text import SearchText
from backoffice.core.validators.siren import clean_siren
from backoffice.events.models import Event
from backoffice.events.services import check_event
from backoffice.lookups.models import Source
from backoffice.ops import seed as command
from backoffice.ops.seeding import sharing
from backoffice.ops.seeding.plan import NUMBERS, Plan, id_with, luhn_key, siren_of
from tests.conftest import on_sqlite_only
from tests.users.people import make_user

MODELS = (Client, Contact, Address, SearchText)


@pytest.fixture
def seeded(app: Flask) -> Iterator[Plan]:
    with app.app_context():
        yield command.fill(db.engine, 60)


def rows(model: Any) -> list[Any]:
    table: Table = model.__table__
    return [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_clients_come_with_contacts_addresses_and_search_texts(seeded: Plan) -> None:
    assert [count(model) for model in MODELS] == [60, 96, 45, 60]


def test_every_seeded_client_passes_the_rules_of_the_form(seeded: Plan) -> None:
    for client in db.session.scalars(select(Client)):
        assert errors(services.check_client(db.session(), client)) == []
    assert not db.session.dirty  # and everything stands there in the form in which it is stored


@pytest.fixture
def lively(app: Flask) -> Iterator[Plan]:
    """Seeded with somebody there who writes what happens."""
    make_user(app, "claire@office.example")
    with app.app_context():
        yield command.fill(db.engine, 60)


def test_some_clients_have_events_and_some_entries_that_pass_the_rules(lively: Plan) -> None:
    events, entries = db.session.scalars(select(Event)).all(), db.session.scalars(select(Entry)).all()

    assert (len(events), len(entries)) == (12, 30)
    assert {entry.kind for entry in entries} == {"note", "call", "task"}
    for event in events:
        assert errors(check_event(event)) == []
        assert event.name_key == Event(name=event.name).name_key
        assert event.amount_excl_tax is not None
        assert 500 <= event.amount_excl_tax <= 40_000
    for entry in entries:
        assert errors(check_entry(db.session(), entry, entry.at.date())) == []
        assert entry.event is None or entry.event.client_id == entry.client_id
        assert entry.contact is None or entry.contact.client_id == entry.client_id


def test_the_last_activity_is_that_which_the_clients_find_themselves(lively: Plan) -> None:
    kept = last_activities()
    db.session.rollback()
    with for_writing():
        for client_id in kept:
            happening.read_again(db.session(), client_id)
        found = last_activities()

    assert kept == found


def last_activities() -> dict[int, datetime]:
    found = db.session.execute(select(Client.id, Client.last_activity_at))
    return {row.id: row.last_activity_at for row in found}


def test_without_anybody_to_write_them_there_are_no_entries(seeded: Plan) -> None:
    assert (count(Event), count(Entry)) == (12, 0)


def test_the_kept_keys_are_those_that_the_models_make(seeded: Plan) -> None:
    for client in db.session.scalars(select(Client)):
        made = Client(name=client.name, city=client.city, website=client.website)
        assert (client.name_key, client.city_key) == (made.name_key, made.city_key)
        assert client.website_key == made.website_key
        for contact in client.contacts:
            same = Contact(email=contact.email, first_name=contact.first_name, last_name=contact.last_name)
            assert (contact.name_key, contact.email_key) == (same.name_key, same.email_key)


def test_the_search_texts_are_those_that_the_search_composes(seeded: Plan) -> None:
    kept = {id_: sorted(words.split()) for _kind, id_, words in rows(SearchText)}
    with for_writing():
        db.session.rollback()
        search_text.rebuild(db.session(), KIND, list(kept))
        rebuilt = {id_: sorted(words.split()) for _kind, id_, words in rows(SearchText)}

    assert kept == rebuilt


def test_a_main_contact_belongs_to_its_client_and_is_active_as_it_is(seeded: Plan) -> None:
    for client in db.session.scalars(select(Client)):
        assert client.main_contact.client_id == client.id
        assert client.main_contact.is_active or not client.is_active
        assert (client.deactivated_at is None) == client.is_active
        assert client.billing_address is None or client.billing_address.client_id == client.id


def test_the_whole_is_one_fact(seeded: Plan) -> None:
    facts = db.session.scalars(select(Fact)).all()

    assert [(fact.field, fact.after["clients"], fact.via) for fact in facts] == [("seed", 60, "command")]


def test_no_index_and_no_key_is_lost(app: Flask) -> None:
    with app.app_context():
        before = structure()
        command.fill(db.engine, 20)

        assert structure() == before


def structure() -> list[Any]:
    """Every table, index and key, as the engine itself describes it."""
    statements = {
        "sqlite": ["SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"],
        "postgresql": [
            "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint",
        ],
    }
    db.session.rollback()
    return [
        sorted(map(repr, db.session.execute(text(statement))))
        for statement in statements[db.engine.dialect.name]
    ]


def test_a_second_seed_goes_on_behind_the_first(seeded: Plan) -> None:
    more = command.fill(db.engine, 300)

    assert (more.first_client, more.first_contact) == (seeded.last_client + 1, seeded.last_contact + 1)
    assert count(Client) == 360


def test_after_a_seed_people_can_create_clients(seeded: Plan) -> None:
    client = enter(Client(name="Nouveau", addresses=[Address(label="Dépôt")]))

    assert client.id == seeded.last_client + 1


def enter(client: Client) -> Client:
    with for_writing():
        act_as(db.session(), SYSTEM, "test")
        client.contacts = [Contact(email="quelqu.un@exemple.fr")]
        services.begin(client, SYSTEM)
        db.session.add(client)
        db.session.commit()
    return client


def test_ids_of_deleted_clients_whose_history_is_known_are_not_given_again(seeded: Plan) -> None:
    with for_writing():
        act_as(db.session(), SYSTEM, "test")
        db.session.delete(db.session.get(Client, seeded.last_client))
        db.session.commit()

    assert command.fill(db.engine, 20).first_client == seeded.last_client + 1


def test_the_siren_of_a_company_that_is_there_is_not_given_again(app: Flask) -> None:
    siren = siren_of(5)
    office = f"{siren}0001"
    with app.app_context():
        enter(Client(name="Déjà là", siren=siren, siret=office + luhn_key(office)))
        plan = command.fill(db.engine, 40)

        assert plan.without_siren == {5}
        assert list(db.session.scalars(select(Client.name).where(Client.siren == siren))) == ["Déjà là"]


def test_inactive_choices_are_not_given(app: Flask) -> None:
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        kept, *others = db.session.scalars(select(Source).order_by(Source.id))
        for other in others:
            other.is_active = False
        db.session.commit()
        command.fill(db.engine, 60)

        assert set(db.session.scalars(select(Contact.source_id))) == {kept.id, None}


def test_the_same_seed_makes_the_same_clients() -> None:
    assert made(Plan(60)) == made(Plan(60))
    assert made(Plan(60)) != made(Plan(60, random_seed=2))


def made(plan: Plan, processes: int = 0) -> list[Any]:
    return list(sharing.chunks(plan, processes))


def test_processes_that_share_the_work_make_what_one_makes() -> None:
    plan = Plan(100, chunk=20, engine="postgresql")

    assert made(plan, processes=2) == made(plan)


def test_processes_end_when_nobody_fetches_their_work() -> None:
    with closing(sharing.chunks(Plan(50_000), 1)) as chunks:
        next(chunks)

    assert active_children() == []


def test_what_is_interrupted_leaves_everything_as_it_was(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(plan: Plan, processes: int) -> Iterator[Any]:
        yield from chunks(plan, processes)
        raise KeyboardInterrupt

    chunks = sharing.chunks
    with app.app_context():
        before = structure()
        monkeypatch.setattr(sharing, "chunks", interrupted)
        result = app.test_cli_runner().invoke(args=["seed", "--clients", "20"])

        assert (result.exit_code, result.stdout) == (1, "")
        assert "Interrompu : rien n’a été changé." in result.stderr
        assert [count(model) for model in (*MODELS, Fact)] == [0, 0, 0, 0, 0]
        assert structure() == before


def test_an_e_mail_that_somebody_has_already_is_one_sentence_and_nothing_half(app: Flask) -> None:
    with app.app_context():
        command.fill(db.engine, 20)
        taken = db.session.scalars(select(Contact.email_key).where(Contact.client_id == 20)).first()
        with for_writing():
            db.session.rollback()
            for client_id in (19, 20):  # round the history, so that the ids are given again
                db.session.execute(delete(Client).where(Client.id == client_id))
            db.session.execute(update(Contact).where(Contact.id == 1).values(email_key=taken))
            db.session.commit()
        result = app.test_cli_runner().invoke(args=["seed", "--clients", "400"])

        assert (result.exit_code, result.stdout) == (1, "")
        assert "rien n’a été changé" in result.stderr.splitlines()[-1]
        assert count(Client) == 18


def test_the_command_says_what_it_has_made(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["seed", "--clients", "20", "--random-seed", "7"])

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("20 clients, 32 contacts et 15 adresses ajoutés")


@pytest.mark.parametrize("clients", ["0", "-5", "beaucoup", "1e6"])
@on_sqlite_only
def test_a_number_that_makes_no_sense_is_refused(app: Flask, clients: str) -> None:
    result = app.test_cli_runner().invoke(args=["seed", "--clients", clients])

    assert result.exit_code != 0
    assert "--clients" in result.stderr


@pytest.mark.parametrize("id_", [1, 2, 999_999, 1_000_000, NUMBERS - 1])
def test_every_id_has_a_siren_of_its_own(id_: int) -> None:
    assert clean_siren(siren_of(id_)) == siren_of(id_)
    assert id_with(siren_of(id_)) == id_
