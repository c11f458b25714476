"""What the card does by POST: the star, the default address, switching and deleting contacts and addresses."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Address, Client, Contact
from tests.clients.cast import (
    add_client,
    add_clients,
    browser_of,
    change,
    contact_ids,
    facts,
    notices,
    row,
    rows,
    state,
)
from tests.clients.together import at_once
from tests.web import Browser

PORT = {"label": "Entrepôt", "street": "3 rue du Port", "postal_code": "13002", "city": "Marseille"}
CHOOSE_MAIN = "Choisissez d'abord un autre contact principal."
CHOOSE_DEFAULT = "Choisissez d'abord une autre adresse par défaut."


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(
        app,
        "EDF",
        "jeanne@edf.fr",
        contacts=[{"email": "paul@edf.fr"}, {"email": "zoe@edf.fr", "is_active": False}],
        addresses=[PORT, PORT | {"label": "Usine"}],
    )


def card(browser: Browser, client_id: int) -> Browser:
    browser.get(f"/client/details/?id={client_id}")
    return browser


def main_of(app: Flask, client_id: int) -> Any:
    return row(app, Client, client_id)["main_contact_id"]


def test_a_click_on_a_star_moves_it_and_leaves_a_fact(app: Flask, edf: int) -> None:
    jeanne, paul, _zoe = contact_ids(app, edf)
    browser = card(browser_of(app, name="Alice Durand"), edf)
    browser.submit("form[action='/contact/star/']", press="id")
    assert browser.path == f"/client/details/?id={edf}"
    assert "paul@edf.fr est maintenant le contact principal." in notices(browser)
    assert main_of(app, edf) == paul
    assert facts(app, "client", edf) == [("Alice Durand", "main_contact_id", jeanne, paul)]


def test_an_inactive_contact_gets_no_star(app: Flask, edf: int) -> None:
    zoe = contact_ids(app, edf)[2]
    browser, before = card(browser_of(app), edf), state(app)
    browser.post("/contact/star/", {"id": str(zoe)})
    assert "Un contact inactif ne peut pas être le contact principal : réactivez-le d'abord." in notices(
        browser
    )
    assert state(app) == before


@pytest.mark.parametrize("action", ["delete", "deactivate"])
def test_the_main_contact_stays(app: Flask, edf: int, action: str) -> None:
    jeanne = contact_ids(app, edf)[0]
    browser, before = card(browser_of(app), edf), state(app)
    browser.post(f"/contact/{action}/", {"id": str(jeanne)})
    assert CHOOSE_MAIN in notices(browser)
    assert state(app) == before


def test_the_main_contact_is_not_deactivated_by_its_own_form_either(app: Flask, edf: int) -> None:
    jeanne = contact_ids(app, edf)[0]
    browser, before = browser_of(app), state(app)
    browser.get(f"/contact/edit/?id={jeanne}")
    browser.submit("#record", is_active=False)
    assert CHOOSE_MAIN in browser.error_of("is_active")
    assert state(app) == before


def test_another_contact_is_switched_off_and_on_and_deleted(app: Flask, edf: int) -> None:
    _jeanne, paul, _zoe = contact_ids(app, edf)
    browser = card(browser_of(app, name="Alice Durand"), edf)
    assert browser.page.select_one(f"button[form=contact-off][value='{paul}']")
    browser.post("/contact/deactivate/", {"id": str(paul)})
    assert row(app, Contact, paul)["is_active"] is False
    assert browser.page.select_one(f"button[form=contact-on][value='{paul}']")
    browser.post("/contact/activate/", {"id": str(paul)})
    assert row(app, Contact, paul)["is_active"] is True
    assert browser.page.select_one(f"button[form=contact-delete][value='{paul}']")
    browser.post("/contact/delete/", {"id": str(paul)})
    assert paul not in contact_ids(app, edf)
    assert ("Alice Durand", "email", "paul@edf.fr", None) in facts(app, "contact", paul, "delete")
    assert "Contact supprimé : paul@edf.fr." in notices(browser)


def test_exactly_one_address_is_the_default_and_any_can_be_chosen(app: Flask, edf: int) -> None:
    port, usine = (address["id"] for address in rows(app, Address))
    browser = card(browser_of(app), edf)
    for chosen, fields in ((usine, {"id": usine}), (port, {"id": port}), (None, {"client": edf})):
        browser.post("/address/default/", {name: str(value) for name, value in fields.items()})
        assert browser.path == f"/client/details/?id={edf}"
        assert row(app, Client, edf)["billing_address_id"] == chosen
        assert len(browser.page.select(".icon.euro")) == 1
    assert [fact[2:] for fact in facts(app, "client", edf)] == [(None, usine), (usine, port), (port, None)]


def take_back(browser: Browser) -> None:
    """Press "Annuler" in the message that is shown."""
    browser.submit(".notice form")


def test_a_star_taken_back_returns_unless_another_contact_has_got_it_since(app: Flask, edf: int) -> None:
    jeanne, paul, zoe = contact_ids(app, edf)
    change(app, Contact, zoe, is_active=True)
    browser, other = (card(browser_of(app, name=name), edf) for name in ("Alice Durand", "Bruno Petit"))
    browser.post("/contact/star/", {"id": str(paul)})
    take_back(browser)
    assert main_of(app, edf) == jeanne

    browser.post("/contact/star/", {"id": str(paul)})
    other.post("/contact/star/", {"id": str(zoe)})
    before = state(app)
    take_back(browser)
    assert "Le contact principal a changé entre-temps : rien n'a été annulé." in notices(browser)
    assert state(app) == before
    assert main_of(app, edf) == zoe


def test_a_default_address_taken_back_returns_unless_another_was_chosen_since(app: Flask, edf: int) -> None:
    port, usine = (address["id"] for address in rows(app, Address))
    browser, other = (card(browser_of(app, name=name), edf) for name in ("Alice Durand", "Bruno Petit"))
    browser.post("/address/default/", {"id": str(port)})
    take_back(browser)
    assert row(app, Client, edf)["billing_address_id"] is None
    take_back(browser)  # and that can be taken back as well
    assert row(app, Client, edf)["billing_address_id"] == port

    for chosen in ({"id": str(usine)}, {"client": str(edf)}):
        browser.post("/address/default/", {"id": str(port)})
        browser.post("/address/default/", {"id": str(usine)} if "client" in chosen else {"client": str(edf)})
        other.post("/address/default/", chosen)
        before = state(app)
        take_back(browser)
        assert "L'adresse par défaut a changé entre-temps : rien n'a été annulé." in notices(browser)
        assert state(app) == before


def test_the_default_address_cannot_be_deleted_until_another_is_chosen(app: Flask, edf: int) -> None:
    port, usine = (address["id"] for address in rows(app, Address))
    browser = card(browser_of(app), edf)
    browser.post("/address/default/", {"id": str(port)})
    before = state(app)
    browser.post("/address/delete/", {"id": str(port)})
    assert CHOOSE_DEFAULT in notices(browser)
    assert state(app) == before
    browser.post("/address/default/", {"id": str(usine)})
    browser.post("/address/delete/", {"id": str(port)})
    assert [address["id"] for address in rows(app, Address)] == [usine]


def test_the_block_of_the_form_and_the_euro_of_the_card_are_one_thing(app: Flask, edf: int) -> None:
    port = rows(app, Address)[0]["id"]
    browser = card(browser_of(app), edf)
    browser.post("/address/default/", {"id": str(port)})
    browser.get(f"/client/edit/?id={edf}")
    shown = browser.fields("#record")
    assert shown.getlist("billing_same_address") == ["0"]
    assert (shown["billing_street"], shown["billing_city"]) == ("3 rue du Port", "Marseille")
    browser.submit("#record", billing_city="Aix")
    assert row(app, Address, port)["city"] == "Aix"
    browser.get(f"/client/edit/?id={edf}")
    browser.submit("#record", billing_same_address=True)
    assert row(app, Client, edf)["billing_address_id"] is None
    assert row(app, Address, port)["city"] == "Aix"  # kept as another address
    assert len(rows(app, Address)) == 2


def test_the_label_that_the_product_gives_is_read_in_ones_own_language(app: Flask, edf: int) -> None:
    browser = card(browser_of(app, locale="en"), edf)
    browser.get(f"/client/edit/?id={edf}")
    browser.submit("#record", billing_same_address=False, billing_street="3 rue du Port", billing_city="Aix")
    given = next(address for address in rows(app, Address) if address["label"] == "Facturation")
    labels = [label.text for label in card(browser, edf).page.select("#address-rows .line > div > strong")]
    assert sorted(labels) == ["Billing", "Entrepôt", "Main address", "Usine"]
    browser.get(f"/address/edit/?id={given['id']}")
    assert browser.fields("#record")["label"] == "Billing"
    browser.submit("#record", street="5 rue du Port")
    after = row(app, Address, given["id"])
    assert (after["street"], after["label"]) == ("5 rue du Port", "Facturation")
    french = card(browser_of(app, name="Alice Durand"), edf)
    assert "Facturation" in [label.text for label in french.page.select("#address-rows .line > div > strong")]


ACTIONS = {
    "contact": ("star", "activate", "deactivate", "delete"),
    "address": ("default", "delete"),
    "client": ("activate", "deactivate", "delete"),
}


def test_actions_on_what_is_not_there_find_nothing(app: Flask, edf: int) -> None:
    browser, before = card(browser_of(app), edf), state(app)
    token = browser.csrf_token
    for id_ in ("", "0", "-1", "999", "abc", "²", str(10**24)):
        for action in (f"/{kind}/{name}/" for kind, names in ACTIONS.items() for name in names):
            answer = browser.client.post(action, data={"id": id_, "csrf_token": token})
            assert answer.status_code == 404, (action, id_)
    assert state(app) == before


def test_two_stars_at_once_leave_one(app: Flask, edf: int) -> None:
    jeanne, paul, zoe = contact_ids(app, edf)
    change(app, Contact, zoe, is_active=True)
    alice, bruno = (card(browser_of(app, name=name), edf) for name in ("Alice Durand", "Bruno Petit"))
    at_once(
        lambda: alice.post("/contact/star/", {"id": str(paul)}),
        lambda: bruno.post("/contact/star/", {"id": str(zoe)}),
    )
    assert (alice.status, bruno.status) == (200, 200)
    assert main_of(app, edf) in (paul, zoe)
    first, second = facts(app, "client", edf)
    assert first[2] == jeanne
    assert first[3] == second[2]
    assert second[3] == main_of(app, edf)


@pytest.mark.parametrize("action", ["delete", "deactivate"])
def test_a_star_against_what_takes_its_contact_away_leaves_one_that_is_there(
    app: Flask, edf: int, action: str
) -> None:
    paul = contact_ids(app, edf)[1]
    alice, bruno = (card(browser_of(app, name=name), edf) for name in ("Alice Durand", "Bruno Petit"))
    at_once(
        lambda: alice.post("/contact/star/", {"id": str(paul)}),
        lambda: bruno.post(f"/contact/{action}/", {"id": str(paul)}),
    )
    assert {alice.status, bruno.status} <= {200, 404}
    main = row(app, Contact, main_of(app, edf))
    assert main["is_active"] is True
    assert CHOOSE_MAIN in notices(bruno) or main["id"] != paul


def test_two_default_addresses_at_once_leave_one(app: Flask, edf: int) -> None:
    port, usine = (address["id"] for address in rows(app, Address))
    alice, bruno = (card(browser_of(app, name=name), edf) for name in ("Alice Durand", "Bruno Petit"))
    at_once(
        lambda: alice.post("/address/default/", {"id": str(port)}),
        lambda: bruno.post("/address/default/", {"id": str(usine)}),
    )
    assert (alice.status, bruno.status) == (200, 200)
    assert row(app, Client, edf)["billing_address_id"] in (port, usine)
    assert len(facts(app, "client", edf)) == 2


# ----------------------------------------------------------------------------------------- deleting clients


def test_a_deleted_client_takes_its_own_along_and_leaves_their_facts(app: Flask, edf: int) -> None:
    add_client(app, "Engie")
    browser = card(browser_of(app, name="Alice Durand"), edf)
    browser.submit("form[action='/client/delete/']")
    assert browser.path == "/client/"
    assert "Fiche supprimée : EDF." in notices(browser)
    assert [client["name"] for client in rows(app, Client)] == ["Engie"]
    assert [contact["email"] for contact in rows(app, Contact)] == ["contact@engie.example"]
    assert rows(app, Address) == []
    assert [text["record_id"] for text in state(app)["search_text"]] == [rows(app, Client)[0]["id"]]
    assert ("Alice Durand", "name", "EDF", None) in facts(app, "client", edf, "delete")
    gone = facts(app, "contact", operation="delete")
    assert {fact[2] for fact in gone if fact[1] == "email"} == {"jeanne@edf.fr", "paul@edf.fr", "zoe@edf.fr"}
    places = facts(app, "address", operation="delete")
    assert {fact[2] for fact in places if fact[1] == "label"} == {"Entrepôt", "Usine"}
    assert ("système", "name", None, "EDF") in facts(app, "client", edf, "create")


def test_a_client_billed_at_an_address_of_its_own_can_be_deleted(app: Flask, edf: int) -> None:
    change(app, Client, edf, billing_address_id=rows(app, Address)[0]["id"])
    card(browser_of(app), edf).submit("form[action='/client/delete/']")
    assert rows(app, Client) == rows(app, Contact) == rows(app, Address) == []


@pytest.mark.parametrize("is_active", [True, False])
def test_a_client_with_subsidiaries_is_not_deleted(app: Flask, edf: int, is_active: bool) -> None:
    add_clients(app, [{"name": "EDF Énergies", "parent_id": edf, "is_active": is_active}])
    browser, before = card(browser_of(app), edf), state(app)
    assert "Cette société a des filiales : désactivez-la plutôt que de la supprimer." in browser.text
    assert browser.page.select("form[action='/client/delete/']") == []
    browser.post("/client/delete/", {"id": str(edf)})
    assert "Cette société a des filiales : désactivez-la plutôt que de la supprimer." in notices(browser)
    assert state(app) == before


def test_a_new_id_is_never_that_of_a_deleted_client(app: Flask, edf: int) -> None:
    """Otherwise the history of one would be shown on the card of another."""
    last_contact, last_address = max(contact_ids(app, edf)), max(one["id"] for one in rows(app, Address))
    card(browser_of(app), edf).submit("form[action='/client/delete/']")
    engie = add_client(app, "Engie", addresses=[PORT])
    assert engie > edf
    assert min(contact_ids(app, engie)) > last_contact
    assert rows(app, Address)[0]["id"] > last_address


def test_the_button_of_further_addresses_promises_what_it_brings(app: Flask) -> None:
    many = add_client(app, "EDF", addresses=[{"label": f"Site {n}"} for n in range(60)])
    browser = browser_of(app, "lecture")
    assert "Afficher 45 des 55 autres" in browser.get(f"/client/details/?id={many}").text
    assert "Afficher les 10 autres" in browser.get(f"/client/details/?id={many}&addresses=1").text
