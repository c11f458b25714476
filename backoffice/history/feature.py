"""What this feature registers."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from flask_admin import BaseView
from flask_babel import lazy_gettext as _

from backoffice.admin import flashes
from backoffice.admin.features import Feature
from backoffice.admin.help import explain
from backoffice.history import cards
from backoffice.history.admin import JournalView
from backoffice.history.trash import TrashView
from backoffice.history.undo import UndoView, way_back
from backoffice.history.values import told_at


def _views() -> Sequence[BaseView]:
    return [JournalView(), TrashView(), UndoView()]


def _init(app: Flask) -> None:
    explain("history/help/history", _("Historique"), "client.read", "history_tab")
    explain("history/help/journal", _("Journal"), "history.read", "history")
    explain("history/help/undo", _("Annuler et rétablir"), "activity.add", "undo", "trash")
    app.jinja_env.filters["told_at"] = told_at
    cards.register()
    flashes.offer_way_back(way_back)


FEATURE = Feature("history", views=_views, init=_init)
