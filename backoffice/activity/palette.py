"""What the search over everything finds of tasks: one's own that are still to do, then those of colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from backoffice.activity import queries
from backoffice.admin import palette
from backoffice.admin.formats import show
from backoffice.admin.palette import Action, Hit, Provider
from backoffice.core.text import fold

#: So many tasks of a person, and of everybody, are looked through, the overdue ones first.
_LOOKED_THROUGH = 300
_OF_ALL_LOOKED_THROUGH = 2000


def tasks(session: Session, words: str, most: int) -> Sequence[Hit]:
    """One's own open tasks, by their title or their client's name."""
    if not fold(words):
        return []
    mine = session.scalars(queries.my_tasks(current_user.id, _LOOKED_THROUGH))
    found = [task for task in mine if palette.speaks_of(words, f"{task.title} {task.client.name}")]
    return [_hit(task, task.client.name) for task in found[:most]]


def everybodys(session: Session, words: str, most: int) -> Sequence[Hit]:
    """One's own open tasks, then those of colleagues that are due next."""
    own = list(tasks(session, words, most))
    if len(own) >= most or not fold(words):
        return own
    rows = session.execute(queries.next_of_others(current_user.id, _OF_ALL_LOOKED_THROUGH))
    theirs = [row for row in rows if palette.speaks_of(words, f"{row.title} {row.client}")]
    return own + [_hit(row, row.client) for row in theirs[: most - len(own)]]


def _hit(task: Any, client: str) -> Hit:
    """A task, or a row of its words."""
    return Hit(task.title, url_for("task.details_view", id=task.id), f"{show(task.due_on)} · {client}")


def register() -> None:
    """Offer tasks, and the beginning of one."""
    palette.register(Provider("tasks", _("Tâches"), tasks, "client.read", 40, find_more=everybodys))
    words = _("ajouter créer")
    palette.register(Action("task.new", _("Nouvelle tâche"), "/task/new/", "activity.add", words, 30))
