"""The extensions of the application, made once and bound to each app in `create_app`, and what they are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import Babel, LazyString
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from markupsafe import Markup, escape
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings

migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()


def _escaped(sentence: LazyString) -> Markup:
    """A lazy sentence is text: Flask-Babel calls it HTML as it stands, and a name within it would be markup."""
    return escape(str(sentence))


setattr(LazyString, "__html__", _escaped)  # noqa: B010  an assignment is refused by the type checker


def flask_config(settings: Settings) -> dict[str, Any]:
    """What Flask and its extensions need to know."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings),
        "TRUSTED_HOSTS": list(settings.trusted_hosts),
        "PREFERRED_URL_SCHEME": "https" if settings.https else "http",
        # The prefix makes browsers refuse the cookie from a subdomain or without TLS.
        "SESSION_COOKIE_NAME": "__Host-session" if settings.https else "session",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_max_hours),
        # A client's form with hundreds of inline rows is many parts, but never many megabytes.
        "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
        "MAX_FORM_PARTS": 20_000,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        # The token lives as long as the session: the default kills forms left open for an hour.
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "fr",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
    }


#: A plan made once for all values serves none: how many rows a search finds is known from its words alone.
_PLAN_FOR_VALUES = "plan_cache_mode=force_custom_plan"


#: Whoever waits without a limit (a command, the worker) learns within a minute that the network is cut.
_NOTICES_A_CUT = {"keepalives_idle": "20", "keepalives_interval": "10", "keepalives_count": "3"}


def trust_proxies(app: Flask, settings: Settings) -> None:
    """Take address, scheme and host of whoever asks from the proxies in front, from no more than there are."""
    number = settings.trusted_proxies
    if number:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number, x_host=number)  # type: ignore[method-assign]


def engine_options(settings: Settings) -> dict[str, Any]:
    """How connections are kept: a dead one is noticed before it is used, and nobody waits long for a lock."""
    if settings.database_url.drivername == "sqlite":
        return {}
    ours = {
        **_NOTICES_A_CUT,
        "connect_timeout": "2",
        "options": f"-c lock_timeout=5000 -c {_PLAN_FOR_VALUES}",
    }
    # The words of whoever wrote the address win.
    waits = {name: ours[name] for name in ours.keys() - settings.database_url.query.keys()}
    return {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8, "connect_args": waits}
