"""What this feature registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.admin import saving
from backoffice.admin.features import Feature
from backoffice.admin.help import explain
from backoffice.admin.preferences import keep_with
from backoffice.users import presence, reset, second_step, setup, tellings
from backoffice.users.admin import views
from backoffice.users.commands import users
from backoffice.users.guard import guard
from backoffice.users.preferences import keep_for_current_user


def _init(app: Flask) -> None:
    _explain()
    tellings.register()
    guard(app)
    app.register_blueprint(reset.blueprint)
    app.register_blueprint(setup.blueprint)
    app.register_blueprint(second_step.blueprint)
    keep_with(keep_for_current_user)
    saving.also(presence.forget_sent)
    app.jinja_env.globals["open_form"] = presence.open_form


def _explain() -> None:
    explain("users/help/users", _("Utilisateurs"), "user.write", "user")
    explain("users/help/account", _("Mon compte"), "home.read", "account", "second_factor")


FEATURE = Feature("users", views=views, commands=(users,), init=_init)
