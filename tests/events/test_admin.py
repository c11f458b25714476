"""The form, the list and the page of an event, by real requests."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Fact
from backoffice.core.db import db, for_writing
from backoffice.events.models import Event
from backoffice.users.models import User
from tests.clients.cast import add_client, browser_of, change, contact_ids, notices, row
from tests.conftest import AsRole, on_sqlite_only
from tests.events.cast import add_event, main_contact
from tests.users.people import make_user

FORM = "#record"
PARTY: dict[str, Any] = {
    "name": "  Soirée des 20 ans ",
    "starts_on": "12/12/2026",
    "starts_time": "18h30",
    "place": "Lyon",
    "headcount": "240",
    "amount_excl_tax": "12 500,50",
    "description": "- traiteur\r\n- DJ",
}


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "jeanne@edf.fr", contacts=[{"email": "paul@edf.fr"}])


def only(app: Flask) -> dict[str, Any]:
    """The one event that there is."""
    with app.app_context():
        event = db.session.query(Event).one()
        return {name: getattr(event, name) for name in Event.__table__.columns.keys()}  # noqa: SIM118


def test_an_event_is_made_for_the_client_whose_card_it_was_begun_on(app: Flask, edf: int) -> None:
    browser = browser_of(app, name="Alice Durand")
    page = browser.get(f"/event/new/?client={edf}")
    assert page.select_one("[name=client]")["value"] == str(edf)  # type: ignore[index]
    offered = [option.get_text() for option in page.select("[name=contact] option")]
    assert offered == ["", "jeanne@edf.fr", "paul@edf.fr"]

    browser.submit(FORM, **PARTY, contact=contact_ids(app, edf)[1])
    made = only(app)
    assert browser.path == f"/event/details/?id={made['id']}"
    assert "Événement créé : Soirée des 20 ans." in notices(browser)
    told = browser.text.replace("\xa0", " ").replace("\u202f", " ")
    facts = (
        "12 décembre 2026",
        "18 h 30",
        "paul@edf.fr",
        "Lyon",
        "240",
        "12 500,50 €",
        "Alice Durand",
        "Option",
    )
    assert [fact for fact in facts if fact not in told] == []


def test_what_was_typed_is_stored_and_stands_in_the_history_of_the_client(app: Flask, edf: int) -> None:
    browser = browser_of(app, name="Alice Durand")
    browser.get(f"/event/new/?client={edf}")
    browser.submit(FORM, **PARTY)
    made = only(app)
    day = date(2026, 12, 12)
    assert (made["client_id"], made["starts_on"], made["ends_on"]) == (edf, day, day)
    assert str(made["starts_time"]) == "18:30:00"
    assert (str(made["amount_excl_tax"]), made["description"]) == ("12500.50", "- traiteur\n- DJ")
    assert made["created_by"] == "Alice Durand"
    with app.app_context():
        fact = db.session.scalars(select(Fact).where(Fact.entity == "event", Fact.field == "name")).one()
        assert (fact.actor_name, fact.after) == ("Alice Durand", "Soirée des 20 ans")
        assert (fact.owner, fact.owner_id) == ("client", edf)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "obligatoire"),
        ("starts_on", "", "obligatoire"),
        ("starts_on", "32/12/2026", "Ce n'est pas une date"),
        ("ends_on", "11/12/2026", "finirait avant de commencer"),
        ("starts_time", "25:00", "Ce n’est pas une heure"),
        ("headcount", "-1", "entre 0 et 1 000 000"),
        ("headcount", "beaucoup", "Ce n'est pas un nombre entier"),
        ("headcount", "9" * 20, "Ce nombre est trop grand"),
        ("amount_excl_tax", "-5", "montant positif"),
        ("amount_excl_tax", "1,005", "deux décimales"),
        ("ends_time", "17:00", "Donnez aussi le jour"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    app: Flask, edf: int, field: str, typed: str, said: str
) -> None:
    browser = browser_of(app)
    browser.get(f"/event/new/?client={edf}")
    right = {"name": "Soirée", "starts_on": "12/12/2026", "place": "Lyon"}
    browser.submit(FORM, **{**right, field: typed})

    assert said in browser.error_of(field)
    kept = browser.fields(FORM)
    assert {name: kept[name] for name in {**right, field: typed}} == {**right, field: typed}
    with app.app_context():
        assert db.session.query(Event).count() == 0


def test_an_hour_without_its_day_is_said_beside_the_hour(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    browser.get(f"/event/new/?client={edf}")
    browser.submit(FORM, name="Soirée", starts_time="18:00")
    assert "Donnez aussi le jour" in browser.error_of("starts_time")


def test_a_contact_of_another_client_is_refused_and_named_in_the_field(app: Flask, edf: int) -> None:
    other = add_client(app, "Engie", "zoe@engie.fr")
    browser = browser_of(app)
    browser.get(f"/event/new/?client={edf}")
    data = browser.fields(FORM).to_dict() | {"name": "Soirée", "starts_on": "12/12/2026"}
    browser.post(f"/event/new/?client={edf}", data | {"contact": str(main_contact(app, other))})
    assert "Ce contact est d’une autre société" in browser.error_of("contact")
    assert browser.page.select_one("[name=contact] option[selected]").get_text() == "zoe@engie.fr"  # type: ignore[union-attr]


def test_somebody_who_has_left_keeps_their_events_and_gets_no_new_ones(app: Flask, edf: int) -> None:
    gone = make_user(app, "guy@office.example", first_name="Guy", last_name="Renard")
    event = add_event(app, edf, owner_id=gone)
    with app.app_context(), for_writing():
        db.session.connection().execute(db.update(User).where(User.id == gone).values(active=False))
        db.session.commit()
    browser = browser_of(app)

    browser.get(f"/event/edit/?id={event}")
    browser.submit(FORM, place="Nantes")
    assert row(app, Event, event)["owner_id"] == gone
    assert "Nantes" in browser.text

    browser.get(f"/event/new/?client={edf}")
    assert "Guy" not in browser.page.select_one("[name=owner]").get_text()  # type: ignore[union-attr]
    data = browser.fields(FORM).to_dict() | {"name": "Soirée", "starts_on": "12/12/2026", "owner": str(gone)}
    browser.post(f"/event/new/?client={edf}", data)
    assert "Cette personne n’est plus active" in browser.error_of("owner")


def test_a_contact_that_has_moved_keeps_its_past_events(app: Flask, edf: int) -> None:
    paul = contact_ids(app, edf)[1]
    event, engie = add_event(app, edf, contact_id=paul), add_client(app, "Engie", "zoe@engie.fr")
    change(app, Contact, paul, client_id=engie)
    browser = browser_of(app)

    browser.get(f"/event/edit/?id={event}")
    browser.submit(FORM, place="Nantes")
    assert (row(app, Event, event)["contact_id"], row(app, Event, event)["place"]) == (paul, "Nantes")

    browser.get(f"/contact/details/?id={paul}&tab=business")
    assert "Soirée" in browser.text
    assert "Client : EDF" in browser.text


def test_an_event_of_an_inactive_client_with_an_inactive_status_stays_readable(app: Flask, edf: int) -> None:
    event = add_event(app, edf, status="Annulé")
    change(app, Client, edf, is_active=False)
    admin = browser_of(app, "administrateur")
    admin.get("/eventstatus/")
    admin.post("/eventstatus/deactivate/", {"id": str(row(app, Event, event)["status_id"])})

    browser = browser_of(app)
    browser.get(f"/event/details/?id={event}")
    assert "Annulé" in browser.text
    assert "Sa société est inactive" in browser.text
    assert "Soirée" not in browser.get("/event/").select_one(".listing").get_text()  # type: ignore[union-attr]
    assert "Annulé" in browser.get("/event/?status=inactive").select_one("tbody").get_text()  # type: ignore[union-attr]
    browser.get(f"/event/edit/?id={event}")
    browser.submit(FORM, place="Nantes")
    assert row(app, Event, event)["place"] == "Nantes"
    assert browser.get(f"/event/new/?client={edf}").select_one("[name=client]")["value"] == ""  # type: ignore[index]


def test_an_event_is_deleted_and_its_client_and_contact_are_not_while_it_is_there(
    app: Flask, edf: int
) -> None:
    paul = contact_ids(app, edf)[1]
    event = add_event(app, edf, contact_id=paul)
    browser = browser_of(app)
    browser.get(f"/client/details/?id={edf}")
    assert "Cette société a des événements : désactivez-la" in browser.text
    browser.post("/client/delete/", {"id": str(edf)})
    assert "Cette société a des événements : désactivez-la plutôt que de la supprimer." in notices(browser)
    browser.post("/contact/delete/", {"id": str(paul)})
    assert "Ce contact est celui d’événements : désactivez-le plutôt que de le supprimer." in notices(browser)
    browser.get(f"/client/edit/?id={edf}")
    browser.submit(FORM, None, (), **{"del-contacts-1": True})
    assert "paul@edf.fr : Ce contact est celui d’événements" in browser.text

    browser.get(f"/event/details/?id={event}")
    browser.submit("form[action='/event/delete/']")
    assert browser.path == f"/client/details/?id={edf}"
    browser.post("/contact/delete/", {"id": str(paul)})
    assert contact_ids(app, edf) == [main_contact(app, edf)]


def test_support_and_readers_see_events_and_change_none(app: Flask, edf: int, as_role: AsRole) -> None:
    event = add_event(app, edf)
    for role in ("support", "lecture"):
        page = as_role(role).get(f"/client/details/?id={edf}")
        assert "Soirée" in page.get_text()
        assert page.select_one("#add-event") is None
        page = as_role(role).get(f"/event/details/?id={event}")
        assert page.select("main form[action^='/event/'], .pencil") == []


@on_sqlite_only
def test_a_fact_is_edited_where_it_stands(app: Flask, edf: int) -> None:
    event = add_event(app, edf)
    browser = browser_of(app)
    browser.get(f"/event/field/?id={event}&name=headcount")
    browser.submit(FORM, headcount="-2")
    assert "entre 0 et 1 000 000" in browser.error_of("headcount")
    browser.submit(FORM, headcount="80")
    assert row(app, Event, event)["headcount"] == 80
    browser.get(f"/event/field/?id={event}&name=contact")
    assert [option.get_text() for option in browser.page.select("[name=contact] option")] == [
        "",
        "jeanne@edf.fr",
        "paul@edf.fr",
    ]


def test_the_form_asks_for_the_contacts_of_the_client_that_is_chosen(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    browser.get(f"/event/contacts/?client={edf}")
    assert [name for _id, name in (browser.response.json or {})["contact"]] == [
        "jeanne@edf.fr",
        "paul@edf.fr",
    ]
    browser.get("/event/contacts/?client=99")
    assert browser.status == 404


@on_sqlite_only
def test_the_days_are_edited_in_place_and_taken_back(app: Flask, edf: int) -> None:
    event = add_event(app, edf, starts_on=date(2026, 12, 12), starts_time=time(9, 5))
    browser = browser_of(app)
    browser.get(f"/event/field/?id={event}&name=starts_on")
    browser.submit(FORM, ends_on="14/12/2026", ends_time="9 h")
    assert "12 – 14 décembre 2026, 9 h 05 – 9 h" in browser.text.replace("\xa0", " ")
    browser.submit("form[action^='/event/field/']")
    stored = row(app, Event, event)
    assert (stored["ends_on"], stored["starts_time"], stored["ends_time"]) == (
        date(2026, 12, 12),
        time(9, 5),
        None,
    )


@on_sqlite_only
def test_an_inactive_client_is_refused_by_name(app: Flask) -> None:
    edf = add_client(app, "EDF", is_active=False)
    browser = browser_of(app)
    browser.get("/event/new/")
    browser.submit("#record", client=edf, name="Gala")
    assert "EDF est inactif : réactivez d’abord sa fiche, ou faites un autre choix." in browser.text
