"""What must be true of entries and tasks, and who may do what with them."""

from __future__ import annotations

from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

import pytest

from backoffice.activity import rules
from backoffice.core.problems import check
from backoffice.users.rights import may

TODAY = date(2026, 11, 24)
CLIENT = SimpleNamespace(id=1)
ALL = {"client", "contact", "event", "owner", "due_on"}


def task(**values: Any) -> Any:
    sound = {
        "title": "Relancer",
        "body": None,
        "due_on": TODAY,
        "due_time": None,
        "owner": SimpleNamespace(active=True),
        "client": CLIENT,
        "contact": None,
        "event": None,
    }
    return SimpleNamespace(**{**sound, **values})


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, []),
        ({"title": "  "}, [("title", "error")]),
        ({"due_on": None}, [("due_on", "error")]),
        ({"due_on": date(2026, 11, 23)}, [("due_on", "warning")]),
        ({"owner": None}, [("owner", "error")]),
        ({"owner": SimpleNamespace(active=False)}, [("owner", "error")]),
        ({"contact": SimpleNamespace(client_id=1), "event": SimpleNamespace(client_id=1)}, []),
        ({"contact": SimpleNamespace(client_id=2)}, [("contact", "error")]),
        ({"event": SimpleNamespace(client_id=2)}, [("event", "error")]),
        ({"body": "x" * 20_001}, [("body", "error")]),
        ({"title": "a\x00b"}, [("title", "error")]),
    ],
)
def test_a_task_is_whole(values: dict[str, Any], found: list[tuple[str, str]]) -> None:
    problems = check(task(**values), rules.task_rules(ALL, TODAY), rules.TASK_CLEANERS)

    assert [(problem.field, problem.level) for problem in problems] == found


def test_what_has_not_changed_is_not_asked_again() -> None:
    """A contact has moved, an owner has left, the day has come: the task can still be edited."""
    old = task(
        due_on=date(2020, 1, 1),
        owner=SimpleNamespace(active=False),
        contact=SimpleNamespace(client_id=2),
        event=SimpleNamespace(client_id=2),
    )

    assert check(old, rules.task_rules({"title"}, TODAY), rules.TASK_CLEANERS) == []


@pytest.mark.parametrize(
    ("body", "field"), [("", "body"), (" \n\t", "body"), ("Vu.", None), ("a\x07", "body")]
)
def test_a_note_says_something(body: str, field: str | None) -> None:
    note = SimpleNamespace(body=body, client=CLIENT, contact=None, event=None)
    problems = check(note, rules.note_rules(ALL), rules.CLEANERS)

    assert [problem.field for problem in problems] == ([field] if field else [])


@pytest.mark.parametrize(
    ("due_on", "due_time", "span"),
    [
        (date(2026, 11, 23), None, "overdue"),
        (TODAY, time(9, 59), "overdue"),
        (TODAY, None, "today"),
        (TODAY, time(10, 1), "today"),
        (date(2026, 11, 29), None, "week"),
        (date(2026, 11, 30), None, "later"),
    ],
)
def test_tasks_are_divided_by_the_hour_and_the_week(due_on: date, due_time: time | None, span: str) -> None:
    task = SimpleNamespace(due_on=due_on, due_time=due_time, done_at=None)
    assert rules.span_of(task, datetime.combine(TODAY, time(10))) == span


@pytest.mark.parametrize(
    ("due_on", "due_time", "is_done", "is_late"),
    [
        (date(2026, 11, 23), None, False, True),
        (TODAY, None, False, False),
        (TODAY, time(9, 0), False, True),
        (TODAY, time(23, 0), False, False),
        (date(2026, 11, 23), None, True, False),
    ],
)
def test_a_task_is_overdue_once_its_day_or_its_hour_is_over(
    due_on: date, due_time: time | None, is_done: bool, is_late: bool
) -> None:
    at = datetime(2026, 11, 24, 12, 0)  # noqa: DTZ001  the office's own clock
    one = SimpleNamespace(due_on=due_on, due_time=due_time, done_at=at if is_done else None)

    assert rules.is_overdue(one, at) is is_late


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("lecture", set()),
        ("support", {"own note", "own task", "tick own"}),
        ("gestionnaire", {"own note", "own task", "tick own", "task", "tick"}),
        ("administrateur", {"own note", "own task", "tick own", "task", "tick", "note"}),
    ],
)
def test_who_may_edit_and_tick_what(role: str, allowed: set[str]) -> None:
    me: Any = SimpleNamespace(id=7, can=lambda right: may(role, right))
    note, own_note = (SimpleNamespace(kind="note", author_id=id_) for id_ in (1, 7))
    other, own = (SimpleNamespace(kind="task", author_id=1, owner_id=id_) for id_ in (1, 7))
    asked = {
        "note": rules.may_edit(note, me),
        "own note": rules.may_edit(own_note, me),
        "task": rules.may_edit(other, me),
        "own task": rules.may_edit(own, me),
        "tick": rules.may_tick(other, me),
        "tick own": rules.may_tick(own, me),
    }

    assert {what for what, is_allowed in asked.items() if is_allowed} == allowed
