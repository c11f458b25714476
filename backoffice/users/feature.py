"""What this feature registers."""

from __future__ import annotations

from flask import Flask

from backoffice.admin.features import Feature
from backoffice.users import reset, setup
from backoffice.users.admin import views
from backoffice.users.commands import users
from backoffice.users.guard import guard


def _init(app: Flask) -> None:
    guard(app)
    app.register_blueprint(reset.blueprint)
    app.register_blueprint(setup.blueprint)


FEATURE = Feature("users", views=views, commands=(users,), init=_init)
