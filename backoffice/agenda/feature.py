"""What this feature registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.admin import panels, tellings
from backoffice.admin.features import Feature
from backoffice.admin.help import explain
from backoffice.agenda import admin

#: What the history tells of somebody's calendar address.
_SAYS = {
    "made": _("a créé une adresse d’agenda"),
    "replaced": _("a remplacé son adresse d’agenda"),
    "revoked": _("a révoqué son adresse d’agenda"),
}


def _init(app: Flask) -> None:
    explain("agenda/help/agenda", _("Agenda"), "home.read", "calendar_address")
    app.register_blueprint(admin.blueprint)
    tellings.say("user", "calendar_address", _SAYS)
    panels.register(
        panels.Panel(
            "agenda.address", 10, "agenda/panel.html", admin.on_account, admin.RIGHT, page=panels.ACCOUNT
        )
    )


FEATURE = Feature("agenda", views=admin.views, init=_init)
