"""The first visit: a one-time link, printed where the server was started, makes the first administrator.

There is no default account. Whoever can read the console of the server may make the first one; nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security.utils import login_user

from backoffice.core.problems import Rejected
from backoffice.users import queries, services
from backoffice.users.forms import SetupForm
from backoffice.users.models import User
from backoffice.users.rights import ADMINISTRATEUR
from backoffice.users.signin import hash_password
from backoffice.users.transactions import short_read, short_write

#: Adds the demonstration data; set by the feature that has them.
on_demo: Callable[[], None] | None = None

blueprint = Blueprint("setup", __name__, url_prefix="/setup")


def setup_link(settings: Any, base_url: str) -> str | None:
    """The address that makes the first administrator, None when there is an account.

    `base_url` is where the server listens, for when no PUBLIC_URL is set. Each call makes a new link and kills the
    one before: call it once, before any worker is forked, inside an app context.
    """
    with short_write(via="command") as session:
        token = services.new_setup_link(session)
    return f"{settings.public_url or base_url}/setup?token={token}" if token else None


@blueprint.route("", methods=["GET", "POST"])
def first_administrator() -> ResponseReturnValue:
    """Make the first administrator. Once an account exists the page only leads to the log-in."""
    token = request.values.get("token", "")
    with short_read() as session:
        if session.scalar(queries.anybody()):
            return redirect("/")
        valid = services.is_setup_token(session, token)
    if not valid:
        return render_template("users/setup.html", form=None, wrong_link=bool(token)), 403 if token else 200
    form = SetupForm()
    if on_demo is None:
        del form.demo
    if form.validate_on_submit():
        user = _make(form, token)
        if user is not None:
            return _welcome(user, on_demo if form.demo and form.demo.data else None)
    return render_template("users/setup.html", form=form, link_token=token)


def _make(form: SetupForm, token: str) -> User | None:
    new = services.NewUser(
        email=form.email.data or "",
        role=ADMINISTRATEUR,
        first_name=form.first_name.data,
        last_name=form.last_name.data,
        password_hash=hash_password(form.password.data or ""),
    )
    try:
        with short_write() as session:
            user = services.use_setup_link(session, token, lambda: services.create_user(session, new))
    except Rejected as refusal:
        form.email.errors = (str(refusal.message),)
        return None
    if user is None:  # somebody else was faster with the same link
        abort(409)
    return user


def _welcome(user: User, add_demo: Callable[[], None] | None) -> ResponseReturnValue:
    login_user(user, authn_via=["password"])
    if add_demo is not None:
        add_demo()
        flash(_("Les données de démonstration ont été ajoutées."), "info")
    flash(_("Bienvenue ! Votre compte administrateur est créé."), "info")
    return redirect("/")
