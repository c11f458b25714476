"""What this feature registers."""

from __future__ import annotations

from flask import Flask

from backoffice.admin.features import Feature
from backoffice.ops.doctor import doctor
from backoffice.ops.health import health
from backoffice.ops.logs import init_logs
from backoffice.ops.serve import serve


def _init(app: Flask) -> None:
    init_logs(app, app.extensions["settings"].log_level)
    app.register_blueprint(health)


FEATURE = Feature("ops", commands=(serve, doctor), init=_init)
