"""Events for tests: put into the database as they are, whatever the rules would say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from backoffice.clients.models import Client
from backoffice.core.audit import SYSTEM, act_as
from backoffice.core.db import db, for_writing
from backoffice.events.models import Event, EventStatus

SOON = date.today() + timedelta(days=10)


def add_events(app: Flask, client_id: int, wanted: Iterable[Mapping[str, Any]]) -> list[int]:
    """Events of a client; what is not given is a confirmed day in ten days. Returns their ids."""
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        made = [_event(client_id, dict(values)) for values in wanted]
        db.session.add_all(made)
        db.session.commit()
        return [event.id for event in made]


def add_event(app: Flask, client_id: int, **values: Any) -> int:
    """One event; returns its id."""
    return add_events(app, client_id, [values])[0]


def status_id(label: str) -> int:
    """The id of a state."""
    found: int | None = db.session.scalar(select(EventStatus.id).where(EventStatus.label == label))
    assert found is not None, label
    return found


def main_contact(app: Flask, client_id: int) -> int:
    """The main contact of a client."""
    with app.app_context():
        return db.session.get_one(Client, client_id).main_contact_id


def _event(client_id: int, values: dict[str, Any]) -> Event:
    start = values.pop("starts_on", SOON)
    return Event(
        client_id=client_id,
        name=values.pop("name", "Soirée"),
        starts_on=start,
        ends_on=values.pop("ends_on", start),
        status_id=status_id(values.pop("status", "Confirmé")),
        **values,
    )
