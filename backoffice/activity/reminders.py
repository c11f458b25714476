"""When somebody is reminded of a task: reckoned from the day it is due, so that it moves with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from backoffice.core.problems import Problem

#: How long before its hour one is reminded of a task that has one.
HOURS_BEFORE = {"due": timedelta(0), "hour": timedelta(hours=1)}
#: How many days before the task is due one is reminded in the morning.
MORNINGS_BEFORE = {"day": 0, "eve": 1, "two_days": 2, "week": 7}
MORNING = time(8)
#: Days and hours are those of the office.
OFFICE = ZoneInfo("Europe/Paris")
#: What nobody was mailed for so long (the worker stood still) only waits in the page: a heap of old mails helps nobody.
TOO_LATE_TO_MAIL = timedelta(days=1)


class Reminding(Protocol):
    """A task, as far as its reminder goes."""

    @property
    def due_on(self) -> date | None: ...
    @property
    def due_time(self) -> time | None: ...
    @property
    def reminder(self) -> str | None: ...


def moment_of(task: Reminding) -> datetime | None:
    """The moment at which somebody is to be reminded; None when they are not, or when it can't be said."""
    if task.due_on is None:
        return None
    if task.reminder in HOURS_BEFORE:
        if task.due_time is None:
            return None
        due = datetime.combine(task.due_on, task.due_time, OFFICE).astimezone(UTC)
        return due - HOURS_BEFORE[task.reminder]
    days = MORNINGS_BEFORE.get(task.reminder or "")
    if days is None or task.due_on.toordinal() <= days:
        return None
    return datetime.combine(task.due_on - timedelta(days), MORNING, OFFICE).astimezone(UTC)


def reminder_rule(task: Reminding, at: datetime, is_new: bool) -> Iterable[Problem]:
    """What is wrong with a reminder that is asked for (`is_new`) at this moment."""
    if task.reminder in HOURS_BEFORE and task.due_time is None:
        sentence = _("Donnez aussi l’heure de l’échéance : ce rappel se compte à partir d’elle.")
        yield Problem("reminder", sentence, code="no_hour")
    moment = moment_of(task)
    if is_new and moment is not None and moment <= at:
        sentence = _("Ce rappel serait déjà passé : il n’y en aura pas.")
        yield Problem("reminder", sentence, "warning")
