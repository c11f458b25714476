"""The screens of accounts: one's own, and all of them for administrators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from flask import abort, current_app, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_security.utils import login_user
from markupsafe import Markup
from sqlalchemy import String, func

from backoffice.admin.base import Guarded
from backoffice.admin.formats import pill
from backoffice.admin.layout import Cell, Section
from backoffice.admin.pager import Order
from backoffice.admin.records import RecordView, read_id
from backoffice.core.db import db, now
from backoffice.core.problems import Problem
from backoffice.users import mail, queries, reset, services
from backoffice.users.forms import ChangePasswordForm
from backoffice.users.models import LANGUAGES, User, UserSession
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


def _role(view: Any, context: Any, user: User, name: str) -> str:
    return str(ROLES[user.role])


def _language(view: Any, context: Any, user: User, name: str) -> str:
    return str(LANGUAGES[user.locale])


def _activity(view: Any, context: Any, user: User, name: str) -> Markup:
    return pill(user.active, _("Actif"), _("Inactif"))


class UserView(RecordView):
    """Accounts, for administrators. They are deactivated, never deleted: the history names them."""

    rights: ClassVar = dict.fromkeys(
        ("index_view", "details_view", "create_view", "edit_view", "invite", "end_sessions"), "user.write"
    )
    menu_group = _("Administration")
    details_template = "users/card.html"
    can_delete = False
    column_list: Any = ("name", "email", "role", "active", "last_seen_at")
    column_details_list: Any = ("email", "role", "active", "locale", "last_seen_at", "created_at")
    column_formatters: Any = {"role": _role, "locale": _language, "active": _activity}
    orders: Any = {
        "name": Order((func.lower(func.coalesce(User.last_name, ""), type_=String), User.email_key)),
        "email": Order((User.email_key,)),
        "role": Order((User.role, User.email_key)),
        "active": Order((User.active, User.email_key)),
        "last_seen_at": Order((func.coalesce(User.last_seen_at, User.created_at),)),
    }
    default_sort = "name"
    new_title = _("Nouvel utilisateur")
    created_message = _("Compte créé : %(name)s.")
    saved_message = _("Compte enregistré : %(name)s.")
    layout = (
        Section(
            _("Compte"),
            "first_name",
            "last_name",
            "email",
            Cell("locale", 3),
            Cell("role", 3, hint=_("Changer de rôle termine ses sessions en cours.")),
            Cell("active", 3, hint=_("Inactif, il ne peut plus se connecter ; ses sessions se terminent.")),
        ),
    )

    def __init__(self) -> None:
        super().__init__(User, name=_("Utilisateurs"), endpoint="user")
        self.column_labels["name"] = _("Nom")

    def find(self, id: Any, loads: Iterable[Any] = (), lock: bool = False) -> Any:
        """Who is about to change an account first locks the administrators, see `lock_administrators`."""
        if lock:
            services.lock_administrators(db.session())
        return super().find(id, loads, lock)

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        return services.check_user(db.session(), record)

    def saved(self, record: Any, message: Any) -> ResponseReturnValue:
        """A new account is invited at once."""
        if message is self.created_message:
            _send_link(record)
        return super().saved(record, message)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        record = self.find(request.args.get("id"))
        return str(
            self.render(
                self.details_template,
                record=record,
                return_url=self.get_url(".index_view"),
                sessions=open_sessions(record.id),
            )
        )

    @expose("/invite/", methods=("POST",))
    def invite(self) -> ResponseReturnValue:
        """Send a link by which this person chooses a password."""
        user = self.find(request.form.get("id"))
        if not user.active:
            abort(404)
        services.note(db.session(), user, "password", "reset_sent")
        db.session.commit()
        _send_link(user)
        return redirect(self.get_url(".details_view", id=user.id))

    @expose("/end-sessions/", methods=("POST",))
    def end_sessions(self) -> ResponseReturnValue:
        """End all sessions of this person, from the next request on."""
        user = self.find(request.form.get("id"))
        services.end_sessions(db.session(), user, "ended")
        db.session.commit()
        flash(gettext("Ses sessions sont terminées."), "success")
        return redirect(self.get_url(".details_view", id=user.id))


def _send_link(user: User) -> None:
    """Mail the link. An invitation is shown as well, to be handed over; a link to an account in use is not."""
    letter, link, invited = reset.letter_for(user), reset.link_for(user), user.password is None
    db.session.commit()  # reading the account began a write: a slow mail server must not hold its lock
    if mail.send(letter, current_app.extensions["settings"]):
        flash(gettext("Un lien a été envoyé à %(email)s.", email=letter.to), "info")
    else:
        flash(gettext("L’e-mail n’est pas parti : le serveur de messagerie ne l’a pas pris."), "warning")
    if invited:
        flash(gettext("Lien d’invitation, à transmettre au besoin : %(link)s", link=link), "info")


def views() -> list[Any]:
    """The screens of this feature, made anew for each app."""
    return [UserView(), AccountView(name=_("Mon compte"), endpoint="account", url="/account")]
