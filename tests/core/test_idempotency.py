"""A form sent twice makes one record, and a key is worth nothing to anybody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from backoffice.core import idempotency
from backoffice.core.db import db, now
from backoffice.core.idempotency import IdempotencyKey, keep, made_by, new_key

Scoped = scoped_session[Any]


def test_every_form_has_a_key_of_its_own() -> None:
    keys = {new_key() for _ in range(100)}

    assert len(keys) == 100
    assert all(idempotency._SHAPE.fullmatch(key) for key in keys)


def test_a_form_that_has_made_a_record_finds_it(session: Scoped) -> None:
    key = new_key()
    assert made_by(session, key, 7, "client") is None

    keep(session, key, 7, "client", 31)
    session.commit()

    assert made_by(session, key, 7, "client") == 31


@pytest.mark.parametrize(("user_id", "purpose"), [(8, "client"), (7, "contact")])
def test_a_key_says_nothing_to_another_person_or_form(session: Scoped, user_id: int, purpose: str) -> None:
    key = new_key()
    keep(session, key, 7, "client", 31)

    assert made_by(session, key, user_id, purpose) is None


@pytest.mark.parametrize(
    "key", [None, "", "short", "x" * 65, "'; DROP TABLE client; --", "é" * 32, "a" * 31 + "\x00"]
)
def test_what_is_no_key_is_neither_kept_nor_looked_up(session: Scoped, key: str | None) -> None:
    keep(session, key, 7, "client", 31)
    session.commit()

    assert made_by(session, key, 7, "client") is None
    assert session.scalars(select(IdempotencyKey)).all() == []


def test_the_second_of_two_senders_is_refused_by_the_database(session: Scoped) -> None:
    key = new_key()
    keep(session, key, 7, "client", 31)
    session.commit()

    with Session(db.engine) as second, pytest.raises(IntegrityError):
        keep(second, key, 7, "client", 32)

    assert made_by(session, key, 7, "client") == 31


def test_a_key_goes_when_what_it_made_is_rolled_back(session: Scoped) -> None:
    key = new_key()
    keep(session, key, 7, "client", 31)
    session.rollback()

    assert made_by(session, key, 7, "client") is None


def test_keys_that_no_open_form_of_this_person_can_carry_are_forgotten(session: Scoped) -> None:
    old, of_another, fresh = new_key(), new_key(), new_key()
    keep(session, old, 7, "client", 31)
    keep(session, of_another, 8, "client", 32)
    session.execute(update(IdempotencyKey).values(made_at=now() - idempotency.KEPT - timedelta(hours=1)))

    keep(session, fresh, 7, "client", 33)
    session.commit()

    assert set(session.scalars(select(IdempotencyKey.key))) == {of_another, fresh}
