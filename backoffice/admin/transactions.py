"""One request, one transaction: whether it writes follows from its method, who acts from the log-in.

Somebody waits for it: a database that has fallen silent is not waited for.
"""

from __future__ import annotations

from flask import Flask, g, request
from flask_login import current_user

from backoffice.core import audit
from backoffice.core.db import db, writing
from backoffice.core.patience import hurried

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    """Wire the hooks. Must come before the log-in, whose user loader opens the first transaction."""
    app.before_request(_open)
    app.teardown_request(_close)


def _open() -> None:
    g.context_tokens = (writing.set(request.method not in SAFE_METHODS), hurried.set(True))


def _close(error: BaseException | None) -> None:
    for token in g.pop("context_tokens", ()):
        token.var.reset(token)


def act_as_current_user() -> None:
    """The person who is logged in acts through the screen: what follows is traced to them."""
    audit.act_as(db.session(), current_user.actor, "screen")
