"""Taking back: a field, an action over several records, an addition, a removal; and what forbids it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.clients.models import Address, Client, Contact
from backoffice.core.audit import Fact
from backoffice.core.db import db
from tests.clients.cast import add_client, browser_of, contact_ids, row, rows, state
from tests.clients.together import at_once
from tests.conftest import on_sqlite_only
from tests.history.cast import all_history, fields, history_of, undo_last, undo_links, whole, words
from tests.history.test_tab import change


def test_one_field_goes_back_after_a_question_and_that_can_be_taken_back_too(app: Flask) -> None:
    client = add_client(app, "EDF", city="Lyon")
    change(app, Client, client, city="Paris")
    browser = browser_of(app, "gestionnaire", "Alice Martin")
    history_of(browser, client)

    browser.get(str(undo_links(browser)[0]["href"]))
    assert fields(browser) == ["Ville : Paris → Lyon"]
    assert "Luc Martin a modifié la société EDF" in browser.text
    browser.submit(".undo form")

    assert browser.path.startswith(f"/client/details/?id={client}&tab=history")
    assert row(app, Client, client)["city"] == "Lyon"
    sentences = history_of(browser, client)
    assert sentences[0].startswith("Alice Martin a annulé ce qui avait été fait par Luc Martin")
    assert sentences[1] == "a changé « Ville » : Paris → Lyon"
    assert "annulé depuis" in words(browser.page.select(".told")[1])
    undo_last(browser, client)
    assert row(app, Client, client)["city"] == "Paris"


def test_a_deleted_client_comes_back_whole_under_its_ids(app: Flask) -> None:
    client = add_client(
        app,
        "Atelier Lefèvre",
        "luc@lefevre.fr",
        city="Lyon",
        contacts=[{"email": "claire@lefevre.fr", "last_name": "Vasseur"}],
        addresses=[{"label": "Facturation", "city": "Pau"}],
    )
    browser = browser_of(app, "gestionnaire")
    (address,) = rows(app, Address)
    browser.get(f"/client/details/?id={client}")
    browser.post("/address/default/", {"id": address["id"]})
    old_form = browser.get(f"/client/edit/?id={client}")
    before, past = whole(app, client), history_of(browser, client)
    browser.post("/client/delete/", {"id": client})
    assert rows(app, Client) == []

    browser.submit(".notice form")

    assert whole(app, client) == before
    assert browser.path == f"/client/details/?id={client}", browser.text
    assert all_history(browser, client)[-len(past) :] == past
    assert [found["id"] for found in rows(app, Client)] == [client]
    browser.get("/client/?search=vasseur")
    assert "Atelier Lefèvre" in browser.text
    browser.go_back(old_form, f"/client/edit/?id={client}")
    browser.submit("#record", city="Nice")
    assert browser.status == 409


def test_an_action_goes_back_as_a_whole_or_one_record_of_it_alone(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", contacts=[{"email": "claire@edf.fr"}], city="Lyon")
    main, _claire = contact_ids(app, client)
    browser = browser_of(app, "gestionnaire")
    browser.get(f"/client/edit/?id={client}")
    exchanged = {"contacts-0-email": "claire@edf.fr", "contacts-1-email": "luc@edf.fr"}
    browser.submit("#record", city="Paris", **exchanged, **{"addresses-0-label": "Dépôt"})
    assert row(app, Contact, main)["email"] == "claire@edf.fr"

    history_of(browser, client)
    alone = [browser.page.select(f".told .back[href*='on={of}-']")[0] for of in ("client", "address")]
    assert len(browser.page.select(".told .then .back, .told h3 .back")) == 4
    browser.get(str(alone[1]["href"]))
    browser.submit(".undo form")
    assert rows(app, Address) == []
    browser.get(str(alone[0]["href"]))
    browser.submit(".undo form")
    assert row(app, Client, client)["city"] == "Lyon"

    browser.post("/undo/", {"action": str(alone[0]["href"]).partition("action=")[2][:32]})
    assert browser.status == 409
    assert "« Ville » est maintenant : Lyon. Annulation par gestionnaire@office.example" in browser.text
    assert row(app, Contact, main)["email"] == "claire@edf.fr"


def test_e_mails_that_were_exchanged_are_exchanged_back(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", contacts=[{"email": "claire@edf.fr"}])
    browser, before = browser_of(app, "gestionnaire"), whole(app, client)
    browser.get(f"/client/edit/?id={client}")
    exchanged = {"contacts-0-email": "claire@edf.fr", "contacts-1-email": "luc@edf.fr"}
    browser.submit("#record", name="E.D.F.", **exchanged)

    undo_last(browser, client)

    assert whole(app, client) == before


def test_what_was_added_goes_again_unless_something_hangs_on_it(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr")
    browser = browser_of(app, "gestionnaire")
    browser.get(f"/contact/new/?client={client}")
    browser.submit("#record", email="claire@edf.fr")
    (main, claire) = contact_ids(app, client)
    history_of(browser, client)
    added = str(undo_links(browser)[0]["href"])
    browser.get(added)
    asked = browser.fields(".undo form")
    browser.post("/contact/star/", {"id": claire})
    browser.post("/undo/", asked)
    assert "Choisissez d'abord un autre contact principal." in browser.text
    assert browser.status == 409
    assert contact_ids(app, client) == [main, claire]
    browser.get(added)
    assert "Choisissez d'abord un autre contact principal." in browser.text
    assert browser.page.select_one(".undo form") is None
    history_of(browser, client)
    browser.get(str(undo_links(browser)[0]["href"]))
    browser.submit(".undo form")
    assert row(app, Client, client)["main_contact_id"] == main

    browser.get(added)
    browser.submit(".undo form")

    assert contact_ids(app, client) == [main]


def test_a_client_that_was_created_goes_with_its_contacts_but_not_with_one_added_since(app: Flask) -> None:
    browser = browser_of(app, "gestionnaire")
    browser.get("/client/new/")
    browser.submit("#record", name="EDF", **{"contacts-0-email": "luc@edf.fr"})
    (client,) = [found["id"] for found in rows(app, Client)]
    history_of(browser, client)
    created = str(undo_links(browser)[-1]["href"])
    browser.get(f"/contact/new/?client={client}")
    browser.submit("#record", email="claire@edf.fr")
    browser.get(created)
    assert (
        "claire@edf.fr · La fiche a été ajoutée depuis. Ajout par gestionnaire@office.example" in browser.text
    )
    undo_last(browser, client)

    browser.get(created)
    browser.submit(".undo form")

    assert rows(app, Client) == rows(app, Contact) == []
    assert browser.path == "/client/"
    browser.submit(".notice form")
    assert [found["id"] for found in rows(app, Client)] == [client]


def test_what_has_changed_since_is_said_field_by_field_and_nothing_is_done(app: Flask) -> None:
    client = add_client(app, "EDF", city="Lyon", street="1 rue A")
    change(app, Client, client, city="Paris", street="2 rue B", country="BE")
    browser = browser_of(app, "gestionnaire")
    history_of(browser, client)
    link = str(undo_links(browser)[0]["href"])
    change(app, Client, client, city="Nice", street="3 rue C")
    before = state(app)

    browser.get(link)

    said = sorted(words(line) for line in browser.page.select(".since li"))
    assert len(said) == 2
    assert said[0].startswith("EDF · « Adresse » est maintenant : 3 rue C. Modification par Luc Martin")
    assert "« Ville » est maintenant : Nice." in said[1]
    assert browser.page.select(".undo form") == []
    browser.post(link)
    assert browser.status == 409
    assert state(app) == before


def test_an_e_mail_that_somebody_else_has_by_now_is_said_and_nothing_comes_back(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", contacts=[{"email": "claire@edf.fr"}])
    browser, claire = browser_of(app, "gestionnaire"), contact_ids(app, client)[1]
    browser.get("/")
    browser.post("/contact/delete/", {"id": claire})
    add_client(app, "Engie", "claire@edf.fr")
    before = state(app)

    history_of(browser, client)
    browser.get(str(undo_links(browser)[0]["href"]))
    assert browser.page.select_one("h1") is not None
    assert "Rétablir claire@edf.fr ?" in browser.text
    browser.submit(".undo form")

    assert "Cette adresse est déjà celle de claire@edf.fr" in browser.text
    assert browser.page.select_one(".undo .notice a") is not None
    assert state(app) == before


def test_a_switch_goes_back_with_the_contacts_that_went_along(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", contacts=[{"email": "claire@edf.fr"}])
    browser = browser_of(app, "support")
    browser.get("/")
    before = whole(app, client)
    browser.post("/client/deactivate/", {"id": client, "with_contacts": "1"})
    inactive = whole(app, client)

    undo_last(browser, client)
    assert whole(app, client) == before

    undo_last(browser, client)
    again = whole(app, client)
    assert again["client"][0].pop("deactivated_at") > inactive["client"][0].pop("deactivated_at")
    assert again == inactive


def test_a_star_and_a_contact_that_moved_go_back(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", contacts=[{"email": "claire@edf.fr"}])
    other = add_client(app, "Engie", "zoe@engie.fr")
    browser, (_luc, claire) = browser_of(app, "gestionnaire"), contact_ids(app, client)
    before = whole(app, client), whole(app, other)
    browser.get("/")
    browser.post("/contact/star/", {"id": claire})
    undo_last(browser, client)
    browser.post("/contact/move/", {"id": claire, "client": other})

    undo_last(browser, other)

    assert (whole(app, client), whole(app, other)) == before
    assert "a déplacé le contact claire@edf.fr : Engie → EDF" in " ".join(history_of(browser, client))


@pytest.mark.parametrize(("role", "status"), [("lecture", 403), ("support", 403), ("gestionnaire", 200)])
def test_only_who_may_edit_is_offered_to_take_back_and_may(app: Flask, role: str, status: int) -> None:
    client = add_client(app, "EDF", city="Lyon")
    change(app, Client, client, city="Paris")
    browser = browser_of(app, role)
    history_of(browser, client)
    assert bool(undo_links(browser)) == (status == 200)
    with app.app_context():
        action = db.session.scalar(select(Fact.action).where(Fact.field == "city").order_by(Fact.id.desc()))

    browser.get(f"/undo/?action={action}")
    assert browser.status == status
    browser.post("/undo/", {"action": action})
    assert browser.status == status
    assert row(app, Client, client)["city"] == ("Lyon" if status == 200 else "Paris")


def test_two_who_take_back_at_once_do_it_once_and_one_is_told(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr")
    alice, bob = (browser_of(app, "gestionnaire", name) for name in ("Alice Martin", "Bob Roy"))
    alice.get("/")
    alice.post("/client/delete/", {"id": client})
    action = alice.fields(".notice form")["action"]
    bob.get("/")

    at_once(*(lambda who=who: who.post("/undo/", {"action": action}) for who in (alice, bob)))

    assert sorted((alice.status, bob.status)) == [200, 409]
    late = alice if alice.status == 409 else bob
    assert "La fiche existe de nouveau. Retour par" in late.text
    assert [found["id"] for found in rows(app, Client)] == [client]


@on_sqlite_only
def test_what_people_did_not_do_and_accounts_are_not_taken_back(app: Flask) -> None:
    client = add_client(app, "EDF")
    browser = browser_of(app, "administrateur", "Alice Martin")
    history_of(browser, client)
    assert undo_links(browser) == []
    browser.get("/history/?about=user")
    assert undo_links(browser) == []
    browser.get("/account/profile/")
    browser.submit("#record", first_name="Alicia")
    with app.app_context():
        by_entity = {
            table: db.session.scalar(select(Fact.action).where(Fact.entity == table).order_by(Fact.id.desc()))
            for table in ("client", "user")
        }
    for table, sentence in (("client", "Ce qu’une commande"), ("user", "Les comptes, les mots de passe")):
        browser.get(f"/undo/?action={by_entity[table]}")
        assert sentence in browser.text
        browser.post("/undo/", {"action": by_entity[table]})
        assert browser.status == 409
    for odd in ("action=x", f"action={'0' * 32}", f"action={by_entity['client']}&on=x-1", "on=client-1"):
        browser.get(f"/undo/?{odd}")
        assert browser.status == 404
