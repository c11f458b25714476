"""The client back office. `create_app` wires the house together and does nothing else."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader
from sqlalchemy.orm import configure_mappers

from backoffice.admin import site
from backoffice.core.db import db
from backoffice.extensions import babel, csrf, flask_config, migrate, trust_proxies
from backoffice.registry import FEATURES
from backoffice.users.security import init_security
from config import Settings, load_settings

HERE = Path(__file__).parent


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings (by default those of the environment)."""
    settings = settings or load_settings()
    app = Flask(__name__, static_folder="static", template_folder=None)
    app.config.from_mapping(flask_config(settings))
    app.extensions["settings"] = settings
    trust_proxies(app, settings)
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(HERE / "admin" / "templates")]
        + [FileSystemLoader(HERE / feature.name / "templates") for feature in FEATURES]
    )
    db.init_app(app)
    migrate.init_app(app, db, directory=str(HERE.parent / "migrations"))
    babel.init_app(
        app,
        locale_selector=site.choose_locale,
        default_translation_directories=str(HERE / "translations"),
    )
    csrf.init_app(app)
    configure_mappers()
    site.prepare(app)
    init_security(app, settings)
    _install_features(app)
    return app


def _install_features(app: Flask) -> None:
    admin = site.new_admin(app, next(feature.home() for feature in FEATURES if feature.home))
    for feature in FEATURES:
        if feature.init:
            feature.init(app)
        for view in feature.views():
            admin.add_view(view)
        for command in feature.commands:
            app.cli.add_command(command)
