"""The screens of accounts: one's own, and all of them for administrators."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_security.utils import login_user

from backoffice.admin.base import Guarded
from backoffice.admin.records import read_id
from backoffice.admin.transactions import act_as_current_user
from backoffice.core.db import db, now
from backoffice.users import queries, services
from backoffice.users.forms import ChangePasswordForm
from backoffice.users.models import User, UserSession
from backoffice.users.rights import OWN, ROLES
from backoffice.users.security import session_policy
from backoffice.users.signin import hash_password, sign_in
from backoffice.users.transactions import short_write


def open_sessions(user_id: int) -> list[UserSession]:
    """The sessions in which this person is logged in now."""
    policy, at = session_policy(), now()
    return list(db.session.scalars(queries.open_sessions(user_id, at - policy.idle, at - policy.limit)))


class AccountView(Guarded):
    """What concerns one's own account: who one is, where one is logged in, the password."""

    in_menu = False
    rights = {
        "index": OWN,
        "end_session": OWN,
        "end_other_sessions": OWN,
        "password": OWN,
    }

    @expose("/")
    def index(self) -> str:
        return str(
            self.render(
                "users/account.html",
                person=current_user,
                role=ROLES[current_user.role],
                sessions=open_sessions(current_user.id),
                current=g.user_session_id,
            )
        )

    @expose("/sessions/end/", methods=("POST",))
    def end_session(self) -> ResponseReturnValue:
        session_id = read_id(request.form.get("id")) or abort(404)
        act_as_current_user()
        if not services.end_session(db.session(), current_user, session_id, "ended"):
            abort(404)
        db.session.commit()
        flash(gettext("Session terminée."), "success")
        return redirect(self.get_url(".index"))

    @expose("/sessions/end-others/", methods=("POST",))
    def end_other_sessions(self) -> ResponseReturnValue:
        act_as_current_user()
        services.end_sessions(db.session(), current_user, "ended", but=g.user_session_id)
        db.session.commit()
        flash(gettext("Vos autres sessions sont terminées."), "success")
        return redirect(self.get_url(".index"))

    @expose("/password/", methods=("GET", "POST"))
    def password(self) -> ResponseReturnValue:
        form = ChangePasswordForm((current_user.first_name, current_user.last_name, current_user.email))
        if form.validate_on_submit():
            if sign_in(current_user.email, form.current.data or "", what="password") is not None:
                return self._change_password(form.password.data or "")
            form.current.errors = (gettext("Ce n’est pas votre mot de passe actuel : retapez-le."),)
        return str(self.render("users/password.html", form=form))

    def _change_password(self, typed: str) -> ResponseReturnValue:
        """The new password ends all sessions; this browser gets a new one."""
        hashed = hash_password(typed)
        with short_write(current_user.actor) as session:
            user = session.get_one(User, current_user.id, with_for_update=True)
            services.set_password(session, user, hashed, "changed")
        login_user(user, authn_via=["password"])
        flash(gettext("Mot de passe changé. Vos autres sessions sont terminées."), "success")
        return redirect(self.get_url(".index"))


def views() -> list[Any]:
    """The screens of this feature, made anew for each app."""
    return [AccountView(name=_("Mon compte"), endpoint="account", url="/account")]  # type: ignore[arg-type]
