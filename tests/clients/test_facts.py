"""Every field of a client's form leaves its fact when it changes, alone or together with all others."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.clients.models import Address, Client, Contact
from tests.clients.cast import add_client, browser_of, contact_ids, facts, row, rows

ADA = "Ada Lovelace"

#: What is typed, and what the history then holds of it.
CLIENT = {
    "name": ("E.D.F.", "E.D.F."),
    "website": ("www.edf.fr", "https://www.edf.fr"),
    "phone": ("01 40 42 22 22", "+33140422222"),
    "type": ("2", 2),
    "language": ("2", 2),
    "street": ("22 avenue de Wagram", "22 avenue de Wagram"),
    "street2": ("Bâtiment B", "Bâtiment B"),
    "postal_code": ("75008", "75008"),
    "city": ("Paris", "Paris"),
    "siren": ("552 081 317", "552081317"),
    "account_code": ("411EDF", "411EDF"),
    "payment_term": ("2", 2),
    "vat_regime": ("export", "export"),
}
CONTACT = {
    "civility": ("2", 2),
    "first_name": ("Paulin", "Paulin"),
    "last_name": ("Roux", "Roux"),
    "email": ("paulin@edf.fr", "paulin@edf.fr"),
    "job_title": ("Acheteur", "Acheteur"),
    "mobile_phone": ("06 12 34 56 78", "+33612345678"),
    "source": ("3", 3),
}
ADDRESS = {"label": ("Usine", "Usine"), "street": ("1 quai", "1 quai"), "city": ("Aix", "Aix")}
CHOICES = ("type", "language", "payment_term", "civility", "source")


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", contacts=[{"email": "paul@edf.fr"}], addresses=[{"label": "Dépôt"}])


def told(app: Flask, entity: str, id_: int) -> dict[str, Any]:
    found = facts(app, entity, id_)
    assert {fact[0] for fact in found} == {ADA}
    assert len({fact[1] for fact in found}) == len(found), found
    return {fact[1]: fact[3] for fact in found}


def expected(fields: dict[str, tuple[str, Any]]) -> dict[str, Any]:
    return {f"{name}_id" if name in CHOICES else name: kept for name, (_typed, kept) in fields.items()}


def typed(fields: dict[str, tuple[str, Any]], prefix: str = "") -> dict[str, str]:
    return {f"{prefix}{name}": text for name, (text, _kept) in fields.items()}


@pytest.mark.parametrize("field", CLIENT)
def test_a_field_that_changes_alone_leaves_one_fact(app: Flask, edf: int, field: str) -> None:
    browser, only = browser_of(app, name=ADA), {field: CLIENT[field]}
    browser.get(f"/client/edit/?id={edf}")
    browser.submit("#record", **typed(only))
    assert told(app, "client", edf) == expected(only)


def test_all_that_changes_at_once_leaves_its_facts(app: Flask, edf: int) -> None:
    browser, paul = browser_of(app, name=ADA), contact_ids(app, edf)[1]
    (port,) = rows(app, Address)
    browser.get(f"/client/edit/?id={edf}")
    filled = typed(CLIENT) | typed(CONTACT, "contacts-1-") | typed(ADDRESS, "addresses-0-")
    browser.submit("#record", **filled)
    assert browser.path == f"/client/details/?id={edf}", browser.text
    assert told(app, "client", edf) == expected(CLIENT)
    assert told(app, "contact", paul) == expected(CONTACT)
    assert told(app, "address", port["id"]) == expected(ADDRESS)


def test_the_pages_of_contact_and_address_leave_theirs(app: Flask, edf: int) -> None:
    browser, paul = browser_of(app, name=ADA), contact_ids(app, edf)[1]
    (port,) = rows(app, Address)
    for address, fields in (
        (f"contact/edit/?id={paul}", CONTACT),
        (f"address/edit/?id={port['id']}", ADDRESS),
    ):
        browser.get(f"/{address}")
        browser.submit("#record", **typed(fields))
    assert told(app, "contact", paul) == expected(CONTACT)
    assert told(app, "address", port["id"]) == expected(ADDRESS)
    assert facts(app, "client", edf) == []


def test_a_row_alone_moves_the_version_and_leaves_no_fact_of_the_client(app: Flask, edf: int) -> None:
    browser, before = browser_of(app, name=ADA), row(app, Client, edf)
    browser.get(f"/client/edit/?id={edf}")
    browser.submit("#record", **{"contacts-1-first_name": "Paulin"})
    assert row(app, Client, edf) == before | {"version": before["version"] + 1}
    assert facts(app, "client", edf) == []
    assert row(app, Contact, contact_ids(app, edf)[1])["first_name"] == "Paulin"
