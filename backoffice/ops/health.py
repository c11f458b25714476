"""For load balancers and monitors: is the process alive, and can it serve?

Both answers are public, say nothing about the inside, and touch neither session nor cookies.
"""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core.db import db
from backoffice.ops import schema

health = Blueprint("health", __name__, url_prefix="/health")

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@health.get("/live")
def live() -> Response:
    """The process answers. The database is not asked: a restart would not mend it."""
    return _answer("ok", 200)


@health.get("/ready")
def ready() -> Response:
    """The database answers and is at the newest migration; otherwise 503."""
    try:
        with db.engine.connect() as connection:
            state = schema.state(connection, current_app.extensions["migrate"].directory)
    except SQLAlchemyError:
        _log.warning("database does not answer", exc_info=True)
        return _answer("database", 503)
    return _answer("ok", 200) if state.is_current else _answer("migrations", 503)


def _answer(status: str, code: int) -> Response:
    answer = jsonify(status=status)
    answer.status_code = code
    answer.headers["Cache-Control"] = "no-store"
    if code == 503:
        answer.headers["Retry-After"] = "5"
    return answer
