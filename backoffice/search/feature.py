"""What this feature registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.admin.features import Feature
from backoffice.admin.help import explain
from backoffice.search.admin import views


def _init(_app: Flask) -> None:
    explain("search/help/palette", _("Rechercher partout"), "home.read", "search")


FEATURE = Feature("search", views=views, init=_init)
