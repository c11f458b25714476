"""One's own account: name, language, password, where one is logged in."""

from __future__ import annotations

from flask import abort, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import gettext
from flask_login import current_user
from flask_security.utils import login_user

from backoffice.admin import comparing, panels
from backoffice.admin.base import Guarded
from backoffice.admin.flashes import say
from backoffice.admin.preferences import preference
from backoffice.admin.records import read_id
from backoffice.core import past
from backoffice.core.db import db, now
from backoffice.users import notices, queries, second_factor, services
from backoffice.users.forms import ChangePasswordForm, ProfileForm
from backoffice.users.language import speak_to
from backoffice.users.models import LANGUAGES, User, UserSession
from backoffice.users.preferences import keep_for_current_user
from backoffice.users.rights import OWN, ROLES
from backoffice.users.security import session_policy
from backoffice.users.signin import hash_password, sign_in
from backoffice.users.transactions import short_write


def open_sessions(user_id: int) -> list[UserSession]:
    """The sessions in which this person is logged in now."""
    policy, at = session_policy(), now()
    return list(db.session.scalars(queries.open_sessions(user_id, at - policy.idle, at - policy.limit)))


class AccountView(Guarded):
    """What concerns one's own account."""

    in_menu = False
    rights = {
        "index": OWN,
        "edit_view": OWN,
        "language": OWN,
        "preferences": OWN,
        "end_session": OWN,
        "end_other_sessions": OWN,
        "password": OWN,
    }

    @expose("/")
    def index(self) -> str:
        return str(
            self.render(
                "users/account.html",
                user=current_user,
                role=ROLES[current_user.role],
                languages=LANGUAGES,
                shortcuts=preference("shortcuts", True),
                codes_left=second_factor.codes_left(db.session(), current_user.id),
                sessions=open_sessions(current_user.id),
                current=g.user_session_id,
                panels=[(panel, panel.context()) for panel in panels.panels(False, panels.ACCOUNT)],
            )
        )

    # Name

    @expose("/profile/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        if request.method == "GET" or "_resumed" in request.form:
            form = ProfileForm(obj=current_user)
            form.row_version.data = form.row_version.data or str(current_user.version)
            form.seen_fact.data = form.seen_fact.data or str(
                past.newest_fact(db.session, User, current_user.id)
            )
            return str(self.render("users/profile.html", form=form))
        form, user = ProfileForm(), services.lock_user(db.session(), current_user.id)
        if form.row_version.data != str(user.version):
            return self._newer(form, user)
        with db.session.no_autoflush:
            if form.validate():
                user.first_name, user.last_name = form.first_name.data or None, form.last_name.data or None
                form.form_errors.extend(str(each.message) for each in services.check_user(db.session(), user))
        if form.errors:
            db.session.rollback()
            return str(self.render("users/profile.html", form=form))
        db.session.commit()
        say(gettext("Nom enregistré : %(name)s.", name=user.name))
        return redirect(self.get_url(".index"))

    def _newer(self, form: ProfileForm, user: User) -> ResponseReturnValue:
        """Somebody saved first: show who, keep what was typed, and let the next try be made knowingly."""
        latest, differences = comparing.of_few(form, user)
        form.row_version.data = str(user.version)
        form.seen_fact.data = str(past.newest_fact(db.session, User, user.id))
        page = self.render("users/profile.html", form=form, latest=latest, differences=differences)
        return str(page), 409

    # Choices

    @expose("/language/", methods=("POST",))
    def language(self) -> ResponseReturnValue:
        """The product in another language, from the next page on."""
        wanted, back = request.form.get("locale"), get_redirect_target() or self.get_url(".index")
        if wanted not in LANGUAGES:
            abort(400)
        user = services.lock_user(db.session(), current_user.id)
        before, user.locale = user.locale, wanted
        db.session.commit()
        speak_to(user)
        if before != wanted:
            said = gettext("Langue de l’écran : %(language)s.", language=LANGUAGES[wanted])
            say(said, undo=(self.get_url(".language"), {"locale": before, "url": back}))
        return redirect(back)

    @expose("/preferences/", methods=("POST",))
    def preferences(self) -> ResponseReturnValue:
        """Keys that act by themselves: some need every key for a tool of theirs."""
        wanted = request.form.get("shortcuts") == "1"
        keep_for_current_user("shortcuts", wanted)
        said = (
            gettext("Raccourcis à une touche activés.")
            if wanted
            else gettext("Raccourcis à une touche désactivés.")
        )
        say(said, undo=(self.get_url(".preferences"), {"shortcuts": "0" if wanted else "1"}))
        return redirect(get_redirect_target() or self.get_url(".index"))

    # Sessions

    @expose("/sessions/end/", methods=("POST",))
    def end_session(self) -> ResponseReturnValue:
        session_id = read_id(request.form.get("id")) or abort(404)
        if not services.end_session(db.session(), current_user, session_id, "ended"):
            abort(404)
        db.session.commit()
        flash(gettext("Session terminée."), "success")
        return redirect(self.get_url(".index"))

    @expose("/sessions/end-others/", methods=("POST",))
    def end_other_sessions(self) -> ResponseReturnValue:
        services.end_sessions(db.session(), current_user, "ended", but=g.user_session_id)
        db.session.commit()
        flash(gettext("Vos autres sessions sont terminées."), "success")
        return redirect(self.get_url(".index"))

    # Password

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
        notices.tell(user, "password")
        login_user(user, authn_via=["password"])
        flash(gettext("Mot de passe changé. Vos autres sessions sont terminées."), "success")
        return redirect(self.get_url(".index"))
