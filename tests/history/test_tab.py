"""The tab "Historique": what has changed, in sentences, narrowed, paged, and safe to look at."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from backoffice.clients.models import Address, Client, Contact
from backoffice.core.audit import Actor, Fact, act_as
from backoffice.core.db import db, for_writing, now
from tests.clients.cast import add_client, browser_of, contact_ids
from tests.clients.test_query_counts import counted
from tests.conftest import on_sqlite_only
from tests.history.cast import fields, history_of, told

LUC = Actor(77, "Luc Martin")


def change(app: Flask, model: Any, id_: int, **values: Any) -> None:
    """Luc changes a record, in one action."""
    with app.app_context(), for_writing():
        act_as(db.session(), LUC, "screen")
        record = db.session.get_one(model, id_)
        for name, value in values.items():
            setattr(record, name, value)
        db.session.commit()


def test_a_change_is_a_sentence_from_the_old_value_to_the_new_one(app: Flask) -> None:
    client = add_client(app, "Atelier Lefèvre", city="Lyon")
    browser = browser_of(app, "lecture")

    change(app, Client, client, city="Paris")
    change(app, Client, client, city=None)
    change(app, Client, client, country="BE", vat_regime="export")

    sentences = history_of(browser, client)
    assert sentences[:3] == [
        "Luc Martin a modifié la société Atelier Lefèvre",
        "Luc Martin a changé « Ville » : Paris → vide",
        "Luc Martin a changé « Ville » : Lyon → Paris",
    ]
    assert fields(browser)[:2] == [
        "Pays : France → Belgique",
        "Régime de TVA : Taxable → Export hors UE / exonéré",
    ]
    assert sentences[3:5] == [
        "système a créé la société Atelier Lefèvre",
        "a ajouté le contact contact@atelierlefèvre.example",
    ]


def test_what_one_does_on_the_card_is_told_as_such(app: Flask) -> None:
    client = add_client(
        app, "EDF", "luc@edf.fr", contacts=[{"email": "claire@edf.fr", "last_name": "Vasseur"}]
    )
    main, other = contact_ids(app, client)
    browser = browser_of(app, "gestionnaire", "Luc Martin")
    browser.get(f"/client/details/?id={client}")
    browser.post("/contact/star/", {"id": other})
    browser.post("/contact/deactivate/", {"id": main})
    browser.post("/client/deactivate/", {"id": client})
    browser.post("/client/activate/", {"id": client})

    assert history_of(browser, client)[:4] == [
        "Luc Martin a réactivé la société EDF",
        "Luc Martin a désactivé la société EDF",
        "Luc Martin a désactivé le contact luc@edf.fr",
        "Luc Martin a déplacé l’étoile : luc@edf.fr → Vasseur",
    ]


def test_a_record_that_is_gone_keeps_its_last_name_and_a_contact_that_moves_its_past(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", contacts=[{"email": "c@edf.fr", "last_name": "Vasseur"}])
    other = add_client(app, "Engie", addresses=[{"label": "Dépôt", "city": "Pau"}])
    contact = contact_ids(app, client)[1]
    browser = browser_of(app, "gestionnaire", "Luc Martin")
    browser.get(f"/contact/details/?id={contact}")
    browser.post("/contact/move/", {"id": contact, "client": other})
    assert history_of(browser, client)[0] == "Luc Martin a déplacé le contact Vasseur vers une autre société"
    assert "Luc Martin a déplacé le contact Vasseur : EDF → Engie" in history_of(browser, other)
    browser.get(f"/contact/details/?id={contact}&tab=history")
    assert told(browser)[-1] == "système a ajouté le contact Vasseur"

    with app.app_context():
        address = db.session.scalars(select(Address.id)).one()
    browser.post("/address/delete/", {"id": address})
    browser.post("/contact/delete/", {"id": contact})

    assert history_of(browser, other)[:2] == [
        "Luc Martin a supprimé le contact Vasseur",
        "Luc Martin a supprimé l’adresse Dépôt",
    ]
    assert "Ville : Pau" in fields(browser)
    assert browser.page.select(f".told a[href='/contact/details/?id={contact}']") == []


def test_what_was_removed_twice_is_called_as_it_was_when_it_went_last(app: Flask) -> None:
    claire = {"email": "c@edf.fr", "first_name": "Claire", "last_name": "Vasseur"}
    client = add_client(app, "EDF", "luc@edf.fr", contacts=[claire])
    contact = contact_ids(app, client)[1]
    browser = browser_of(app, "gestionnaire", "Luc Martin")
    browser.get("/contact/")
    browser.post("/contact/delete/", {"id": contact})
    browser.submit(".notice form")
    change(app, Contact, contact, first_name=None)
    browser.post("/contact/delete/", {"id": contact})

    assert history_of(browser, client)[0] == "Luc Martin a supprimé le contact Vasseur"


def test_it_is_narrowed_by_kind_by_person_and_by_field(app: Flask) -> None:
    client = add_client(app, "EDF", "luc@edf.fr", city="Lyon")
    browser = browser_of(app, "support")
    change(app, Client, client, city="Paris")
    change(app, Contact, contact_ids(app, client)[0], job_title="Gérante")

    assert history_of(browser, client, about="contact")[0] == "Luc Martin a modifié le contact luc@edf.fr"
    assert not [line for line in history_of(browser, client, about="contact") if "société" in line]
    assert history_of(browser, client, who="77", field="client.city") == [
        "Luc Martin a changé « Ville » : Lyon → Paris"
    ]
    assert [line for line in history_of(browser, client, who="0") if "Luc" in line] == []
    assert history_of(browser, client, who="78") == []
    assert "Rien ne correspond à ces filtres." in browser.text


@on_sqlite_only
@pytest.mark.parametrize(
    "odd", ["about=user", "field=client.password", "field=x", "who=-1", "who=9e9", "after=é%00", "about=%00"]
)
def test_what_makes_no_sense_in_the_address_counts_as_not_asked(app: Flask, odd: str) -> None:
    client = add_client(app, "EDF")
    browser = browser_of(app)

    browser.get(f"/client/details/?id={client}&tab=history&{odd}")

    assert browser.status == 200
    assert told(browser)[0] == "système a créé la société EDF"


@on_sqlite_only
def test_hostile_text_is_shown_as_text_and_long_text_whole_on_demand(app: Flask) -> None:
    client = add_client(app, "<script>alert(1)</script>", city="{{7*7}}")
    browser = browser_of(app)
    long = "<img src=x onerror=alert(1)> %(name)s " * 5
    change(app, Client, client, city="<b>Paris</b>")
    change(app, Client, client, street=long.strip())

    sentences = history_of(browser, client)

    assert "Luc Martin a changé « Ville » : {{7*7}} → <b>Paris</b>" in sentences
    assert "système a créé la société <script>alert(1)</script>" in sentences
    assert browser.page.select(".told script, .told img, .told b") == []
    (whole,) = browser.page.select(".whole")
    assert whole.select("summary")[0].get_text().endswith("…")
    assert whole.select(".text")[0].get_text() == long.strip()


def test_ten_thousand_facts_are_paged_by_position_with_as_many_queries_as_few(app: Flask) -> None:
    client = add_client(app, "EDF", city="Lyon")
    browser = browser_of(app, "gestionnaire")
    with counted(app) as few:
        history_of(browser, client)
    _write(app, client, 10_000)

    with counted(app) as many:
        sentences = history_of(browser, client)
    assert len(many) <= len(few) <= 12, many
    assert len(sentences) == 59  # of the sixtieth fact the page does not know whether its action ends there
    assert sentences[0] == "Luc Martin a changé « Ville » : Ville 9998 → Ville 9999"
    assert len(browser.page.select(".told .when .back")) == 59
    assert len(browser.response.data) <= 60_000

    older = browser.page.select_one("a[rel=next]")
    assert older is not None
    browser.get(str(older["href"]))
    assert told(browser)[0] == "Luc Martin a changé « Ville » : Ville 9939 → Ville 9940"


def test_an_action_is_not_torn_apart_between_two_pages(app: Flask) -> None:
    client = add_client(app, "EDF", city="Lyon")
    browser = browser_of(app, "lecture")
    _write(app, client, 90, in_one=40)

    seen: list[str] = []
    path = f"/client/details/?id={client}&tab=history&about=client"
    while path:
        browser.get(path)
        seen.append(str(len(browser.page.select(".changed > div"))))
        older = browser.page.select_one("a[rel=next]")
        path = str(older["href"]) if older else ""
    assert len(seen) == 2
    assert seen[0] == "50"  # ten of the last action and the forty before, none of the third


def _write(app: Flask, client: int, number: int, in_one: int = 1) -> None:
    facts = [
        {
            "at": now(),
            "action": f"{n // in_one:032}",
            "actor_id": LUC.id,
            "actor_name": LUC.name,
            "via": "screen",
            "operation": "update",
            "entity": "client",
            "entity_id": client,
            "owner": "client",
            "owner_id": client,
            "field": "city",
            "before": f"Ville {n - 1}",
            "after": f"Ville {n}",
        }
        for n in range(number)
    ]
    with app.app_context(), for_writing():
        db.session.execute(insert(Fact), facts)
        db.session.commit()
