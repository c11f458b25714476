"""Log-in and log-out by Flask-Security, with sessions that stand in a table of ours.

Flask-Security brings the pages, the hash (argon2id), the log-in manager and signed tokens. Ours are: tries counted
before they are made, one answer for an unknown e-mail and a wrong password, the check of the session's row at every
request, and transactions that are over before the hash begins.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_login import user_logged_in, user_logged_out
from flask_security import Security, SQLAlchemyUserDatastore
from sqlalchemy.exc import DBAPIError, OperationalError

from backoffice.core.db import db, now
from backoffice.users import queries, rules, services
from backoffice.users.forms import LoginForm
from backoffice.users.language import speak_to
from backoffice.users.models import Role, User, UserSession
from backoffice.users.second_step import CodeAfterPassword
from backoffice.users.transactions import impatient_write, short_read, short_write

log = logging.getLogger(__name__)

#: Where the cookie holds the token of its session.
_TOKEN = "token"  # noqa: S105 - the name of a key

#: Asked by a page that is open, not by a person: it keeps no session alive.
_BY_ITSELF = "presence.index"
#: Addresses for which nobody is loaded: they are the same for whoever asks, and prolong no session.
_NEEDS_NOBODY = frozenset(
    {"static", "admin.static", "health.live", "health.ready", "metrics.show", "agenda.calendar"}
)

CONFIG: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
    "SECURITY_LOGIN_USER_TEMPLATE": "users/login.html",
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/login",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    # The reset and the change of a password are views of our own (account.py): Flask-Security hashes in the middle
    # of the transaction that then writes.
    "SECURITY_RECOVERABLE": False,
    "SECURITY_CHANGEABLE": False,
    "SECURITY_FRESHNESS": timedelta(seconds=-1),
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_JOIN_USER_ROLES": False,
}


def init_security(app: Flask, settings: Any) -> None:
    """Put log-in and log-out on the app. After csrf and babel, before the views."""
    for name, value in CONFIG.items():
        app.config.setdefault(name, value)
    app.extensions["session_policy"] = rules.SessionPolicy(
        idle=timedelta(minutes=settings.session_idle_minutes),
        limit=timedelta(hours=settings.session_max_hours),
    )
    security = Security(app, SQLAlchemyUserDatastore(db, User, Role), login_form=LoginForm)
    security.two_factor_plugins = CodeAfterPassword()
    security.want_json(lambda request: False)
    security.login_manager.user_loader(load_user)
    security.login_manager._request_callback = None  # no tokens in headers or addresses
    app.jinja_env.filters["browser"] = rules.browser
    user_logged_in.connect(_begin_session, app)
    user_logged_out.connect(_end_session, app)


def session_policy() -> rules.SessionPolicy:
    """How long sessions live here."""
    policy: rules.SessionPolicy = current_app.extensions["session_policy"]
    return policy


# ----------------------------------------------------------------------------- who is this request


def load_user(uniquifier: str) -> User | None:
    """Whoever the cookie's session belongs to, None when it is over. Called once in a request."""
    token = session.get(_TOKEN)
    if request.endpoint in _NEEDS_NOBODY:
        return None
    try:
        found = _look_up(token) if isinstance(token, str) else None
    except DBAPIError:
        # The page that says so must not ask again.
        current_app.login_manager._update_request_context_with_user()  # type: ignore[attr-defined]
        raise
    if found is None:
        _forget("unknown")
        return None
    row, user, is_protected = found
    at = now()
    over = rules.why_over(row, session_policy(), at)
    if over is None and not user.active:
        over = "inactive"
    if over is None and user.fs_uniquifier != uniquifier:
        over = "password"
    if over:
        _forget(over)
        return None
    if at - row.last_seen_at >= rules.TOUCH_EVERY and request.endpoint != _BY_ITSELF:
        _touch(row, at)
    g.user_session_id, g.is_protected = row.id, is_protected
    return db.session.merge(user, load=False)


def _look_up(token: str) -> tuple[UserSession, User, bool] | None:
    with short_read() as reading:
        found = reading.execute(queries.session_and_user(rules.token_hash(token))).one_or_none()
        return (found[0], found[1], found[2]) if found else None


def _forget(why: str) -> None:
    g.session_over = why
    for key in (_TOKEN, "_user_id", "_fresh", "_id"):
        session.pop(key, None)


def _touch(row: UserSession, at: Any) -> None:
    try:
        with impatient_write() as writing:
            services.touch(writing, row.id, row.user_id, at)
    except OperationalError:  # somebody else writes: the next request marks it
        log.info("session not marked as seen")


# --------------------------------------------------------------------------- sessions begin and end


def _begin_session(app: Flask, user: User, **_: Any) -> None:
    """A log-in renews the cookie: nothing that was in it before is trusted, the CSRF token included."""
    for key in [key for key in session if key not in {"_user_id", "_fresh", "_id"}]:
        session.pop(key)
    g.pop("csrf_token", None)
    with short_write(user.actor) as writing:
        session[_TOKEN] = services.open_session(
            writing, user, request.user_agent.string, request.remote_addr or ""
        )
        speak_to(user)
        services.note(writing, user, "sign_in", "accepted")


def _end_session(app: Flask, user: Any, **_: Any) -> None:
    """A log-out ends the session for good: a copy of the cookie is worth nothing."""
    session_id = g.pop("user_session_id", None)
    session.clear()
    if session_id is not None:
        speak_to(user)
        with short_write(user.actor) as writing:
            services.end_session(writing, user, session_id, "logout")
