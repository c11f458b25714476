"""The job that forgets, once a day, what the program has kept for its own sake long enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func

from backoffice.core import idempotency, retention
from backoffice.core.db import db
from backoffice.core.idempotency import IdempotencyKey
from backoffice.core.jobs import Job, register
from backoffice.core.retention import Trace
from backoffice.users import services
from backoffice.users.models import OpenForm, SignInAttempt, UserSession
from backoffice.users.presence import UNHEARD

#: Removed in one transaction: other writers wait meanwhile on SQLite.
MOST_AT_ONCE = 500


def forget() -> None:
    """Remove what is out of its time, of each kind, in small transactions."""
    for make in retention.TRACES.values():
        trace = make(current_app.extensions["settings"])
        while retention.sweep(db.session(), trace, MOST_AT_ONCE) == MOST_AT_ONCE:
            db.session.commit()
        db.session.commit()


def _sessions(settings: Any) -> Trace:
    """From their end on. One that nobody has ended ran out by itself, after the week that a session lives at most."""
    end = func.coalesce(UserSession.ended_at, UserSession.created_at)
    return Trace(UserSession, end, timedelta(days=settings.sessions_kept_days))


def register_all() -> None:
    """Say how long what is kept, and let the worker see to it."""
    retention.keep_for("sessions", _sessions)
    retention.keep_for("tries", lambda _: Trace(SignInAttempt, SignInAttempt.at, services.KEEP_TRIES))
    retention.keep_for("open forms", lambda _: Trace(OpenForm, OpenForm.seen_at, 2 * UNHEARD))
    retention.keep_for("forms", lambda _: Trace(IdempotencyKey, IdempotencyKey.made_at, idempotency.KEPT))
    register(Job("forget", forget, timedelta(days=1)))
