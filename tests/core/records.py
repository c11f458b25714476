"""Small records for the tests of what stands below all screens."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Fact

Session = Any


def make_client(session: Session, name: str = "Boulangerie Müller", **columns: Any) -> Client:
    """A client with its main contact, flushed and not committed."""
    email = columns.pop("email", f"contact@{name.split()[0].casefold()}.exemple.fr".replace("ü", "u"))
    contact = Contact(email=email)
    client = Client(name=name, contacts=[contact], main_contact=contact, **columns)
    session.add(client)
    session.flush()
    return client


def facts(session: Session, **equal: Any) -> list[Fact]:
    """The facts with these values, in the order in which they were written."""
    return list(session.scalars(select(Fact).filter_by(**equal).order_by(Fact.id)))


def changes(session: Session, **equal: Any) -> list[tuple[str, Any, Any]]:
    """(field, before, after) of each fact with these values."""
    return [(fact.field, fact.before, fact.after) for fact in facts(session, **equal)]
