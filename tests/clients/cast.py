"""Clients for tests, and the eyes to see what a request has changed: rows, facts, search texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask
from sqlalchemy import inspect, select

from backoffice.clients import services
from backoffice.clients.models import Address, Client, Contact
from backoffice.core.audit import SYSTEM, Fact, act_as
from backoffice.core.db import db, for_writing
from backoffice.core.search_text import SearchText
from tests.users.people import make_user, signed_in
from tests.web import Browser

#: What a request about clients may change. Log-ins write facts too: those of accounts are left out.
_WATCHED = (Client, Contact, Address, SearchText)

Rows = dict[str, list[dict[str, Any]]]


def browser_of(app: Flask, role: str = "gestionnaire", name: str = "", **more: Any) -> Browser:
    """Somebody of this role in front of a browser, logged in; `name` is a first and a last name."""
    email = f"{(name or role).lower().replace(' ', '.')}@office.example"
    if name:
        more["first_name"], more["last_name"] = name.split()
    make_user(app, email, role, **more)
    return signed_in(app, email)


def add_client(app: Flask, name: str, email: str | None = None, **values: Any) -> int:
    """A client with its main contact and whatever else is given; returns its id."""
    return add_clients(app, [{"name": name, "email": email, **values}])[0]


def add_clients(app: Flask, wanted: Iterable[Mapping[str, Any]]) -> list[int]:
    """Several clients in one transaction. `contacts` and `addresses` are lists of further ones."""
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        made = []
        for values in wanted:
            made.append(_client(**dict(values)))
            db.session.add(made[-1])
            db.session.flush()
        db.session.commit()
        return [client.id for client in made]


def _client(name: str, email: str | None = None, **values: Any) -> Client:
    contacts = [Contact(**more) for more in values.pop("contacts", ())]
    addresses = [Address(**more) for more in values.pop("addresses", ())]
    main = Contact(
        email=email or f"contact@{''.join(letter for letter in name.lower() if letter.isalnum())}.example",
        **values.pop("main", {}),
    )
    client = Client(name=name, contacts=[main, *contacts], addresses=addresses, **values)
    services.begin(client, SYSTEM)
    return client


def change(app: Flask, model: Any, id_: int, **values: Any) -> None:
    """Change a record the way a service does."""
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        record = db.session.get(model, id_)
        for name, value in values.items():
            setattr(record, name, value)
        db.session.commit()


def row(app: Flask, model: Any, id_: int) -> dict[str, Any]:
    """The stored columns of one record."""
    with app.app_context():
        found = db.session.get(model, id_)
        assert found is not None
        return _columns(found)


def rows(app: Flask, model: Any, **where: Any) -> list[dict[str, Any]]:
    """The stored columns of all such records, oldest first."""
    with app.app_context():
        found = db.session.scalars(select(model).filter_by(**where))
        return sorted(
            (_columns(record) for record in found), key=lambda columns: str(columns.get("id")).zfill(9)
        )


def contact_ids(app: Flask, client_id: int) -> list[int]:
    return [columns["id"] for columns in rows(app, Contact, client_id=client_id)]


def state(app: Flask) -> Rows:
    """All that is stored of clients, with every fact: equal before and after a request that changes nothing."""
    with app.app_context():
        found = {model.__tablename__: _all(model) for model in _WATCHED}
        facts = db.session.scalars(select(Fact).where(Fact.entity.not_in(("user", "user_session"))))
        return found | {"fact": [_columns(fact) for fact in facts]}


def _all(model: Any) -> list[dict[str, Any]]:
    return [
        _columns(record) for record in db.session.scalars(select(model).order_by(*inspect(model).primary_key))
    ]


def _columns(record: Any) -> dict[str, Any]:
    return {prop.key: getattr(record, prop.key) for prop in inspect(type(record)).column_attrs}


def facts(
    app: Flask, entity: str, id_: int | None = None, operation: str = "update"
) -> list[tuple[Any, ...]]:
    """What the history holds of one kind of record: (who, field, before, after)."""
    statement = select(Fact).where(Fact.entity == entity, Fact.operation == operation).order_by(Fact.id)
    if id_ is not None:
        statement = statement.where(Fact.entity_id == id_)
    with app.app_context():
        found = db.session.scalars(statement)
        return [(fact.actor_name, fact.field, fact.before, fact.after) for fact in found]


def summary_of(browser: Browser) -> str:
    """The words of the summary under the head of a form; "" when there is none."""
    tag = browser.page.select_one("#summary")
    return " ".join(tag.get_text(" ").split()) if tag else ""


def notices(browser: Browser) -> list[str]:
    """What the page says under its head, sentence by sentence."""
    return [" ".join(tag.get_text(" ").split()) for tag in browser.page.select(".notice > div")]
