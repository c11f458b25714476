"""What the search over everything finds of tasks: among those that one still has to do oneself."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from backoffice.activity import queries
from backoffice.admin import palette
from backoffice.admin.formats import show
from backoffice.admin.palette import Action, Hit, Provider
from backoffice.core.text import fold

#: So many tasks of a person are looked through, the overdue ones first.
_LOOKED_THROUGH = 300


def tasks(session: Session, words: str, most: int) -> Sequence[Hit]:
    """One's own open tasks, by their title or their client's name."""
    if not fold(words):
        return []
    mine = session.scalars(queries.my_tasks(current_user.id, _LOOKED_THROUGH))
    found = [task for task in mine if palette.speaks_of(words, f"{task.title} {task.client.name}")]
    return [
        Hit(
            task.title,
            url_for("task.details_view", id=task.id),
            f"{show(task.due_on)} · {task.client.name}",
        )
        for task in found[:most]
    ]


def register() -> None:
    """Offer one's tasks, and the beginning of one."""
    palette.register(Provider("tasks", _("Mes tâches"), tasks, "client.read", 40))
    words = _("ajouter créer")
    palette.register(Action("task.new", _("Nouvelle tâche"), "/task/new/", "activity.add", words, 30))
