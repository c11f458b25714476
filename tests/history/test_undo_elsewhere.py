"""Taking back what is no client: activity, lists of choices, settings; and what rights, forms and other records say."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.activity.models import Entry, Mention
from backoffice.clients.models import Address, Client, Contact
from backoffice.core import undoing
from backoffice.core.audit import Fact
from backoffice.core.db import db, now
from backoffice.events.models import Event
from backoffice.history import queries
from backoffice.lookups.models import CompanyType, OfficeSettings, Source
from backoffice.users.models import User
from tests.clients.cast import add_client, browser_of, contact_ids, row, rows, state
from tests.clients.together import at_once
from tests.conftest import on_sqlite_only
from tests.history.cast import history_of, undo_last, undo_links, whole
from tests.history.test_tab import change
from tests.races.replay import assert_history_tells_all
from tests.web import Browser


def latest(app: Flask, table: str) -> str:
    """The last action that touched a record of this table."""
    with app.app_context():
        found = db.session.scalar(select(Fact.action).where(Fact.entity == table).order_by(Fact.id.desc()))
    return str(found)


def take_back(browser: Browser, app: Flask, table: str) -> None:
    browser.get(f"/undo/?action={latest(app, table)}")
    browser.submit(".undo form")


def test_a_note_goes_back_to_its_words_and_when_it_was_new_into_the_trash(app: Flask) -> None:
    client = add_client(app, "EDF")
    browser = browser_of(app, "support", "Sam Roy")
    browser_of(app, "lecture", "Bob Noir")
    browser.get(f"/note/new/?client={client}")
    browser.submit("#record", body="Voir @Bob Noir")
    note = rows(app, Entry)[0]
    browser.get(f"/note/edit/?id={note['id']}")
    browser.submit("#record", body="Rien")
    assert rows(app, Mention) == []

    undo_last(browser, client)
    back = row(app, Entry, note["id"])
    assert (back["body"], back["removed_at"]) == ("Voir @Bob Noir", None)
    assert len(rows(app, Mention)) == 1
    history_of(browser, client)
    browser.get(str(undo_links(browser)[-1]["href"]))
    assert "« " not in browser.text.partition("Ce qui sera fait")[0]
    browser.submit(".undo form")

    assert row(app, Entry, note["id"])["removed_at"] is not None
    undo_last(browser, client)
    assert row(app, Entry, note["id"])["removed_at"] is None


def test_what_others_wrote_is_taken_back_by_who_may_edit_it(app: Flask) -> None:
    client = add_client(app, "EDF")
    sam, admin = browser_of(app, "support", "Sam Roy"), browser_of(app, "administrateur")
    sam.get(f"/task/new/?client={client}")
    sam.submit("#record", title="Rappeler", due_on="2031-05-01")
    task = rows(app, Entry)[0]["id"]
    other = browser_of(app, "support", "Eve Blanc")
    other.get(f"/undo/?action={latest(app, 'entry')}")
    assert other.status == 403

    sam.post("/task/done/", {"id": task})
    keeper = browser_of(app, "gestionnaire")
    take_back(keeper, app, "entry")
    assert row(app, Entry, task)["done_at"] is None
    history_of(other, client)
    assert undo_links(other) == []
    take_back(admin, app, "entry")
    assert row(app, Entry, task)["done_at"] is not None


def test_lists_and_settings_go_back_for_administrators(app: Flask) -> None:
    browser, types = browser_of(app, "administrateur"), rows(app, CompanyType)
    browser.get("/")
    chosen = next(kind for kind in types if not kind["is_default"])
    browser.post("/companytype/default/", {"id": chosen["id"]})
    take_back(browser, app, "company_type")
    browser.post("/companytype/deactivate/", {"id": chosen["id"]})
    take_back(browser, app, "company_type")
    browser.get(f"/companytype/edit/?id={chosen['id']}")
    browser.submit("#record", label="Autre nom")
    take_back(browser, app, "company_type")
    for kind in (*types, *(after := rows(app, CompanyType))):
        kind.pop("version")
    assert after == types

    browser.get("/settings/edit/?id=1")
    browser.submit("#record", company_name="Agence", city="Lyon")
    take_back(browser, app, "office_settings")
    assert row(app, OfficeSettings, 1)["city"] is None


def test_a_default_that_comes_back_leaves_the_place_to_the_new_one(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    browser.get("/")
    for source, act in ((1, "default"), (1, "delete"), (2, "default")):
        browser.post(f"/source/{act}/", {"id": source})
    with app.app_context():
        gone = select(Fact.action).where(Fact.entity == "source", Fact.operation == "delete")
        action = db.session.scalar(gone)

    browser.get(f"/undo/?action={action}")
    browser.submit(".undo form")

    assert "Un autre choix est proposé par défaut maintenant" in browser.text
    assert [found["id"] for found in rows(app, Source, is_default=True)] == [2]
    assert row(app, Source, 1)["label"]


def test_an_event_comes_back_though_whoever_had_it_has_left(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr")
    browser = browser_of(app, "gestionnaire")
    browser.get(f"/event/new/?client={client}")
    browser.submit("#record", name="Gala", starts_on="2031-05-01")
    (event,) = rows(app, Event)
    assert event["owner_id"] is not None
    browser.post("/event/delete/", {"id": event["id"]})
    change(app, User, event["owner_id"], active=False)

    take_back(browser_of(app, "administrateur"), app, "event")

    assert [found["id"] for found in rows(app, Event)] == [event["id"]]


def test_many_records_of_one_action_are_taken_back_at_once_and_the_page_stays_light(app: Flask) -> None:
    clients = [add_client(app, f"Société {n}") for n in range(45)]
    browser = browser_of(app, "administrateur")
    browser.get("/")
    browser.post("/client/deactivate/", {"id": clients})

    browser.get(f"/undo/?action={latest(app, 'client')}")
    assert "et 5 autres fiches" in browser.text
    assert len(browser.response.data) <= 60_000
    browser.submit(".undo form")
    browser.get("/history/?via=undo&about=client")
    assert len(browser.response.data) <= 60_000

    assert {found["is_active"] for found in rows(app, Client)} == {True}

    browser.post("/client/deactivate/", {"id": clients})
    undo_last(browser, clients[7])
    assert [found["id"] for found in rows(app, Client, is_active=True)] == [clients[7]]
    history_of(browser, clients[8])
    browser.get(str(undo_links(browser)[0]["href"]))
    assert "Le reste de cette action n’est pas repris." in browser.text
    browser.get(str(browser.page.select(".undo p.soft a")[0]["href"]))
    assert "« Active » est maintenant : Oui." in browser.text


def test_whoever_edits_and_whoever_takes_back_at_the_same_moment_leave_a_whole_history(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", city="Lyon", contacts=[{"email": "claire@edf.fr"}])
    alice, bob = (browser_of(app, "gestionnaire", name) for name in ("Alice Martin", "Bob Roy"))
    for turn in range(5):
        alice.get(f"/client/edit/?id={client}")
        alice.submit("#record", city=f"Ville {turn}", **{"contacts-1-job_title": f"Poste {turn}"})
        alice.get(f"/client/edit/?id={client}")
        action, bob_asks = latest(app, "client"), bob.get("/")
        assert bob_asks
        at_once(
            lambda: alice.submit("#record", city="Nice"),
            lambda: bob.post("/undo/", {"action": action}),  # noqa: B023
        )

        assert 409 in (alice.status, bob.status)
        assert {alice.status, bob.status} <= {200, 409}
        assert_history_tells_all(app)


def test_a_choice_that_replaced_another_everywhere_gives_its_place_back(app: Flask) -> None:
    clients = [add_client(app, f"Société {n}", main={"source_id": 1}) for n in range(3)]
    browser = browser_of(app, "administrateur")
    browser.get("/source/replace/?id=1")
    browser.submit("form:has([name=replacement])", replacement="2")
    assert {row(app, Contact, contact_ids(app, id_)[0])["source_id"] for id_ in clients} == {2}

    take_back(browser, app, "source")

    assert {row(app, Contact, contact_ids(app, id_)[0])["source_id"] for id_ in clients} == {1}
    assert row(app, Source, 1)["is_active"]


def test_a_billing_address_goes_with_the_pointer_to_it_and_comes_back(app: Flask) -> None:
    client = add_client(app, "EDF", street="1 rue A", postal_code="75001", city="Paris")
    browser, before = browser_of(app, "gestionnaire"), whole(app, client)
    browser.get(f"/client/edit/?id={client}")
    browser.submit("#record", billing_same_address=False, billing_street="2 rue B", billing_city="Lyon")
    after = whole(app, client)
    assert after["client"][0]["billing_address_id"] == rows(app, Address)[0]["id"]

    undo_last(browser, client)
    assert whole(app, client) == before
    undo_last(browser, client)
    assert whole(app, client) == after, browser.text


def test_a_form_that_was_opened_before_meets_what_was_taken_back(app: Flask) -> None:
    client = add_client(app, "EDF", city="Lyon")
    change(app, Client, client, city="Paris")
    browser, other = browser_of(app, "gestionnaire"), browser_of(app, "gestionnaire", "Luc Noir")
    other.get(f"/client/edit/?id={client}")

    undo_last(browser, client)
    other.submit("#record", name="E.D.F.")

    assert other.status == 409
    assert row(app, Client, client)["city"] == "Lyon"


def test_what_belonged_to_somebody_who_is_gone_waits_for_them(app: Flask) -> None:
    client = add_client(app, "EDF", contacts=[{"email": "claire@edf.fr", "source_id": 3}])
    browser, claire = browser_of(app, "administrateur"), contact_ids(app, client)[1]
    browser.get("/")
    browser.post("/contact/delete/", {"id": claire})
    contact = latest(app, "contact")
    browser.post("/source/delete/", {"id": 3})
    browser.post("/client/delete/", {"id": client})
    for lost, table in (("Client", "client"), ("Source", "source")):
        before = state(app)
        browser.get(f"/undo/?action={contact}")
        browser.submit(".undo form")
        assert browser.status == 409
        assert f"« {lost} » ne peut pas revenir" in browser.text
        assert state(app) == before
        take_back(browser, app, table)

    browser.get(f"/undo/?action={contact}")
    browser.submit(".undo form")

    assert contact_ids(app, client)[-1] == claire


@on_sqlite_only
@pytest.mark.parametrize("role", ["support", "gestionnaire"])
def test_what_nobody_takes_back_is_shown_to_administrators_alone(app: Flask, role: str) -> None:
    browser = browser_of(app, role)
    browser.get("/account/profile/")
    browser.submit("#record", first_name="Alicia")

    browser.get(f"/undo/?action={latest(app, 'user')}")

    assert browser.status == 403


@on_sqlite_only
def test_hostile_names_are_shown_as_text_wherever_something_is_taken_back(app: Flask) -> None:
    name = "<script>alert(1)</script> %(name)s {{7*7}}"
    client = add_client(app, name)
    browser = browser_of(app, "gestionnaire")
    browser.get("/")
    browser.post("/client/delete/", {"id": client})
    for address in ("/trash/", f"/undo/?action={latest(app, 'client')}"):
        browser.get(address)
        assert name in browser.text
        assert browser.page.select("main script") == []
    browser.submit(".undo form")
    assert f"Rétabli : {name}." in browser.text


def test_an_action_and_the_trash_are_read_by_their_index(app: Flask, engine: str) -> None:
    add_client(app, "EDF")
    with app.app_context():
        if engine == "postgresql":
            db.session.execute(text("SET enable_seqscan = off"))
        asked = {
            "ix_fact_action": queries.of_action("0" * 32, 10),
            "ix_fact_removed": queries.removed(
                {way: own for way in undoing.ways() if (own := way.trash(Keeper())) is not None}, now()
            )
            .order_by(Fact.at.desc(), Fact.id.desc())
            .limit(41),
        }
        for index, statement in asked.items():
            assert index in plan_of(statement, engine)


class Keeper:
    """Somebody who may do all."""

    id = 1

    def can(self, right: str) -> bool:
        return bool(right)


def plan_of(statement: object, engine: str) -> str:
    """How the database means to answer."""
    dialect = postgresql.dialect() if engine == "postgresql" else sqlite.dialect()  # type: ignore[no-untyped-call]
    compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]
    asking = "EXPLAIN " if engine == "postgresql" else "EXPLAIN QUERY PLAN "
    lines = db.session.execute(text(asking + str(compiled).replace(":", "\\:")))
    return "\n".join(str(line[-1]) for line in lines)
