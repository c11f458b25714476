"""`/metrics` for Prometheus: off unless METRICS_TOKEN is set, and then for whoever bears that token.

It begins and needs no session. While it is off, nothing is counted and the library that counts is not even loaded.
"""

from __future__ import annotations

import atexit
import hmac
import os
import shutil
import tempfile
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request, request_finished
from sqlalchemy import event

from backoffice.core.db import db
from backoffice.users import mail

metrics = Blueprint("metrics", __name__)

#: Where the processes of one `flask serve` lay down their counts; the library reads it once, when it is loaded.
_SHARED = "PROMETHEUS_MULTIPROC_DIR"
_SCHEME = "Bearer "


def init_metrics(app: Flask) -> None:
    """Put the address on the app and, when it is switched on, begin to count."""
    app.register_blueprint(metrics)
    app.extensions["measures"] = None
    if not app.extensions["settings"].metrics_token:
        return
    _share()
    from backoffice.ops import measures

    app.extensions["measures"] = measures
    request_finished.connect(measures.count_request, app)
    mail.on_outcome = measures.count_mail
    with app.app_context():
        event.listen(db.engine, "checkout", measures.connection_taken)
        event.listen(db.engine, "checkin", measures.connection_given_back)


def _share() -> None:
    """The first process makes the folder, those that it starts find it in their environment."""
    if _SHARED in os.environ:
        return
    folder, maker = tempfile.mkdtemp(prefix="backoffice-metrics-"), os.getpid()
    os.environ[_SHARED] = folder

    def clear() -> None:
        if os.getpid() == maker:  # a process that was forked from us leaves it to us
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(clear)


def count_job(app: Flask, name: str, outcome: str) -> None:
    """Note that a job was `done` or has `failed`."""
    if app.extensions["measures"] is not None:
        app.extensions["measures"].count_job(name, outcome)


def process_is_gone(pid: int) -> None:
    """What a process had in use is free again; what it had counted still counts."""
    if _SHARED in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


@metrics.get("/metrics")
def show() -> Response:
    """All that was counted, as Prometheus reads it."""
    measures: Any = current_app.extensions["measures"]
    if measures is None:
        return _answer("", 404)
    offered = request.headers.get("Authorization", "")
    wanted = f"{_SCHEME}{current_app.extensions['settings'].metrics_token}"
    if not hmac.compare_digest(offered.encode(), wanted.encode()):
        refused = _answer("", 401)
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    return _answer(measures.text(), 200, measures.CONTENT_TYPE)


def _answer(body: str | bytes, status: int, kind: str = "text/plain; charset=utf-8") -> Response:
    answer = Response(body, status, content_type=kind)
    answer.headers["Cache-Control"] = "no-store"
    return answer
