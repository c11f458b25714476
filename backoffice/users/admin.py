"""The screens of all accounts, for administrators."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from flask import abort, current_app, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import format_timedelta, gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import func, inspect
from sqlalchemy.orm import joinedload

from backoffice.admin.flashes import say
from backoffice.admin.formats import pill, show
from backoffice.admin.layout import Cell, Section
from backoffice.admin.pager import Order
from backoffice.admin.records import RecordView, read_id
from backoffice.admin.saving import sentence
from backoffice.core.db import db, now
from backoffice.core.problems import Problem
from backoffice.users import enrolment, mail, notices, reset, second_factor, services
from backoffice.users.account import AccountView, open_sessions
from backoffice.users.models import LANGUAGES, User
from backoffice.users.presence import PresenceView
from backoffice.users.protection import SecondFactorView
from backoffice.users.rights import ROLES


def _role(view: Any, context: Any, user: User, name: str) -> str:
    return str(ROLES[user.role])


def _language(view: Any, context: Any, user: User, name: str) -> str:
    return str(LANGUAGES[user.locale])


def _state(view: Any, context: Any, user: User, name: str) -> Markup:
    if user.active and user.password is None:
        return Markup('<span class="pill warn">{}</span>').format(_("Invité"))
    return pill(user.active, _("Actif"), _("Inactif"))


def _has_second_factor(view: Any, context: Any, user: User, name: str) -> str:
    return show(user.second_factor is not None)


def _last_seen(view: Any, context: Any, user: User, name: str) -> str | Markup:
    """How long ago, in words; the moment itself for who points at them."""
    moment = user.last_seen_at
    if moment is None:
        return str(gettext("jamais"))
    ago = moment - now()
    words = (
        gettext("à l’instant") if -ago < timedelta(minutes=2) else format_timedelta(ago, add_direction=True)
    )
    return Markup('<span title="{}">{}</span>').format(show(moment), words)


class UserView(RecordView):
    """Accounts, for administrators. They are deactivated, never deleted: the history names them."""

    rights: ClassVar = dict.fromkeys(
        (
            "index_view",
            "details_view",
            "create_view",
            "edit_view",
            "invite",
            "activate_view",
            "deactivate_view",
            "end_session",
            "end_sessions",
            "remove_second_factor",
        ),
        "user.write",
    )
    menu_group = _("Administration")
    details_template = "users/card.html"
    can_delete = False
    column_list: Any = ("name", "email", "role", "active", "second_factor", "last_seen_at")
    column_details_list: Any = (
        "email",
        "role",
        "locale",
        "second_factor",
        "last_seen_at",
        "created_at",
    )
    column_formatters: Any = {
        "role": _role,
        "locale": _language,
        "active": _state,
        "second_factor": _has_second_factor,
        "last_seen_at": _last_seen,
    }
    list_loads: ClassVar = (joinedload(User.second_factor),)
    orders: Any = {
        "name": Order((User.name_key,)),
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
        self.column_labels.update(
            name=_("Prénom et nom"),
            active=_("État"),
            second_factor=_("Second facteur"),
            last_seen_at=_("Vu"),
        )

    def count_noun(self, number: int) -> str:
        return str(ngettext("utilisateur", "utilisateurs", number))

    def find(self, id: Any, loads: Iterable[Any] = (), lock: bool = False) -> Any:
        """Who is about to change an account first locks the administrators, see `lock_administrators`."""
        if lock:
            services.lock_administrators(db.session())
        return super().find(id, loads, lock)

    def problems(self, form: Any, record: Any, is_created: bool) -> Iterable[Problem]:
        return services.check_user(db.session(), record)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        super().on_model_change(form, model, is_created)
        former = inspect(model).attrs.email_key.history.deleted
        g.former_email = former[0] if former and former[0] != model.email_key else None

    def saved(self, record: Any, message: Any) -> ResponseReturnValue:
        """A new account is invited at once; a mail to the former address says that it is no longer one."""
        if message is self.created_message:
            _send_link(record)
        elif g.former_email and record.password:
            notices.tell(record, "email", to=g.former_email)
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
                current=g.user_session_id,
                codes_left=second_factor.codes_left(db.session(), record.id),
                required=enrolment.is_required(record),
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

    @expose("/deactivate/", methods=("POST",))
    def deactivate_view(self) -> ResponseReturnValue:
        """Let somebody in no longer."""
        return self._switch(False, gettext("Compte désactivé : %(name)s. Ses sessions sont terminées."))

    @expose("/activate/", methods=("POST",))
    def activate_view(self) -> ResponseReturnValue:
        """Let somebody in again."""
        return self._switch(True, gettext("Compte réactivé : %(name)s."))

    def _switch(self, active: bool, said: str) -> ResponseReturnValue:
        user = self.find(request.form.get("id"), lock=True)
        home, changes = self.get_url(".details_view", id=user.id), user.active != active
        problems = services.set_active(db.session(), user, active)
        if problems:
            db.session.rollback()
            flash(sentence(problems[0]), "error")
            return redirect(home)
        db.session.commit()
        if changes:
            back = self.get_url(".deactivate_view" if active else ".activate_view")
            say(said % {"name": user.name}, undo=(back, {"id": user.id}))
        return redirect(home)

    @expose("/end-session/", methods=("POST",))
    def end_session(self) -> ResponseReturnValue:
        """End one session of this person, as where they have forgotten to log out."""
        user, session_id = self.find(request.form.get("id")), read_id(request.form.get("session"))
        if session_id is None or not services.end_session(db.session(), user, session_id, "ended"):
            abort(404)
        db.session.commit()
        flash(gettext("Session terminée."), "success")
        return redirect(self.get_url(".details_view", id=user.id))

    @expose("/end-sessions/", methods=("POST",))
    def end_sessions(self) -> ResponseReturnValue:
        """End all sessions of this person, from the next request on."""
        user = self.find(request.form.get("id"))
        services.end_sessions(db.session(), user, "ended")
        db.session.commit()
        flash(gettext("Ses sessions sont terminées."), "success")
        return redirect(self.get_url(".details_view", id=user.id))

    @expose("/remove-second-factor/", methods=("POST",))
    def remove_second_factor(self) -> ResponseReturnValue:
        """For who has lost the phone and the codes. One's own is removed with the password, in one's account."""
        user = self.find(request.form.get("id"))
        if user.id == current_user.id:
            return redirect(self.get_url("second_factor.remove"))
        gone = second_factor.take_away(db.session(), user)
        db.session.commit()
        if gone:
            notices.tell(user, "second_factor_off")
            said = gettext("Second facteur de %(name)s retiré : son mot de passe suffit.", name=user.name)
            flash(said, "success")
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
        said = gettext("Lien d’invitation, à transmettre au besoin :")
        flash(Markup('{} <code class="whole">{}</code>').format(said, link), "info")


def views() -> list[Any]:
    """The screens of this feature, made anew for each app."""
    return [
        UserView(),
        AccountView(name=_("Mon compte"), endpoint="account", url="/account"),
        PresenceView(name=_("Formulaires ouverts"), endpoint="presence", url="/presence"),
        SecondFactorView(name=_("Second facteur"), endpoint="second_factor", url="/account/second-factor"),
    ]
