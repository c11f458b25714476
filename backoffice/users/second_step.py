"""The second step of a log-in: after the right password, a code of the app or a recovery code.

In between nobody is logged in. The signed cookie only remembers, for some minutes, whose password was right; a
change of the password ends that too.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from flask_security.tf_plugin import TfPlugin
from flask_security.utils import login_user, validate_redirect_url

from backoffice.users import queries, second_factor
from backoffice.users.code_forms import CodeForm
from backoffice.users.language import speak_to
from backoffice.users.models import User
from backoffice.users.signin import has_second_factor
from backoffice.users.transactions import short_read

#: How long the right password is remembered while the code is looked for.
WITHIN = timedelta(minutes=5)

_KEY = "second_step"

blueprint = Blueprint("second_step", __name__, url_prefix="/login")


class CodeAfterPassword(TfPlugin):
    """What Flask-Security's log-in asks once the password is right."""

    def tf_enter(
        self, user: Any, remember_me: bool | None, primary_authn_via: str, next_loc: str | None
    ) -> Any:
        """The page of the code for who has a second factor, None for anybody else: they are logged in at once."""
        if not begin(user):
            return None
        return redirect(url_for("second_step.code", next=request.form.get("next") or None))


def begin(user: User) -> bool:
    """Remember whose password was right; False for somebody whose password is enough."""
    if not has_second_factor(user):
        return False
    session[_KEY] = [user.fs_uniquifier, int(time.time())]
    return True


def pending_user() -> User | None:
    """Whose password was right a moment ago, in this browser."""
    try:
        uniquifier, at = session.get(_KEY, ())
        age = time.time() - at
    except (TypeError, ValueError):
        return None
    if not 0 <= age <= WITHIN.total_seconds():
        return None
    with short_read() as reading:
        user = reading.scalar(queries.by_uniquifier(str(uniquifier)))
    return user if user is not None and user.active else None


@blueprint.route("/code/", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Ask for the code, and log in."""
    if current_user.is_authenticated:
        return redirect("/")
    user = pending_user()
    if user is None:
        if request.method == "POST" or _KEY in session:
            flash(_("Le délai est passé : saisissez à nouveau votre mot de passe."), "info")
        return redirect(url_for("security.login", next=request.args.get("next")))
    speak_to(user)
    form = CodeForm(user)
    if not form.validate_on_submit():
        return render_template("users/code.html", form=form, email=user.email)
    let_in(user, form.is_recovery_code)
    return redirect(_way_back())


def _way_back() -> str:
    """The page that was asked for before the log-in; a way that leads elsewhere is dropped without a word."""
    asked = request.args.get("next", "")
    is_path = asked.startswith("/") and asked[1:2] not in ("/", "\\") and asked.isprintable()
    return asked if is_path and validate_redirect_url(asked) else "/"


def let_in(user: User, by_recovery_code: bool) -> None:
    """Log in somebody who has shown both factors; say what is left of the recovery codes when one was used."""
    login_user(user, authn_via=["password", "code"])
    if not by_recovery_code:
        return
    with short_read() as reading:
        left = second_factor.codes_left(reading, user.id)
    said = ngettext(
        "Code de secours utilisé : il vous en reste %(num)d. « Mon compte » en crée de nouveaux.",
        "Code de secours utilisé : il vous en reste %(num)d. « Mon compte » en crée de nouveaux.",
        left,
    )
    flash(said, "warning")
