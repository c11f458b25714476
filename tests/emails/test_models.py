"""What the table of the feed holds of e-mails, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from backoffice.activity.models import Entry
from backoffice.core.db import db, for_writing, now
from tests.activity.cast import add_entry
from tests.clients.cast import add_client

WHOLE = {"kind": "email", "subject": "", "state": "logged", "body": None}


def _change(app: Flask, entry: int, values: dict[str, Any]) -> None:
    table: Any = Entry.__table__
    with app.app_context(), for_writing():
        db.session.execute(update(table).where(table.c.id == entry).values(**values))
        db.session.commit()


def test_an_email_may_have_no_text_but_has_a_subject_and_a_known_state(app: Flask) -> None:
    entry = add_entry(app, add_client(app, "Müller"), "Bonjour")
    _change(app, entry, WHOLE)
    for wrong in ({"subject": None}, {"state": None}, {"state": "lost"}, {"remind_at": now()}):
        with pytest.raises(IntegrityError):
            _change(app, entry, wrong)


def test_what_is_no_email_has_no_state(app: Flask) -> None:
    entry = add_entry(app, add_client(app, "Müller"), "Bonjour")
    with pytest.raises(IntegrityError):
        _change(app, entry, {"state": "sent"})
