"""What a record lacks: the rule and the SQL say the same, and the lists and counts run over their indexes."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from backoffice.clients import completing, queries
from backoffice.clients.models import Client, Contact
from backoffice.core.countries import country_names
from tests.clients.cast import add_clients, browser_of

SIREN, VAT = "999424450", "FR64999424450"
FULL: dict[str, Any] = {
    "siren": SIREN,
    "vat_number": VAT,
    "street": "14 quai de Valmy",
    "postal_code": "75010",
    "city": "Paris",
}

CASES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "nothing": ({}, ()),
    "no SIREN in France": ({"siren": None}, ("siren",)),
    "no SIREN in Martinique": ({"siren": None, "country": "MQ"}, ("siren",)),
    "no SIREN in Saint-Pierre-et-Miquelon, where there is no VAT of the Union": (
        {"siren": None, "vat_number": None, "country": "PM"},
        ("siren",),
    ),
    "no SIREN in Monaco, which has none": ({"siren": None, "country": "MC"}, ()),
    "no SIREN in Belgium": ({"siren": None, "country": "BE"}, ()),
    "no VAT number in France": ({"vat_number": None}, ("vat_number",)),
    "no VAT number in Greece": ({"siren": None, "vat_number": None, "country": "GR"}, ("vat_number",)),
    "no VAT number in Switzerland": ({"siren": None, "vat_number": None, "country": "CH"}, ()),
    "no VAT number in French Guiana": ({"vat_number": None, "country": "GF"}, ()),
    "no street": ({"street": None}, ("address",)),
    "no town": ({"city": None}, ("address",)),
    "no postal code in France": ({"postal_code": None}, ("address",)),
    "no postal code in Ireland, where few know theirs": ({"postal_code": None, "country": "IE"}, ()),
    "nothing but a name": (dict.fromkeys(FULL), ("siren", "vat_number", "address")),
    "a text of no letters": ({"street": "", "vat_number": ""}, ("vat_number", "address")),
    "inactive": ({**dict.fromkeys(FULL), "is_active": False}, ()),
}


def client_of(number: int, values: dict[str, Any]) -> Client:
    client = Client(
        name=f"Client {number}", **{"country": "FR", "is_active": True, **FULL, **values, "siret": None}
    )
    client.contacts = [Contact(email=f"c{number}@exemple.fr")]
    client.main_contact = client.contacts[0]
    return client


def ids_lacking(session: Any, kind: str) -> set[int]:
    return set(session.scalars(select(Client.id).where(queries.lacks(kind))))


@pytest.mark.parametrize(("values", "missing"), CASES.values(), ids=CASES)
def test_the_rule_says_what_is_missing(values: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert completing.lacks(client_of(1, values)) == missing


def test_the_sql_says_the_same_as_the_rule_for_every_country_and_gap(session: Any) -> None:
    gaps: list[dict[str, Any]] = [
        dict.fromkeys(names) for names in ((), ("siren",), ("vat_number",), ("postal_code",))
    ]
    everywhere = [{"country": code, **gap} for code, gap in product(country_names(), gaps)]
    clients = [
        client_of(number, values)
        for number, values in enumerate([*(case[0] for case in CASES.values()), *everywhere])
    ]
    for client in clients:
        session.add(client)
        session.flush()

    for kind in completing.LACKS:
        assert ids_lacking(session, kind) == {
            client.id for client in clients if kind in completing.lacks(client)
        }, kind
    assert ids_lacking(session, "any") == {client.id for client in clients if completing.lacks(client)}


KINDS = (
    ("any", "ix_client_incomplete"),
    ("siren", "ix_client_lacks_siren"),
    ("vat_number", "ix_client_incomplete"),
    ("address", "ix_client_lacks_address"),
)


@pytest.mark.parametrize(("kind", "index"), KINDS)
def test_the_list_by_name_runs_over_an_index_of_the_incomplete(session: Any, kind: str, index: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))  # an empty table is read faster without index
        session.execute(text("SET LOCAL enable_sort = off"))
        for other in {"ix_client_active_name", *(index for _kind, index in KINDS)} - {
            index
        }:  # which is the cheapest depends on the rows
            session.execute(text(f"DROP INDEX {other}"))
    listed = select(Client.name_key, Client.id).where(Client.is_active, queries.lacks(kind))

    plan = explained(session(), listed.order_by(Client.name_key, Client.id).limit(51))

    assert index in plan, plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def explained(session: Session, statement: Any) -> str:
    """How the engine answers this very statement, as its driver gets it."""
    connection = session.connection()
    asking = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "

    def explain(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_more: Any) -> Any:
        return asking + sql, parameters

    event.listen(connection, "before_cursor_execute", explain, retval=True)
    try:
        rows = connection.execute(statement).cursor.fetchall()
    finally:
        event.remove(connection, "before_cursor_execute", explain)
    return "\n".join(" ".join(map(str, row)) for row in rows)


def test_the_list_can_be_narrowed_to_what_records_lack(app: Flask) -> None:
    add_clients(
        app,
        [
            {"name": "Complète", **FULL},
            {"name": "Sans TVA", **FULL, "vat_number": None},
            {"name": "Sans rien"},
        ],
    )
    browser = browser_of(app)

    assert names(browser, "any") == ["Sans rien", "Sans TVA"]
    assert names(browser, "siren") == ["Sans rien"]
    assert names(browser, "vat_number") == ["Sans rien", "Sans TVA"]
    assert names(browser, "address") == ["Sans rien"]
    assert names(browser, "nonsense") == []
    assert "À compléter" in browser.text


def names(browser: Any, lacks: str) -> list[str]:
    browser.get(f"/client/?lacks={lacks}")
    return [tag.get_text(" ", strip=True) for tag in browser.page.select("table.list tbody th a")]


def test_a_record_that_is_completed_leaves_the_list(session: Any) -> None:
    client = client_of(1, {"vat_number": None})
    session.add(client)
    session.flush()
    assert ids_lacking(session, "any") == {client.id}

    client.vat_number = VAT
    session.flush()

    assert ids_lacking(session, "any") == set()
