"""One choice in the place of another: in every record, with its trace, and told to forms that are open."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backoffice.clients.models import Client, Contact
from backoffice.core.audit import SYSTEM, Fact, act_as
from backoffice.core.db import db, for_writing
from backoffice.lookups import replacing
from backoffice.lookups.models import CompanyType, Source
from tests.clients.cast import add_client, add_clients, browser_of, contact_ids, facts, notices, row, rows
from tests.clients.test_query_counts import counted
from tests.lookups.test_services import USES
from tests.web import Browser

ADA = "Ada Lovelace"
#: How many wait for this connection.
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


@pytest.fixture
def ada(app: Flask) -> Browser:
    return browser_of(app, "administrateur", name=ADA)


def all_of_fact(app: Flask, **where: Any) -> list[dict[str, Any]]:
    with app.app_context():
        found = db.session.scalars(select(Fact).filter_by(**where).order_by(Fact.id))
        hidden = {"id", "at", "action"}
        return [
            {key: value for key, value in vars(fact).items() if key[0] != "_" and key not in hidden}
            for fact in found
        ]


def wait_for(come: Callable[[], Any]) -> None:
    end = time.monotonic() + 10
    while not come():
        assert time.monotonic() < end
        time.sleep(0.01)


def replace(browser: Browser, table: str, old: int, new: object, **boxes: Any) -> None:
    browser.get(f"/{table}/replace/?id={old}")
    browser.submit("form:has([name=replacement])", replacement=new, **boxes)


def test_the_page_says_how_many_records_change_and_offers_the_other_active_choices(
    app: Flask, ada: Browser
) -> None:
    add_clients(app, [{"name": f"Société {number}", "type_id": 2} for number in range(3)])
    ada.get("/companytype/")
    ada.post("/companytype/deactivate/", {"id": "5"})
    ada.get("/companytype/replace/?id=2")
    assert "3 fiches portent « Prospect »." in ada.text
    options = ada.page.select("select[name=replacement] option")
    assert [option.get_text(strip=True) for option in options] == [
        "Choisir…",
        "Client",
        "Partenaire",
        "Organisme public",
    ]
    assert ada.page.select("input[name=deactivate][checked]")


def test_every_record_holds_the_other_and_leaves_the_fact_that_its_form_would(
    app: Flask, ada: Browser
) -> None:
    by_form, in_bulk, other = (
        add_client(app, name, type_id=type_) for name, type_ in (("A", 2), ("B", 2), ("C", 4))
    )
    ada.get(f"/client/edit/?id={by_form}")
    ada.submit("#record", type="3")
    untouched = row(app, Client, other)
    replace(ada, "companytype", 2, 3)
    assert "1 fiche porte maintenant « Partenaire » au lieu de « Prospect »." in notices(ada)
    assert row(app, Client, in_bulk)["type_id"] == 3
    assert row(app, Client, in_bulk)["version"] == 2
    assert row(app, Client, other) == untouched
    (formal,), (bulk,) = (
        all_of_fact(app, entity="client", field="type_id", operation="update", entity_id=id_)
        for id_ in (by_form, in_bulk)
    )
    assert bulk == formal | {"entity_id": in_bulk, "owner_id": in_bulk}


def test_the_facts_of_contacts_stand_in_the_history_of_their_client(app: Flask, ada: Browser) -> None:
    people = [{"email": "paul@edf.fr", "source_id": 1}, {"email": "zoe@edf.fr", "source_id": 2}]
    edf = add_client(app, "EDF", contacts=people, main={"source_id": 1})
    main, paul, zoe = contact_ids(app, edf)
    before = row(app, Client, edf)["version"]
    replace(ada, "source", 1, 3)
    assert [row(app, Contact, id_)["source_id"] for id_ in (main, paul, zoe)] == [3, 3, 2]
    told = all_of_fact(app, entity="contact", operation="update")
    assert [
        (fact["entity_id"], fact["owner"], fact["owner_id"], fact["before"], fact["after"]) for fact in told
    ] == [
        (main, "client", edf, 1, 3),
        (paul, "client", edf, 1, 3),
    ]
    assert {fact["actor_name"] for fact in told} == {ADA}
    assert facts(app, "client", edf) == []
    assert row(app, Client, edf)["version"] == before + 1
    assert row(app, Contact, zoe)["version"] == 1


@pytest.mark.parametrize(("model", "used_by"), USES, ids=[model.__tablename__ for model, _ in USES])
def test_it_works_in_every_table_and_leaves_a_row_that_can_go(
    app: Flask, ada: Browser, model: Any, used_by: Any
) -> None:
    table = model.__name__.lower()
    add_client(app, "EDF", **used_by(2))
    replace(ada, table, 2, 3)
    assert "ne sert nulle part" in ada.text
    assert row(app, model, 2)["is_active"] is False
    ada.submit(f"form[action^='/{table}/delete/']")
    assert rows(app, model, id=2) == []
    changes = [(fact["before"], fact["after"]) for fact in all_of_fact(app, operation="update")]
    assert changes.count((2, 3)) == 1


def test_a_default_hands_its_place_on(app: Flask, ada: Browser) -> None:
    add_client(app, "EDF", type_id=1)
    ada.get("/companytype/replace/?id=1")
    assert "est proposé par défaut : son remplaçant le sera à sa place." in ada.text
    replace(ada, "companytype", 1, 2, deactivate=True)
    old, new = row(app, CompanyType, 1), row(app, CompanyType, 2)
    assert (old["is_default"], old["is_active"], new["is_default"]) == (False, False, True)


def test_the_replaced_choice_may_stay_offered(app: Flask, ada: Browser) -> None:
    add_client(app, "EDF", type_id=2)
    replace(ada, "companytype", 2, 3, deactivate=False)
    assert row(app, CompanyType, 2)["is_active"] is True


@pytest.mark.parametrize(
    "sent", ["", "2", "5", "99", "x", "²"], ids=["none", "itself", "inactive", "foreign", "x", "²"]
)
def test_what_cannot_be_chosen_is_refused_beside_its_field_and_changes_nothing(
    app: Flask, ada: Browser, sent: str
) -> None:
    edf = add_client(app, "EDF", type_id=2)
    ada.get("/companytype/")
    ada.post("/companytype/deactivate/", {"id": "5"})
    before, told = row(app, Client, edf), all_of_fact(app)
    ada.get("/companytype/replace/?id=2")
    ada.post("/companytype/replace/?id=2", {"replacement": sent})
    assert ada.error_of("replacement") == "Choisissez dans la liste le choix à mettre à la place."
    assert ada.page.select("input[name=deactivate][checked]") == []
    assert row(app, Client, edf) == before
    assert all_of_fact(app) == told


@pytest.mark.parametrize("kind", ["client", "contact"])
def test_a_form_opened_before_is_told(app: Flask, ada: Browser, kind: str) -> None:
    edf = add_client(app, "EDF", type_id=2, main={"source_id": 1})
    writer = browser_of(app)
    record = edf if kind == "client" else contact_ids(app, edf)[0]
    for table, old in (("companytype", 2), ("source", 1)):
        writer.get(f"/{kind}/edit/?id={record}")
        if (kind, table) == ("contact", "companytype"):
            continue
        replace(ada, table, old, 3)
        writer.submit("#record")
        assert writer.status == 409, (kind, table)
        assert f"{ADA} a modifié cette fiche" in writer.text


def test_the_choice_of_a_refused_removal_leads_to_its_replacement(app: Flask, ada: Browser) -> None:
    add_client(app, "EDF", type_id=2)
    ada.get("/companytype/")
    ada.post("/companytype/delete/", {"id": "2"})
    link = ada.page.select_one(".notice a")
    assert link is not None
    assert link["href"] == "/companytype/replace/?id=2"


def test_a_choice_that_is_gone_is_a_404(ada: Browser) -> None:
    ada.get("/companytype/")
    for odd in ("99", "x", ""):
        assert ada.client.get(f"/companytype/replace/?id={odd}").status_code == 404
    ada.post("/companytype/replace/?id=99", {"replacement": "1"})
    assert ada.status == 404


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("chosen", "waits"), [(2, True), (3, False)], ids=["old", "new"])
def test_meanwhile_the_replacement_may_be_chosen_and_what_it_replaces_waits(
    app: Flask, chosen: int, waits: bool
) -> None:
    """Were it otherwise, who chooses the replacement in a record still to change would be caught in a deadlock."""
    edf = add_client(app, "EDF", type_id=1)
    with app.app_context(), for_writing(), Session(db.engine) as admin, Session(db.engine) as writer:
        act_as(admin, SYSTEM, "test")
        replacing.replace(admin, CompanyType, 2, 3, deactivate=True)
        writer.execute(text("SET LOCAL lock_timeout = 300"))
        change = update(Client).where(Client.id == edf).values(type_id=chosen)
        if waits:
            with pytest.raises(OperationalError, match="lock timeout"):
                writer.execute(change)
        else:
            writer.execute(change)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_it_waits_for_a_client_that_is_being_saved_without_holding_up_the_choices_of_its_contacts(
    app: Flask, ada: Browser
) -> None:
    """Were it otherwise, the two would wait for one another, and one of them be thrown out."""
    edf = add_client(app, "EDF", main={"source_id": 1}, contacts=[{"email": "luc@edf.example"}])
    with app.app_context(), for_writing(), Session(db.engine) as saved, ThreadPoolExecutor(1) as beside:
        saved.execute(update(Client).where(Client.id == edf).values(name="EDF SA"))
        replaced = beside.submit(replace, ada, "source", 1, 3)
        wait_for(lambda: saved.scalar(text(WAITING)))
        saved.execute(text("SET LOCAL lock_timeout = 300"))
        saved.execute(update(Contact).where(Contact.email == "luc@edf.example").values(source_id=1))
        saved.commit()
        replaced.result(10)

    assert ada.status == 200
    assert {contact["source_id"] for contact in rows(app, Contact, client_id=edf)} == {3}


def test_no_record_is_loaded(app: Flask, ada: Browser) -> None:
    """The same few statements whatever the number of records."""
    costs = []
    for source, number in ((1, 2), (2, 40)):
        add_clients(
            app, [{"name": f"Société {source} {n}", "main": {"source_id": source}} for n in range(number)]
        )
        ada.get(f"/source/replace/?id={source}")
        with counted(app) as sent:
            ada.post(f"/source/replace/?id={source}", {"replacement": "3"})
        costs.append(len(sent))
    assert costs[0] == costs[1]
    assert len(rows(app, Contact, source_id=3)) == 42
    assert len(rows(app, Source)) == 7
