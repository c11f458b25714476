"""The index of searches, composed anew."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import delete, select, update

from backoffice.core.audit import SYSTEM
from backoffice.core.db import db, for_writing
from backoffice.core.search_text import SearchText
from backoffice.ops import search as command
from backoffice.ops.demo import load
from backoffice.users.transactions import short_write


def texts() -> dict[int, list[str]]:
    """The words of each record; their order is that in which the engine happens to give the contacts."""
    db.session.rollback()
    return {row.record_id: sorted(row.text.split()) for row in db.session.scalars(select(SearchText))}


def rebuild(app: Flask) -> str:
    result = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.exit_code == 0, result.output
    return str(result.stdout)


def test_a_rebuild_brings_back_what_was_lost_or_wrong_and_drops_texts_of_nobody(
    app: Flask, monkeypatch: Any
) -> None:
    monkeypatch.setattr(command, "_BATCH", 7)
    with app.app_context():
        with short_write(SYSTEM, via="command") as session:
            load(session, SYSTEM)
        right = texts()
        with for_writing():
            db.session.rollback()
            first, second = sorted(right)[:2]
            db.session.execute(delete(SearchText).where(SearchText.record_id == first))
            db.session.execute(update(SearchText).where(SearchText.record_id == second).values(text=" faux"))
            db.session.add(SearchText(kind="client", record_id=999_999, text=" personne"))
            db.session.commit()

        assert "recomposés : 40." in rebuild(app)
        assert texts() == right


def test_a_rebuild_of_an_empty_database_is_nothing_to_complain_of(app: Flask) -> None:
    assert "recomposés : 0." in rebuild(app)
