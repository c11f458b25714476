"""What this feature registers."""

from __future__ import annotations

from flask import Flask

from backoffice.admin.features import Feature
from backoffice.clients import cards, search
from backoffice.clients.admin import views


def _init(app: Flask) -> None:
    search.register()
    cards.register_tabs()
    app.jinja_env.filters.update(cards.FILTERS)
    app.jinja_env.globals.update(cards.HELPERS)


FEATURE = Feature("clients", views=views, init=_init)
