"""The history replayed from its beginning: it must arrive at exactly what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import inspect, select

from backoffice.clients.models import Address, Client, Contact
from backoffice.core import audit
from backoffice.core.audit import Fact
from backoffice.core.db import db

MODELS: tuple[Any, ...] = (Client, Contact, Address)

#: (table, id) of a record: its audited columns.
Records = dict[tuple[str, int], dict[str, Any]]


def _audited(model: Any) -> list[str]:
    return [
        prop.key
        for prop in inspect(model).column_attrs
        if not prop.columns[0].primary_key and prop.columns[0].info.get("audited", True)
    ]


COLUMNS = {model.__tablename__: _audited(model) for model in MODELS}


def stored(session: Any) -> Records:
    """What the tables hold now."""
    return {
        (model.__tablename__, row[0]): {
            name: audit.plain(value)
            for name, value in zip(COLUMNS[model.__tablename__], row[1:], strict=True)
        }
        for model in MODELS
        for row in session.execute(
            select(model.id, *(getattr(model, name) for name in COLUMNS[model.__tablename__]))
        )
    }


def replayed(facts: Iterable[Any], since: Records | None = None) -> Records:
    """What comes of the facts, one after the other. Each must begin where the one before it has ended.

    `since` is what has come of the facts before these; it goes on from there.
    """
    records: Records = {} if since is None else since
    for fact in facts:
        key = (fact.entity, fact.entity_id)
        if fact.operation == "note" or fact.field not in COLUMNS[fact.entity]:
            continue  # said by hand, beside the columns
        if fact.operation == "create":
            records.setdefault(key, dict.fromkeys(COLUMNS[fact.entity]))
        assert key in records, f"{fact.operation} of what is not there: {key}"
        now = records[key][fact.field]
        assert now == fact.before, f"{key} {fact.field}: {now!r}, and the next fact begins at {fact.before!r}"
        records[key][fact.field] = fact.after
        if fact.operation == "delete" and not any(value is not None for value in records[key].values()):
            del records[key]
    return records


def assert_history_tells_all(app: Flask) -> None:
    """Every change of a client, a contact or an address is in the history, and nothing else is."""
    with app.app_context():
        told, there = replayed(facts_after(db.session, 0)), stored(db.session)
    assert_same(told, there)


def facts_after(session: Any, number: int) -> Sequence[Fact]:
    """The facts of clients, contacts and addresses that came after this one, oldest first."""
    found = select(Fact).where(Fact.entity.in_(COLUMNS), Fact.id > number).order_by(Fact.id)
    facts: Sequence[Fact] = session.scalars(found).all()
    return facts


def assert_same(told: Records, there: Records) -> None:
    """What the history tells is what is there, record by record."""
    assert told.keys() == there.keys()
    for key, columns in there.items():
        assert told[key] == columns, key
