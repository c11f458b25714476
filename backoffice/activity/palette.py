"""What the search over everything finds of tasks: one's own that are still to do, then those of colleagues."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    """One's own open tasks, by their title or their client's name; then anybody's whose title begins so."""
    return [_hit(row) for row in _at_once(session, words, most)]


def everybodys(session: Session, words: str, most: int) -> Sequence[Hit]:
    """After these, those of colleagues that are due next, by any word."""
    found = _at_once(session, words, most)
    if len(found) < most and fold(words):
        _add(found, words, session.execute(queries.words_of_next(current_user.id, _OF_ALL_LOOKED_THROUGH)))
    return [_hit(row) for row in found[:most]]


def _at_once(session: Session, words: str, most: int) -> list[Any]:
    folded, found = fold(words), list[Any]()
    if folded:
        _add(found, words, session.execute(queries.words_of_mine(current_user.id, _LOOKED_THROUGH)))
    if folded and len(found) < most:
        _add(found, words, session.execute(queries.words_of_titled(folded, most)))
    return found[:most]


def _add(found: list[Any], words: str, rows: Iterable[Any]) -> None:
    """Those of the rows that the words speak of and that are not yet found."""
    known = {row.id for row in found}
    speaks_of = palette.speaker(words)
    found += [
        row for row in rows if speaks_of(f"{row.title_key or ''} {row.name_key}") and row.id not in known
    ]


def _hit(row: Any) -> Hit:
    return Hit(row.title, url_for("task.details_view", id=row.id), f"{show(row.due_on)} · {row.client}")


def register() -> None:
    """Offer tasks, and the beginning of one."""
    palette.register(Provider("tasks", _("Tâches"), tasks, "client.read", 40, find_more=everybodys))
    words = _("ajouter créer")
    palette.register(Action("task.new", _("Nouvelle tâche"), "/task/new/", "activity.add", words, 30))
