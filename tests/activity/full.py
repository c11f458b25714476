"""A client with whom everything has happened many times over, put into the tables by the thousand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from backoffice.activity.models import Entry
from backoffice.clients.models import Address, Contact
from backoffice.core.db import db, for_writing
from backoffice.events.models import Event, EventStatus

EVENTS, CONTACTS, ADDRESSES, ENTRIES, OPEN_TASKS = 500, 200, 50, 10_000, 60
BEGAN = datetime(2020, 1, 1, 8, tzinfo=UTC)


def fill(app: Flask, client: int, author: int) -> None:
    """Give a client all of these, its main contact beside; `author` has written what there is to read."""
    with app.app_context(), for_writing():
        _insert(Contact, map(_contact, range(CONTACTS)), client)
        _insert(
            Address,
            ({"label": f"Dépôt {n}", "city": "Lyon", "country": "FR"} for n in range(ADDRESSES)),
            client,
        )
        state = db.session.scalar(select(EventStatus.id).order_by(EventStatus.position))
        _insert(Event, (_event(n) | {"status_id": state, "owner_id": author} for n in range(EVENTS)), client)
        contact = db.session.scalar(
            select(Contact.id).where(Contact.client_id == client).order_by(Contact.id.desc())
        )
        notes = ({**_entry(n), "kind": "call" if n % 3 else "note"} for n in range(ENTRIES - OPEN_TASKS))
        tasks = ({**_entry(n), **_task(n), "kind": "task", "owner_id": author} for n in range(OPEN_TASKS))
        for rows in (notes, tasks):
            _insert(Entry, (row | {"author_id": author, "contact_id": contact} for row in rows), client)
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")


def _insert(model: Any, rows: Any, client: int) -> None:
    db.session.execute(insert(model.__table__), [{**row, "client_id": client} for row in rows])


def _contact(number: int) -> dict[str, Any]:
    """Somebody of whom all is known: the rows of the card weigh what they may weigh."""
    email = f"marie-christine.nom{number}@plein.example"
    return {
        "first_name": "Marie-Christine",
        "last_name": f"Nom{number:03}",
        "name_key": f"nom{number:03} marie-christine",
        "email": email,
        "email_key": email,
        "job_title": "Directrice des ressources humaines",
        "direct_phone": f"+331234{number:05}",
        "mobile_phone": f"+336123{number:05}",
        "switchboard_phone": "+33123400000",
    }


def _event(number: int) -> dict[str, Any]:
    day = date(2020, 1, 1) + timedelta(days=5 * number)
    name = f"Soirée {number}"
    return {
        "name": name,
        "name_key": f"soiree {number}",
        "starts_on": day,
        "ends_on": day,
        "headcount": number,
    }


def _entry(number: int) -> dict[str, Any]:
    return {"body": f"Note {number}\n\nUn **mot**.", "at": BEGAN + timedelta(hours=number)}


def _task(number: int) -> dict[str, Any]:
    return {"title": f"Tâche {number}", "due_on": date(2021, 1, 1), "priority": "normal"}
