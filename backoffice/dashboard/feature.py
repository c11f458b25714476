"""What this feature registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.admin.features import Feature
from backoffice.admin.help import explain
from backoffice.dashboard import clients
from backoffice.dashboard.admin import HomeView


def _init(_app: Flask) -> None:
    _explain()
    clients.register_own()


def _explain() -> None:
    explain("dashboard/help/dashboard", _("Tableau de bord"), "home.read", "admin.index")


FEATURE = Feature("dashboard", home=lambda: HomeView(name=_("Tableau de bord"), url="/"), init=_init)
