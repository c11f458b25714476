"""The screens of one's own second factor: turn it on, renew the codes on paper, turn it off.

Each step asks for the password again. What the app and we share is shown while it is turned on, and never again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import flash, make_response, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from backoffice.admin.base import Guarded
from backoffice.admin.parts import is_part
from backoffice.users import enrolment, notices, queries, second_factor, totp
from backoffice.users.code_forms import WRONG_CODE, ConfirmCodeForm
from backoffice.users.forms import PasswordAgainForm
from backoffice.users.models import User
from backoffice.users.rights import OWN
from backoffice.users.signin import has_second_factor, secret_key, sign_in
from backoffice.users.transactions import short_read, short_write

#: How long a secret waits for its first code.
_WITHIN = timedelta(minutes=15)
_KEY = "new_second_factor"


class SecondFactorView(Guarded):
    """One's own second factor."""

    in_menu = False
    rights = dict.fromkeys(("index", "confirm", "renew", "remove"), OWN)

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """What it is, whether it is on; with the password, the way to turn it on."""
        form = PasswordAgainForm()
        with short_read() as reading:
            factor = reading.scalar(queries.second_factor(current_user.id))
            left = second_factor.codes_left(reading, current_user.id)
        if factor is None and _is_password(form):
            session[_KEY] = [totp.new_secret(secret_key()), int(time.time())]
            return redirect(self.get_url(".confirm"))
        return self._shown("users/second_factor.html", form=form, factor=factor, codes_left=left)

    @expose("/code/", methods=("GET", "POST"))
    def confirm(self) -> ResponseReturnValue:
        """Show the secret to the app; its first code shows that it has learnt it."""
        secret = _waiting_secret()
        if secret is None or has_second_factor(current_user):
            return redirect(self.get_url(".index"))
        form = ConfirmCodeForm()
        if form.validate_on_submit():
            step = totp.time_step(secret, form.code.data or "", secret_key())
            if step is not None:
                session.pop(_KEY)
                return self._with_codes(
                    "second_factor_on",
                    gettext("Le second facteur est activé."),
                    lambda writing, user, codes: second_factor.turn_on(writing, user, secret, step, codes),
                )
            form.code.errors = (str(WRONG_CODE),)
        shown = totp.invitation(secret, current_user.email, secret_key())
        return self._shown("users/second_factor_code.html", form=form, shown=shown)

    @expose("/codes/", methods=("GET", "POST"))
    def renew(self) -> ResponseReturnValue:
        """New recovery codes, once those before are used up or lost."""
        form = PasswordAgainForm()
        if _is_password(form):
            return self._with_codes(
                "recovery_codes", gettext("Nouveaux codes créés."), second_factor.renew_codes
            )
        return str(self.render("users/renew_codes.html", form=form))

    @expose("/remove/", methods=("GET", "POST"))
    def remove(self) -> ResponseReturnValue:
        """The password alone is enough again."""
        if enrolment.is_required(current_user):
            flash(gettext("Votre rôle demande un second facteur : il ne peut pas être retiré."), "error")
            return redirect(self.get_url(".index"), 303)
        form = PasswordAgainForm()
        if not _is_password(form):
            return str(self.render("users/remove_second_factor.html", form=form))
        with short_write(current_user.actor) as writing:
            user = writing.get_one(User, current_user.id, with_for_update=True)
            gone = second_factor.turn_off(writing, user)
        if gone:
            notices.tell(user, "second_factor_off")
        flash(gettext("Second facteur retiré : le mot de passe suffit à nouveau."), "success")
        return redirect(self.get_url("account.index"))

    def _shown(self, template: str, **shown: Any) -> ResponseReturnValue:
        """A page that has no menu around it for whom nothing else is open yet."""
        due = enrolment.is_due()
        required = enrolment.is_required(current_user)
        response = make_response(self.render(template, due=due, required=required, **shown))
        if due and is_part():  # asked for by a page that has a menu: the browser is to leave it
            response.headers["HX-Redirect"] = request.path
        return response

    def _with_codes(
        self, what: str, said: str, keep: Callable[[Session, User, totp.HashedCodes], bool]
    ) -> ResponseReturnValue:
        """Keep new recovery codes by what `keep` does, and show them: this once, for only hashes are stored.

        `what` has happened is mailed, `said` on the page.
        """
        codes = totp.new_recovery_codes()
        hashed = totp.hash_codes(codes)
        with short_write(current_user.actor) as writing:
            kept = keep(writing, writing.get_one(User, current_user.id, with_for_update=True), hashed)
        if not kept:
            return redirect(self.get_url(".index"))
        notices.tell(current_user, what)
        return str(self.render("users/recovery_codes.html", codes=codes, said=said))


def _is_password(form: Any) -> bool:
    """Was the form sent with the password of the person who is logged in? Raises TooManyRequests (429)."""
    if not form.validate_on_submit():
        return False
    if sign_in(current_user.email, form.current.data or "", what="password") is not None:
        return True
    form.current.errors = (gettext("Ce n’est pas votre mot de passe actuel : retapez-le."),)
    return False


def _waiting_secret() -> str | None:
    try:
        secret, at = session.get(_KEY, ())
        waiting = 0 <= time.time() - at <= _WITHIN.total_seconds()
    except (TypeError, ValueError):
        return None
    return str(secret) if waiting else None
