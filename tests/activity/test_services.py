"""What the database guarantees of entries, and what happens to mentions."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from backoffice.activity import rules, services
from backoffice.activity.models import Entry, Mention, Note, Task
from backoffice.clients import removal
from backoffice.clients.models import Client
from backoffice.core.audit import Actor, act_as
from backoffice.core.db import db, for_writing, now
from backoffice.users.models import User
from tests.activity.cast import add_entry, add_task
from tests.clients.cast import add_client
from tests.users.people import make_user


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF")


NO_NOTE = (
    "body = ' '",
    "body = NULL",
    "kind = 'email'",
    "kind = 'task'",
    "removed_at = at",
    "done_at = at, done_by_id = author_id",
    "due_on = '2027-01-01'",
    "client_id = 999",
    "contact_id = 999",
    "event_id = 999",
)
NO_TASK = ("title = ''", "title = NULL", "due_on = NULL", "owner_id = NULL", "priority = 'x'")


def refused(statement: str) -> bool:
    try:
        db.session.execute(text(statement))
    except IntegrityError:
        return True
    finally:
        db.session.rollback()
    return False


def test_the_database_refuses_what_is_no_note_and_no_whole_task(app: Flask, edf: int) -> None:
    note, task = add_entry(app, edf, "Vu."), add_task(app, edf)
    with app.app_context(), for_writing():
        for id_, changes in ((note, NO_NOTE), (task, NO_TASK)):
            taken = [each for each in changes if not refused(f"UPDATE entry SET {each} WHERE id = {id_}")]
            assert taken == []


def test_a_client_with_entries_cannot_be_deleted_past_the_rule(app: Flask, edf: int) -> None:
    note = add_entry(app, edf, "Vu.")
    with app.app_context(), for_writing():
        db.session.execute(text("UPDATE entry SET removed_at = at, removed_by_id = author_id"))
        db.session.commit()
        client = db.session.get_one(Client, edf)
        assert removal.refusal(db.session(), client) is not None  # in the trash it can still come back
        assert refused("DELETE FROM client")
        assert db.session.get(Entry, note) is not None


def test_mentions_follow_the_text_and_leave_out_who_writes(app: Flask, edf: int) -> None:
    claire = make_user(app, "c@office.example", first_name="Claire", last_name="Vasseur")
    paul = make_user(app, "p@office.example", first_name="Paul", last_name="Roy")
    note_id = add_entry(app, edf, "@Claire Vasseur et @Paul Roy", author=paul)

    def mentioned(body: str) -> set[int]:
        note.body = body
        services.note_mentions(
            db.session(), note, db.session.scalars(select(User)).all(), Actor(paul, "Paul")
        )
        return set(db.session.scalars(select(Mention.user_id)))

    with app.app_context(), for_writing():
        services_act(paul)
        note = db.session.get_one(Note, note_id)
        assert mentioned("@Claire Vasseur et @Paul Roy") == {claire}
        assert services.read_mentions(db.session(), claire, [note_id]) == 1
        assert mentioned("@claire.vasseur, une fois de plus") == {claire}
        assert services.read_mentions(db.session(), claire, None) == 0  # read stays read
        assert mentioned("plus personne") == set()


def test_no_more_than_twenty_entries_are_pinned(app: Flask, edf: int) -> None:
    author = make_user(app, "c@office.example")
    for number in range(rules.MOST_PINNED):
        add_entry(app, edf, f"Note {number}", author=author, pinned_at=now())
    one = add_entry(app, edf, "De trop", author=author)
    with app.app_context(), for_writing():
        services_act(author)
        entry = db.session.get_one(Entry, one)
        problem = services.pin(db.session(), entry, Actor(author, "C"))

        assert problem is not None
        assert "Déjà 20 entrées" in str(problem.message)
        assert entry.pinned_at is None


def test_a_task_ticked_off_twice_keeps_who_did_it_first(app: Flask, edf: int) -> None:
    first, second = make_user(app, "a@office.example"), make_user(app, "b@office.example")
    task_id = add_task(app, edf)
    with app.app_context(), for_writing():
        services_act(first)
        task = db.session.get_one(Task, task_id)
        assert services.tick(db.session(), task, Actor(first, "A")) is None
        again: Any = services.tick(db.session(), task, Actor(second, "B"))

        assert again.level == "warning"
        assert task.done_by_id == first


def services_act(user: int) -> None:
    act_as(db.session(), Actor(user, "Test"), "test")
