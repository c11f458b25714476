"""The database itself holds exactly one main contact, and a billing address that is the client's own."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from backoffice.clients.models import Client
from backoffice.core.db import db, for_writing
from tests.clients.cast import add_clients, contact_ids, row, rows, state

PORT = {"label": "Entrepôt", "street": "3 rue du Port", "postal_code": "13002", "city": "Marseille"}

#: What is tried with SQL alone: (statement, is it let through?). Engie is 2, its contacts 3 and 4, its address 2.
ATTEMPTS = {
    "point at a contact of another client": ("UPDATE client SET main_contact_id = 3 WHERE id = 1", False),
    "point at nobody": ("UPDATE client SET main_contact_id = 0 WHERE id = 1", False),
    "point at NULL": ("UPDATE client SET main_contact_id = NULL WHERE id = 1", False),
    "point at a contact that is none": ("UPDATE client SET main_contact_id = 99 WHERE id = 1", False),
    "delete the main contact": ("DELETE FROM contact WHERE id = 1", False),
    "move the main contact": ("UPDATE contact SET client_id = 2 WHERE id = 1", False),
    "point at another contact of one's own": ("UPDATE client SET main_contact_id = 2 WHERE id = 1", True),
    "delete another contact": ("DELETE FROM contact WHERE id = 2", True),
    "bill at an address of another client": ("UPDATE client SET billing_address_id = 2 WHERE id = 1", False),
    "bill at an address that is none": ("UPDATE client SET billing_address_id = 99 WHERE id = 1", False),
    "delete the billing address": ("DELETE FROM address WHERE id = 1", False),
    "move the billing address": ("UPDATE address SET client_id = 2 WHERE id = 1", False),
    "bill at the main address": ("UPDATE client SET billing_address_id = NULL WHERE id = 1", True),
    "be one's own parent": ("UPDATE client SET parent_id = 1 WHERE id = 1", False),
    "have a parent that is none": ("UPDATE client SET parent_id = 99 WHERE id = 1", False),
    "be without a name": ("UPDATE client SET name = '  ' WHERE id = 1", False),
    "have a regime that is none": ("UPDATE client SET vat_regime = 'exempt' WHERE id = 1", False),
    "have a SIRET of another SIREN": (
        "UPDATE client SET siren = '552081317', siret = '73282932000074' WHERE id = 1",
        False,
    ),
    "link to a script": ("UPDATE client SET website = 'javascript:alert(1)' WHERE id = 1", False),
    "take a taken e-mail": ("UPDATE contact SET email_key = 'zoe@engie.fr' WHERE id = 1", False),
}


@pytest.fixture
def edf(app: Flask) -> int:
    edf, _engie = add_clients(
        app,
        [
            {"name": "EDF", "contacts": [{"email": "paul@edf.fr"}], "addresses": [PORT]},
            {"name": "Engie", "contacts": [{"email": "zoe@engie.fr"}], "addresses": [PORT]},
        ],
    )
    _run(app, "UPDATE client SET billing_address_id = 1 WHERE id = 1")
    return edf


def _run(app: Flask, *statements: str) -> bool:
    """Run these in one transaction; was it let through?"""
    with app.app_context(), for_writing():
        try:
            for statement in statements:
                db.session.execute(text(statement))
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return False
        return True


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_sql_alone_cannot_break_what_holds_a_client_together(app: Flask, edf: int, attempt: str) -> None:
    statement, is_let_through = ATTEMPTS[attempt]
    before = state(app)
    assert _run(app, statement) is is_let_through
    assert (state(app) == before) is not is_let_through
    main = row(app, Client, edf)["main_contact_id"]
    assert main in contact_ids(app, edf)


def test_pointers_are_looked_at_when_the_transaction_ends(app: Flask, edf: int) -> None:
    """So that a main contact can be replaced and deleted in one go, in either order."""
    assert _run(app, "DELETE FROM contact WHERE id = 1", "UPDATE client SET main_contact_id = 2 WHERE id = 1")
    assert row(app, Client, edf)["main_contact_id"] == 2


def test_a_client_without_a_contact_cannot_be_committed(app: Flask, edf: int) -> None:
    copied = ", ".join(
        name for name in row(app, Client, edf) if name not in ("id", "main_contact_id", "billing_address_id")
    )
    before = state(app)
    assert not _run(
        app, f"INSERT INTO client (main_contact_id, {copied}) SELECT 0, {copied} FROM client WHERE id = 1"
    )
    assert state(app) == before


def test_a_client_leaves_with_its_contacts_and_addresses_by_sql_too(app: Flask, edf: int) -> None:
    assert _run(app, "DELETE FROM client WHERE id = 1")
    assert [client["name"] for client in rows(app, Client)] == ["Engie"]
    assert contact_ids(app, edf) == []
