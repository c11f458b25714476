"""How the history tells of notes, calls and tasks: in one line each, whose texts are shown on demand."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func

from backoffice.activity.models import Entry
from backoffice.activity.shown import KINDS
from backoffice.admin.tellings import Kind, tell_of

#: As much of a text stands for an entry that has no title.
_SHORT = 60
# Asked of the model, only tasks would have a title, and only tasks be found.
_TABLE: Any = Entry.__table__

ENTRY = Kind(
    Entry,
    _("Activité"),
    _("a ajouté à l’activité : %(name)s"),
    _("a modifié dans l’activité : %(name)s"),
    _("a retiré pour de bon de l’activité : %(name)s"),
    lambda: func.coalesce(_TABLE.c.title, func.substr(_TABLE.c.body, 1, _SHORT)),
    ("title", "body"),
    shows={"kind": lambda kind: KINDS[kind].one if kind in KINDS else kind},
    hides=("removed_by_id", "done_by_id", "author_id"),
    is_brief=True,
)
_SAYS: dict[str, Any] = {
    "removed_at": lambda _was, at: (
        _("a mis à la corbeille : %(name)s") if at else _("a sorti de la corbeille : %(name)s")
    ),
    "pinned_at": lambda _was, at: _("a épinglé : %(name)s") if at else _("a détaché : %(name)s"),
    "done_at": lambda _was, at: (
        _("a terminé la tâche : %(name)s") if at else _("a rouvert la tâche : %(name)s")
    ),
}


def register() -> None:
    """Tell of them."""
    tell_of(ENTRY, _SAYS)
