"""What the history holds can be changed by nobody: the database itself refuses, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import scoped_session

from backoffice.core.audit import Fact
from tests.conftest import on_sqlite_only
from tests.core.records import make_client

Session = scoped_session[Any]

REFUSED: dict[str, Any] = {
    "changed": update(Fact).values(actor_name="personne"),
    "removed": delete(Fact),
    "one removed": text("DELETE FROM fact WHERE id = (SELECT max(id) FROM fact)"),
}


def held(session: Session) -> list[Any]:
    return [tuple(row) for row in session.execute(select(Fact.__table__).order_by(Fact.id))]


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses_to_change_or_remove_a_fact(session: Session, what: str) -> None:
    make_client(session)
    session.commit()
    before = held(session)

    with pytest.raises(DBAPIError, match="the facts of the history are final"):
        session.execute(REFUSED[what])

    session.rollback()
    assert held(session) == before
    assert before


def test_the_database_refuses_what_each_engine_has_to_go_round_that(session: Session, engine: str) -> None:
    make_client(session)
    session.commit()
    before = held(session)
    columns = ", ".join(column.name for column in Fact.__table__.columns)
    way_round = {
        "sqlite": f"INSERT OR REPLACE INTO fact ({columns}) SELECT {columns} FROM fact LIMIT 1",
        "postgresql": "TRUNCATE fact",
    }

    with pytest.raises(DBAPIError, match="the facts of the history are final"):
        session.execute(text(way_round[engine]))

    session.rollback()
    assert held(session) == before


@on_sqlite_only
def test_new_facts_are_still_written_one_by_one_and_together(session: Session) -> None:
    make_client(session)
    session.commit()
    rows = [dict(row._mapping) | {"id": None} for row in session.execute(select(Fact.__table__).limit(2))]
    count = len(held(session))

    session.execute(insert(Fact), [{k: v for k, v in row.items() if k != "id"} for row in rows])
    session.commit()

    assert len(held(session)) == count + 2
