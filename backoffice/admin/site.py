"""The frame of every page: the Flask-Admin site, the language, what a template may use."""

from __future__ import annotations

from flask import Flask, has_request_context, session
from flask_admin import Admin, BaseView
from flask_admin.theme import Bootstrap4Theme
from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from backoffice.admin import assets, errors, formats, frame, headers, parts, transactions
from backoffice.admin.help import HelpView

LANGUAGES = ("fr", "en")
#: Under this key the cookie keeps the language of whoever was last known in this browser.
LANGUAGE = "language"


def choose_locale() -> str:
    """The language of the person who is logged in, or was in this browser; French for everybody else."""
    wanted = frame.asked_of_user(lambda user: user.locale) or (
        has_request_context() and session.get(LANGUAGE)
    )
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def prepare(app: Flask) -> None:
    """What must stand on the app before any view: transactions, headers, error pages, template helpers."""
    transactions.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    formats.init_app(app)
    assets.init_app(app)
    frame.init_app(app)
    parts.init_app(app)
    app.jinja_env.globals.update(
        current_locale=lambda: str(get_locale() or LANGUAGES[0]), csp_nonce=headers.nonce
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def new_admin(app: Flask, home: BaseView) -> Admin:
    """The Flask-Admin site at the root of the address space, with our own dashboard as its index."""
    admin = Admin(
        app,
        name="Back office",
        index_view=home,
        theme=Bootstrap4Theme(),
        csp_nonce_generator=headers.nonce,
    )
    admin.add_view(HelpView(name=_("Aide"), endpoint="help", url="/help"))
    return admin
