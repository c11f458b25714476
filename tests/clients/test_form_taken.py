"""What another record already holds: e-mail, SIRET, account code; and parents that would go round in a circle."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Client, Contact
from backoffice.lookups.models import PaymentTerm
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
from tests.web import Browser

SIRET = "73282932000074"
FORM = {"name": "Engie", "contacts-0-email": "contact@engie.fr"}


def sent(browser: Browser, **more: str) -> Browser:
    browser.get("/client/new/")
    browser.post("/client/new/", FORM | {name.replace("__", "-"): typed for name, typed in more.items()})
    return browser


def link_beside(browser: Browser, field: str) -> Any:
    return browser.page.select_one(f"[id='{field}-error'] a")


@pytest.mark.parametrize("typed", ["Jean@EDF.fr", "jean@edf.FR", " jean@edf.fr "])
def test_a_taken_email_names_who_holds_it_with_a_link(app: Flask, typed: str) -> None:
    holder = add_client(app, "EDF", "jean@edf.fr", main={"first_name": "Jean", "last_name": "Martin"})
    before = state(app)
    browser = sent(browser_of(app), **{"contacts-0-email": typed})
    assert "déjà celle de Jean Martin" in browser.error_of("contacts-0-email")
    link = link_beside(browser, "contacts-0-email")
    assert (link["href"], link.get_text()) == (f"/client/details/?id={holder}", "EDF")
    assert browser.fields("#record")["contacts-0-email"] == typed
    assert state(app) == before


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        ("é@exemple.fr", "e\u0301@exemple.fr"),
        ("é@exemple.fr", "É@exemple.fr"),
        ("jean@société.fr", "jean@xn--socit-esab.fr"),
    ],
)
def test_an_email_is_the_same_however_it_is_written(app: Flask, held: str, typed: str) -> None:
    add_client(app, "EDF", held)
    browser = sent(browser_of(app), **{"contacts-0-email": typed})
    assert "déjà celle de" in browser.error_of("contacts-0-email")
    assert len(rows(app, Client)) == 1


def test_an_inactive_contact_of_an_inactive_client_still_holds_its_email(app: Flask) -> None:
    holder = add_client(app, "EDF", contacts=[{"email": "jean@edf.fr", "is_active": False}], is_active=False)
    browser = sent(browser_of(app), **{"contacts-0-email": "JEAN@edf.fr"})
    assert link_beside(browser, "contacts-0-email")["href"] == f"/client/details/?id={holder}"


def test_addresses_that_differ_by_a_tag_or_dots_are_two(app: Flask) -> None:
    add_client(app, "EDF", "jean.martin@edf.fr")
    browser = sent(
        browser_of(app),
        **{"contacts-0-email": "jeanmartin@edf.fr", "contacts-1-email": "jean.martin+a@edf.fr"},
    )
    assert [contact["email"] for contact in rows(app, Contact)][1:] == [
        "jeanmartin@edf.fr",
        "jean.martin+a@edf.fr",
    ]
    assert browser.path.startswith("/client/details/")


def test_the_same_email_twice_in_one_form_is_refused_on_both_rows(app: Flask) -> None:
    before = state(app)
    browser = sent(browser_of(app), **{"contacts-0-email": "jean@edf.fr", "contacts-1-email": "JEAN@edf.fr"})
    for field in ("contacts-0-email", "contacts-1-email"):
        assert "donnée à deux contacts de la fiche" in browser.error_of(field)
    assert state(app) == before


def test_a_contact_keeps_its_own_email_when_its_client_is_edited(app: Flask) -> None:
    client_id = add_client(app, "EDF", "jean@edf.fr")
    browser = browser_of(app)
    browser.get(f"/client/edit/?id={client_id}")
    browser.submit("#record", **{"contacts-0-email": "Jean@edf.fr"})
    assert [contact["email"] for contact in rows(app, Contact)] == ["Jean@edf.fr"]


def test_a_taken_siret_is_refused_until_one_insists_and_the_history_keeps_that(app: Flask) -> None:
    holder = add_client(app, "EDF", siret=SIRET, siren=SIRET[:9])
    before = state(app)
    browser = sent(browser_of(app, name="Alice Durand"), siret=SIRET)
    assert "cochez « Créer quand même »" in browser.error_of("siret")
    assert link_beside(browser, "siret")["href"] == f"/client/details/?id={holder}"
    assert state(app) == before
    browser.submit("#record", shares_siret=True)
    made = rows(app, Client)[-1]
    assert (made["name"], made["siret"], made["shares_siret"]) == ("Engie", SIRET, True)
    assert ("Alice Durand", "shares_siret", None, True) in facts(app, "client", made["id"], "create")


def test_the_first_holder_of_a_shared_siret_can_still_be_edited(app: Flask) -> None:
    first, second = add_clients(
        app,
        [
            {"name": "EDF", "siret": SIRET, "siren": SIRET[:9]},
            {"name": "Engie", "siret": SIRET, "siren": SIRET[:9], "shares_siret": True},
        ],
    )
    browser = browser_of(app)
    browser.get(f"/client/edit/?id={first}")
    browser.submit("#record", city="Paris")
    assert row(app, Client, first)["city"] == "Paris"
    browser.get(f"/client/edit/?id={second}")
    browser.submit("#record", shares_siret=False)
    assert "Ce SIRET est déjà connu" in browser.error_of("siret")
    assert row(app, Client, second)["shares_siret"] is True


def test_a_shared_account_code_is_said_and_saved(app: Flask) -> None:
    add_client(app, "EDF", account_code="411COMMUN")
    browser = sent(browser_of(app), account_code="411commun")
    assert rows(app, Client)[-1]["account_code"] == "411COMMUN"
    assert "Ce compte comptable sert aussi à un autre client : EDF" in notices(browser)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"street": "1 rue Neuve"}, "Adresse incomplète : ajoutez le code postal."),
        ({"street": "1 rue Neuve", "postal_code": "69001"}, "Adresse incomplète : ajoutez la ville."),
        ({"city": "Lyon", "postal_code": "69001"}, "Adresse incomplète : ajoutez la rue."),
        ({"vat_regime": "intracommunity"}, "Le régime intracommunautaire demande le numéro de TVA"),
        ({"ape_code": "99.99Z"}, "Ce code APE n'est dans aucune nomenclature connue"),
        ({"street": "1 rue", "postal_code": "75008", "city": "Lyon"}, "Le code postal 75008 est celui de"),
        ({"addresses-0-label": "Entrepôt"}, "Entrepôt : Adresse incomplète : ajoutez la rue."),
        ({"contacts-1-email": "x@y.fr", "contacts-1-mobile_phone": "+32400000000"}, "x@y.fr : "),
    ],
)
def test_what_is_only_doubtful_is_said_and_saved(app: Flask, more: dict[str, str], sentence: str) -> None:
    browser = browser_of(app)
    browser.get("/client/new/")
    browser.post("/client/new/", FORM | more)
    assert [notice for notice in notices(browser) if notice.startswith(sentence)] != []
    (client,) = rows(app, Client)
    assert browser.path == f"/client/details/?id={client['id']}"


def test_a_term_beyond_the_legal_cap_is_said_and_saved(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    browser.get("/paymentterm/new/")
    browser.submit("#record", label="90 jours", days="90")
    (term,) = rows(app, PaymentTerm, label="90 jours")
    sent(browser, payment_term=str(term["id"]))
    assert rows(app, Client)[0]["payment_term_id"] == term["id"]
    assert any("Ce délai peut dépasser le maximum légal" in notice for notice in notices(browser))


# ------------------------------------------------------------------------------------- parent companies


def chain(app: Flask, *names: str) -> list[int]:
    """Clients each of which is the parent of the next one."""
    made = add_clients(app, [{"name": name} for name in names])
    for parent, child in pairwise(made):
        change(app, Client, child, parent_id=parent)
    return made


def test_a_parent_below_the_client_is_refused_at_any_depth(app: Flask) -> None:
    top, *_middle, bottom = chain(app, "Groupe", "Holding", "Filiale", "Agence")
    browser = browser_of(app)
    before = state(app)
    browser.get(f"/client/edit/?id={top}")
    browser.submit("#record", parent=str(bottom), city="Lyon")
    assert "Agence dépend déjà de cette société" in browser.page.select_one("#parent-error").get_text()  # type: ignore[union-attr]
    assert browser.fields("#record")["parent"] == str(bottom)
    assert browser.fields("#record")["city"] == "Lyon"
    assert state(app) == before


def test_a_client_is_not_its_own_parent(app: Flask) -> None:
    client_id = add_client(app, "EDF")
    browser = browser_of(app)
    browser.get(f"/client/edit/?id={client_id}")
    browser.submit("#record", parent=str(client_id))
    assert "sa propre société mère" in browser.text
    assert row(app, Client, client_id)["parent_id"] is None


def test_a_parent_that_has_become_inactive_stays_where_it_is(app: Flask) -> None:
    parent, child = chain(app, "Groupe", "Filiale")
    change(app, Client, parent, is_active=False)
    browser = browser_of(app)
    browser.get(f"/client/edit/?id={child}")
    assert browser.fields("#record")["parent"] == str(parent)
    browser.submit("#record", city="Lyon")
    assert row(app, Client, child)["city"] == "Lyon"
    assert row(app, Client, child)["parent_id"] == parent


def test_the_parent_can_be_taken_away_again(app: Flask) -> None:
    parent, child = chain(app, "Groupe", "Filiale")
    browser = browser_of(app, name="Alice Durand")
    browser.get(f"/client/edit/?id={child}")
    browser.submit("#record", parent="")
    assert row(app, Client, child)["parent_id"] is None
    assert ("Alice Durand", "parent_id", parent, None) in facts(app, "client", child)


def test_a_taken_email_is_refused_on_the_page_of_a_contact_too(app: Flask) -> None:
    edf, _engie = add_clients(app, [{"name": "EDF"}, {"name": "Engie", "email": "jean@engie.fr"}])
    browser = browser_of(app)
    before = state(app)
    for address in (f"/contact/new/?client={edf}", f"/contact/edit/?id={contact_ids(app, edf)[0]}"):
        browser.get(address)
        browser.submit("#record", email="JEAN@engie.fr")
        assert "déjà celle de jean@engie.fr" in browser.error_of("email")
    assert state(app) == before
