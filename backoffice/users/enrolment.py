"""Roles that a setting asks a second factor of: who has none yet turns it on, and does nothing else before."""

from __future__ import annotations

from flask import current_app, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from backoffice.users.models import User
from backoffice.users.signin import has_second_factor

#: What stays open to them, beside what needs nobody (the log-out is among that).
OPEN = frozenset({"second_factor.index", "second_factor.confirm"})


def is_required(user: User) -> bool:
    """Does the role of this person ask for a second factor?"""
    return user.role in current_app.extensions["settings"].second_factor_roles


def is_due() -> bool:
    """Must whoever is logged in turn a second factor on before anything else?"""
    if not current_user.is_authenticated or not is_required(current_user):
        return False
    if "is_protected" not in g:  # they have logged in by this very request
        g.is_protected = has_second_factor(current_user)
    return not g.is_protected


def lead_there() -> ResponseReturnValue:
    """The way to the only page that is open to them."""
    return redirect(url_for("second_factor.index"), 303)
