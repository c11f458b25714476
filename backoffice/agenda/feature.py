"""What this feature registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.admin import panels
from backoffice.admin.features import Feature
from backoffice.admin.help import explain
from backoffice.agenda import admin


def _init(app: Flask) -> None:
    explain("agenda/help/agenda", _("Agenda"), "home.read", "calendar_address")
    app.register_blueprint(admin.blueprint)
    panels.register(
        panels.Panel(
            "agenda.address", 10, "agenda/panel.html", admin.on_account, admin.RIGHT, page=panels.ACCOUNT
        )
    )


FEATURE = Feature("agenda", views=admin.views, init=_init)
