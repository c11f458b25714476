"""Who saves second compares: what was, what the other has saved, what was typed; and nothing is lost or taken back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Address, Client, Contact
from tests.clients.cast import add_client, browser_of, change, contact_ids, row, rows, state
from tests.conftest import on_sqlite_only
from tests.events.cast import add_event
from tests.web import Browser

PAUL = {"email": "paul@edf.fr", "first_name": "Paul", "mobile_phone": "+33612345678"}
PORT = {"label": "Entrepôt", "street": "3 rue du Port", "postal_code": "13002", "city": "Marseille"}
#: A difference as the page shows it: field, before, theirs, mine, and which of both is preselected.
Shown = tuple[str, str, str, str, str]


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", phone="+33142000000", contacts=[PAUL], addresses=[PORT])


@pytest.fixture
def alice(app: Flask, edf: int) -> Browser:
    return opened(browser_of(app, name="Alice Durand"), edf)


@pytest.fixture
def luc(app: Flask, edf: int) -> Browser:
    return opened(browser_of(app, name="Luc Martin"), edf)


def opened(browser: Browser, client_id: int) -> Browser:
    browser.get(f"/client/edit/?id={client_id}")
    return browser


def shown(browser: Browser) -> list[Shown]:
    """The differences that the page shows."""
    found = []
    for tag in browser.page.select(".of"):
        kept = tag.select_one("input[checked]")
        values = [value.get_text() for value in tag.select("dd p")]
        label = tag.h3.get_text() if tag.h3 else ""
        found.append((label, *values, str(kept["value"]) if kept else ""))
    return found  # type: ignore[return-value]


def keep(**choices: str) -> dict[str, Any]:
    return {f"_keep-{name.replace('__', '-')}": whose for name, whose in choices.items()}


def test_changes_of_different_fields_are_shown_once_and_one_enter_saves_both(
    app: Flask, edf: int, alice: Browser, luc: Browser
) -> None:
    luc.submit("#record", city="Lyon", **{"contacts-1-first_name": "Pierre"})
    alice.submit("#record", phone="01 42 00 00 99")
    assert alice.status == 409
    assert "Luc Martin a modifié cette fiche à" in alice.text
    assert "Comparez avant d’enregistrer." in alice.text
    assert shown(alice) == [
        ("Ville", "—", "Lyon", "—", "theirs"),
        ("Contact Pierre · Prénom", "Paul", "Pierre", "Paul", "theirs"),
        ("Tél. standard", "01 42 00 00 00", "01 42 00 00 00", "01 42 00 00 99", "mine"),
    ]
    assert alice.page.select("button.main[data-focus][autofocus]")
    alice.submit("#record")
    assert alice.path == f"/client/details/?id={edf}"
    saved = row(app, Client, edf)
    assert (saved["city"], saved["phone"]) == ("Lyon", "+33142000099")
    assert row(app, Contact, contact_ids(app, edf)[1])["first_name"] == "Pierre"


def test_a_field_that_both_changed_is_written_only_once_one_has_chosen(
    app: Flask, edf: int, alice: Browser, luc: Browser
) -> None:
    luc.submit("#record", city="Lyon")
    alice.submit("#record", city="Paris")
    assert shown(alice) == [("Ville", "—", "Lyon", "Paris", "")]
    before = state(app)
    alice.submit("#record")
    assert alice.status == 409
    assert "1 choix à faire : Ville" in alice.text
    wrong = alice.page.select_one(
        "[role=radiogroup][aria-invalid=true][aria-describedby=wrong-city] #wrong-city"
    )
    assert wrong is not None
    assert wrong.get_text() == "Choisissez la valeur à garder."
    assert state(app) == before
    alice.submit("#record", **keep(city="theirs"))
    assert alice.path == f"/client/details/?id={edf}"
    assert state(app) == before


def test_the_switch_of_support_is_not_taken_back_by_an_old_form(app: Flask, edf: int, alice: Browser) -> None:
    support = browser_of(app, "support", name="Samira Haddad")
    support.get(f"/client/details/?id={edf}")
    support.post("/client/deactivate/", {"id": str(edf)})
    alice.submit("#record", city="Paris")
    assert ("Active", "Oui", "Non", "Oui", "theirs") in shown(alice)
    alice.submit("#record")
    saved = row(app, Client, edf)
    assert (saved["is_active"], saved["city"]) == (False, "Paris")
    assert saved["deactivated_by"] == "Samira Haddad"


@pytest.mark.parametrize("number", ["", "abc", "-1", "9" * 18, "9" * 40])
@on_sqlite_only
def test_with_a_forged_number_everything_that_differs_has_to_be_chosen(
    app: Flask, edf: int, alice: Browser, number: str
) -> None:
    change(app, Client, edf, is_active=False)
    before = state(app)
    for _ in range(2):
        alice.submit("#record", seen_fact=number, city="Paris")
        assert alice.status == 409
        assert {(label, kept) for label, _before, _theirs, _mine, kept in shown(alice)} == {
            ("Ville", ""),
            ("Active", ""),
        }
    assert state(app) == before


def test_a_third_change_keeps_the_choices_that_it_does_not_concern(
    app: Flask, edf: int, alice: Browser, luc: Browser
) -> None:
    luc.submit("#record", city="Lyon", street="1 rue de Luc")
    alice.submit("#record", city="Paris", street="2 rue d'Alice")
    change(app, Client, edf, city="Lille")
    alice.submit("#record", **keep(city="mine", street="mine"))
    assert alice.status == 409
    assert shown(alice) == [
        ("Adresse", "—", "1 rue de Luc", "2 rue d'Alice", "mine"),
        ("Ville", "—", "Lille", "Paris", ""),
    ]
    alice.submit("#record", **keep(city="theirs"))
    saved = row(app, Client, edf)
    assert (saved["city"], saved["street"]) == ("Lille", "2 rue d'Alice")


def test_back_in_the_form_everything_typed_stands_and_is_compared_again(
    app: Flask, edf: int, alice: Browser, luc: Browser
) -> None:
    luc.submit("#record", city="Lyon")
    alice.submit("#record", city="Paris", **{"addresses-0-city": "Aix"})
    before = state(app)
    alice.submit("#record", press="_resumed")
    assert alice.status == 200
    fields = alice.fields("#record")
    assert (fields["city"], fields["addresses-0-city"]) == ("Paris", "Aix")
    alice.submit("#record", phone="01 42 00 00 99")
    assert alice.status == 409
    assert {one[0] for one in shown(alice)} == {"Ville", "Adresse Entrepôt · Ville", "Tél. standard"}
    assert state(app) == before


def test_rows_that_come_and_go_are_compared_row_by_row(
    app: Flask, edf: int, alice: Browser, luc: Browser
) -> None:
    added: dict[str, Any] = {"contacts-2-email": "new@edf.fr", "del-addresses-0": True}
    luc.submit("#record", **added)
    mine: dict[str, Any] = {"del-contacts-1": True, "addresses-1-label": "Usine", "addresses-1-city": "Pau"}
    alice.submit("#record", **mine)
    told = {label: values for label, _before, *values in shown(alice)}
    assert told == {
        "Contact new@edf.fr": ["new@edf.fr", "—", ""],
        "Contact Paul": ["Paul, paul@edf.fr, 06 12 34 56 78", "Retiré", "mine"],
        "Adresse Entrepôt": ["Retiré", "Entrepôt, 3 rue du Port, 13002, Marseille, France", "theirs"],
        "Adresse": ["—", "Usine, Pau, France", ""],
    }
    alice.submit("#record")
    assert {contact["email"] for contact in rows(app, Contact)} == {"contact@edf.example", "new@edf.fr"}
    assert [address["label"] for address in rows(app, Address)] == ["Usine"]


@pytest.mark.parametrize(
    ("theirs", "mine", "whose", "left"),
    [
        ({"del-contacts-1": True}, {"contacts-1-first_name": "Paulin"}, "theirs", None),
        ({"del-contacts-1": True}, {"contacts-1-first_name": "Paulin"}, "mine", "Paulin"),
        ({"contacts-1-first_name": "Pierre"}, {"del-contacts-1": True}, "theirs", "Pierre"),
        ({"contacts-1-first_name": "Pierre"}, {"del-contacts-1": True}, "mine", None),
    ],
)
def test_of_a_row_that_one_changed_and_the_other_removed_one_chooses(
    app: Flask,
    edf: int,
    alice: Browser,
    luc: Browser,
    theirs: dict[str, Any],
    mine: dict[str, Any],
    whose: str,
    left: str | None,
) -> None:
    luc.submit("#record", **theirs)
    alice.submit("#record", **mine)
    ((_label, _before, _theirs, _mine, kept),) = shown(alice)
    assert kept == ""
    alice.submit("#record", **keep(contacts__1=whose))
    assert alice.path == f"/client/details/?id={edf}", alice.text
    names = [contact["first_name"] for contact in rows(app, Contact) if contact["email"] == "paul@edf.fr"]
    assert names == ([left] if left else [])


def test_the_billing_address_and_the_star_are_compared_too(
    app: Flask, edf: int, alice: Browser, luc: Browser
) -> None:
    luc.submit("#record", billing_same_address=False, billing_street="9 quai", billing_city="Pau")
    paul = contact_ids(app, edf)[1]
    luc.post("/contact/star/", {"id": str(paul)})
    alice.submit("#record", city="Paris")
    told = {label: (before, theirs, kept) for label, before, theirs, _mine, kept in shown(alice)}
    assert told["Ville de facturation"] == ("—", "Pau", "theirs")
    assert told["Contact principal"] == ("contact@edf.example", "Paul", "")
    alice.submit("#record")
    saved = row(app, Client, edf)
    assert saved["main_contact_id"] == paul
    assert saved["billing_address_id"] is not None
    assert {address["street"] for address in rows(app, Address)} == {"3 rue du Port", "9 quai"}


@on_sqlite_only
def test_an_event_an_address_and_a_choice_are_compared_as_well(app: Flask, edf: int) -> None:
    event, port = add_event(app, edf, name="Gala", place="Paris"), rows(app, Address)[0]["id"]
    alice = browser_of(app, "administrateur", name="Alice Durand")
    luc = browser_of(app, "administrateur", name="Luc Martin")
    for address, field in (
        (f"/event/edit/?id={event}", "place"),
        (f"/address/edit/?id={port}", "street2"),
        ("/source/edit/?id=1", "label_en"),
    ):
        alice.get(address)
        luc.get(address)
        luc.submit("#record", **{field: "De Luc"})
        alice.submit("#record", **{field: "D’Alice"})
        ((_label, _before, theirs, mine, kept),) = shown(alice)
        assert (theirs, mine, kept) == ("De Luc", "D’Alice", ""), address
        alice.submit("#record", **keep(**{field: "mine"}))
        assert alice.status == 200
        alice.get(address)
        assert alice.fields("#record")[field] == "D’Alice"


@on_sqlite_only
def test_one_s_own_other_window_is_told_as_such(app: Flask, edf: int, luc: Browser) -> None:
    other = opened(luc, edf).page
    luc.submit("#record", city="Lyon")
    luc.go_back(other, f"/client/edit/?id={edf}")
    luc.submit("#record", city="Paris")
    assert "Vous avez modifié cette fiche à" in luc.text
    assert "dans une autre fenêtre" in luc.text


@on_sqlite_only
def test_what_both_have_typed_alike_is_no_difference(
    app: Flask, edf: int, alice: Browser, luc: Browser
) -> None:
    luc.submit("#record", phone="01 42 00 00 99", city="Lyon")
    alice.submit("#record", phone="01 42 00 00 99", city="Lyon")
    assert alice.status == 409
    assert shown(alice) == []
    before = state(app)
    alice.submit("#record")
    assert alice.path == f"/client/details/?id={edf}"
    assert state(app) == before
