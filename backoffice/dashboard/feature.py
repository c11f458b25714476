"""What this feature registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.admin.features import Feature
from backoffice.dashboard import clients
from backoffice.dashboard.admin import HomeView


def _init(_app: Flask) -> None:
    clients.register_own()


FEATURE = Feature("dashboard", home=lambda: HomeView(name=_("Tableau de bord"), url="/"), init=_init)
