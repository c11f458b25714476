"""Reminders of tasks: when they come, by mail and in the page, each once; and the end of what lies in the trash."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from backoffice.activity import services
from backoffice.activity.models import Entry, Mention, Note, Task
from backoffice.activity.reminders import moment_of, reminder_rule
from backoffice.core.audit import Fact
from backoffice.core.db import db, for_writing, now
from backoffice.ops import worker
from backoffice.users.models import User
from tests.activity.cast import add_entry, add_task, id_of, open_tab
from tests.clients.cast import add_client, browser_of, change, notices, row, rows
from tests.conftest import Work
from tests.smtp import Post
from tests.smtp import post as post
from tests.web import Browser

FORM = "#entry-form"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def task_like(reminder: str, due_on: date = date(2026, 12, 1), due_time: time | None = None) -> Any:
    return SimpleNamespace(reminder=reminder, due_on=due_on, due_time=due_time)


@pytest.mark.parametrize(
    ("reminder", "due_time", "moment"),
    [
        ("none", time(14), None),
        (None, None, None),
        ("day", None, datetime(2026, 12, 1, 7, tzinfo=UTC)),
        ("eve", None, datetime(2026, 11, 30, 7, tzinfo=UTC)),
        ("two_days", None, datetime(2026, 11, 29, 7, tzinfo=UTC)),
        ("week", None, datetime(2026, 11, 24, 7, tzinfo=UTC)),
        ("hour", time(14, 30), datetime(2026, 12, 1, 12, 30, tzinfo=UTC)),
        ("due", time(14, 30), datetime(2026, 12, 1, 13, 30, tzinfo=UTC)),
        ("hour", time(0, 15), datetime(2026, 11, 30, 22, 15, tzinfo=UTC)),
        ("hour", None, None),
    ],
)
def test_a_reminder_is_reckoned_from_the_day_and_hour_of_the_office(
    reminder: Any, due_time: time | None, moment: datetime | None
) -> None:
    assert moment_of(task_like(reminder, due_time=due_time)) == moment


def test_the_morning_stays_the_morning_when_the_clocks_change() -> None:
    before, after = date(2026, 10, 24), date(2026, 10, 26)
    assert moment_of(task_like("day", before)) == datetime(2026, 10, 24, 6, tzinfo=UTC)
    assert moment_of(task_like("day", after)) == datetime(2026, 10, 26, 7, tzinfo=UTC)
    assert moment_of(task_like("week", date.min)) is None


@pytest.mark.parametrize(
    ("task", "is_new", "said"),
    [
        (task_like("hour"), False, ["error"]),
        (task_like("eve", date(2026, 11, 24)), True, ["warning"]),
        (task_like("eve", date(2026, 11, 24)), False, []),
        (task_like("eve", date(2026, 11, 30)), True, []),
    ],
)
def test_a_reminder_that_can_not_come_is_said(task: Any, is_new: bool, said: list[str]) -> None:
    assert [problem.level for problem in reminder_rule(task, NOW, is_new)] == said


# --------------------------------------------------------------------------------------- by mail


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF")


@pytest.fixture
def claire(app: Flask) -> Browser:
    return browser_of(app, "gestionnaire", "Claire Vasseur")


def remind(app: Flask) -> None:
    worker.do(app, "reminders", is_tried_again=False)


def due(app: Flask, client: int, owner: int, ago: timedelta = timedelta(minutes=1), **values: Any) -> int:
    """A task of whose reminder the moment came so long ago."""
    return add_task(app, client, "Rappeler Zoé", owner=owner, remind_at=now() - ago, **values)


def test_a_reminder_is_mailed_once_to_who_has_the_task(
    app: Flask, edf: int, claire: Browser, post: Post
) -> None:
    task = due(app, edf, id_of(app, claire))
    add_task(app, edf, "Plus tard", owner=id_of(app, claire), remind_at=now() + timedelta(hours=1))
    version = row(app, Task, task)["version"]
    remind(app)
    remind(app)

    (letter,) = post.mails
    assert letter["To"] == row(app, User, id_of(app, claire))["email"]
    assert letter["Subject"] == "Rappel : Rappeler Zoé"
    text = letter.get_content().replace("\r\n", "\n")
    assert "Échéance : 5 janvier 2027\nClient : EDF" in text
    assert f"http://127.0.0.1:5000/task/details/?id={task}" in text
    assert row(app, Task, task)["version"] == version  # nobody's open form is an old one


def test_two_workers_that_look_at_the_same_moment_mail_one_letter(
    app: Flask, edf: int, claire: Browser, post: Post
) -> None:
    for _ in range(3):
        due(app, edf, id_of(app, claire))
    start = threading.Barrier(2)

    def look() -> None:
        start.wait()
        remind(app)

    workers = [threading.Thread(target=look) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(post.mails) == 3


def test_a_reminder_that_the_server_puts_off_is_mailed_later_and_one_it_refuses_is_not(
    app: Flask, edf: int, claire: Browser, post: Post
) -> None:
    due(app, edf, id_of(app, claire))
    post.answers.append("451 later")
    remind(app)
    assert post.mails == []
    post.answers.append("550 never")
    remind(app)
    remind(app)
    assert post.mails == []
    due(app, edf, id_of(app, claire))
    post.answers.append("451 later")
    remind(app)
    remind(app)
    remind(app)
    assert len(post.mails) == 1


def test_a_reminder_put_off_at_the_last_moment_is_not_taken(app: Flask, edf: int, claire: Browser) -> None:
    task = due(app, edf, id_of(app, claire), timedelta(hours=-1))
    with app.app_context(), for_writing():
        assert not services.take_reminder(db.session(), task)


def test_nobody_is_mailed_of_what_is_done_or_removed_or_long_past_or_after_they_have_left(
    app: Flask, edf: int, claire: Browser, post: Post
) -> None:
    me = id_of(app, claire)
    due(app, edf, me, done_at=now(), done_by_id=me)
    due(app, edf, me, removed_at=now(), removed_by_id=me)
    due(app, edf, me, timedelta(days=2))
    remind(app)
    due(app, edf, me)
    change(app, User, me, active=False)
    remind(app)
    assert post.mails == []


def test_a_reminder_is_worded_in_the_language_of_its_reader(
    app: Flask, edf: int, claire: Browser, post: Post
) -> None:
    change(app, User, id_of(app, claire), locale="en")
    due(app, edf, id_of(app, claire))
    remind(app)
    assert post.mails[0]["Subject"] == "Reminder: Rappeler Zoé"


# -------------------------------------------------------------------------------------- in the page


def test_a_task_is_given_a_reminder_which_moves_with_its_day_and_comes_again(
    app: Flask, edf: int, claire: Browser
) -> None:
    open_tab(claire, edf, add="task")
    claire.submit(FORM, title="Relancer", due_on="05/01/2027", reminder="hour")
    assert "Donnez aussi l’heure de l’échéance" in claire.error_of("reminder")
    claire.submit("form.write", title="Relancer", due_on="05/01/2027", reminder="eve")
    (task,) = rows(app, Task)
    assert task["remind_at"] == datetime(2027, 1, 4, 7, tzinfo=UTC)
    assert "rappel 4 janvier 2027 à 8 h 00" in claire.text

    change(app, Task, task["id"], reminded_at=now())
    claire.get(f"/task/edit/?id={task['id']}")
    claire.submit("#record", due_on="08/01/2027")
    (task,) = rows(app, Task)
    assert (task["remind_at"], task["reminded_at"]) == (datetime(2027, 1, 7, 7, tzinfo=UTC), None)

    claire.get(f"/task/edit/?id={task['id']}")
    claire.submit("#record", due_on="24/11/2020")
    assert "Ce rappel serait déjà passé : il n’y en aura pas." in notices(claire)
    assert rows(app, Task)[0]["remind_at"] is None


def test_a_reminder_waits_beside_the_name_until_it_is_seen_or_the_task_is_done(
    app: Flask, edf: int, claire: Browser
) -> None:
    first, second, third = (due(app, edf, id_of(app, claire)) for _ in range(3))
    due(app, edf, id_of(app, browser_of(app, "support", "Paul Petit")))
    claire.get("/")
    assert claire.page.select_one("a.waiting")["aria-label"] == "3 rappels"  # type: ignore[index]

    claire.get(str(claire.page.select_one("a.waiting")["href"]))  # type: ignore[index]
    assert len(claire.page.select(".reminded")) == 3
    claire.submit(f".reminded form:has(input[value='{third}'])")
    assert notices(claire) == ["1 rappel vu."]
    claire.post("/task/done/", {"id": first})
    claire.get("/task/")
    assert [tag.get_text() for tag in claire.page.select(".reminded strong")] == ["Rappeler Zoé"]
    claire.post("/task/seen/", {"all": 1})
    assert row(app, Task, second)["remind_read_at"] is not None
    claire.get("/")
    assert claire.page.select("a.waiting") == []
    claire.post("/task/seen/", {"id": second})
    assert notices(claire) == ["Aucun rappel de plus."]


# ---------------------------------------------------------------------------------------- the trash


def test_what_has_lain_in_the_trash_for_thirty_days_goes_for_good_and_leaves_its_facts(
    app: Flask, edf: int, claire: Browser, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[Any] = []
    monkeypatch.setattr(services, "_beside", [lambda entry: partial(gone.append, entry.id)])
    me = id_of(app, claire)
    long_ago, lately = now() - timedelta(days=31), now() - timedelta(days=29)
    old = add_entry(app, edf, "Vieux", removed_at=long_ago, removed_by_id=me)
    kept = add_entry(app, edf, "Récent", removed_at=lately, removed_by_id=me)
    alive = add_entry(app, edf, "Vivant")
    with app.app_context():
        db.session.add(Mention(entry_id=old, user_id=me))
        db.session.commit()
    work("trash")

    assert [entry["id"] for entry in rows(app, Entry)] == [kept, alive]
    assert rows(app, Mention) == []
    assert gone == [old]
    facts = [fact for fact in rows(app, Fact, operation="delete") if fact["entity_id"] == old]
    assert {"Vieux"} <= {fact["before"] for fact in facts if fact["field"] == "body"}
    assert {fact["actor_name"] for fact in facts} == {"système"}
    assert Note.__tablename__ in {fact["entity"] for fact in facts}
