"""A new password by mail: a link that serves once, within the hour. The same link invites a new user.

The link is signed, and bound to the account's uniquifier: whoever uses it renews that, and the link is dead. It is
bound to the e-mail address as well: corrected, the mail that went to the wrong one opens nothing any more. An
account that has no password yet was invited: its link may wait for three days, for there is nothing to take over.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from flask import (
    Blueprint,
    Response,
    abort,
    copy_current_request_context,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature
from werkzeug.exceptions import TooManyRequests

from backoffice.users import mail, notices, queries, rules, services
from backoffice.users.forms import AskResetForm, NewPasswordForm
from backoffice.users.language import speak_to
from backoffice.users.models import User
from backoffice.users.signin import hash_password
from backoffice.users.transactions import counted_try, seconds, short_read, short_write

RESET_WITHIN = timedelta(hours=1)
INVITATION_WITHIN = timedelta(days=3)

blueprint = Blueprint("reset", __name__, url_prefix="/reset")


@blueprint.route("", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Send a link to the account of an e-mail. The answer is the same whether there is one or not."""
    form = AskResetForm()
    if not form.validate_on_submit():
        return render_template("users/ask_reset.html", form=form)
    typed = form.email.data or ""
    try:
        counted_try("reset", rules.account_hash(typed), rules.network_of(request.remote_addr))
    except services.TooManyTriesError as error:
        raise TooManyRequests(retry_after=seconds(error)) from None
    flash(
        _(
            "Si un compte existe pour cette adresse, un lien vient de lui être envoyé. Il sert une fois, pendant une heure."
        ),
        "info",
    )
    response = make_response(redirect(url_for("security.login")))
    _send_later(response, typed)
    return response


@blueprint.route("/<token>", methods=["GET", "POST"])
def choose(token: str) -> ResponseReturnValue:
    """Choose the new password. Logs nobody in: the log-in follows, with the new password."""
    user = user_of(token)
    if user is None:
        flash(_("Ce lien a déjà servi ou n’est plus valable : demandez-en un autre."), "error")
        return redirect(url_for("reset.ask"))
    speak_to(user)
    form = NewPasswordForm((user.first_name, user.last_name, user.email))
    if not form.validate_on_submit():
        return render_template("users/reset.html", form=form, user=user)
    hashed = hash_password(form.password.data or "")
    with short_write(user.actor) as session:
        again = session.scalar(queries.by_uniquifier(user.fs_uniquifier).with_for_update())
        if again is None or not again.active:  # the link was used in the meantime
            abort(409)
        services.set_password(session, again, hashed, "reset")
    if user.password:
        notices.tell(user, "password")
    flash(_("Mot de passe enregistré. Connectez-vous."), "info")
    return redirect(url_for("security.login"))


def link_for(user: User) -> str:
    """The address under which this person chooses a password."""
    token = current_app.extensions["security"].reset_serializer.dumps(_bound_to(user))
    base = current_app.extensions["settings"].public_url
    path = url_for("reset.choose", token=token)
    return f"{base}{path}" if base else url_for("reset.choose", token=token, _external=True)


def user_of(token: str) -> User | None:
    """Whose link this is; None when it is false, too old or was used."""
    serializer = current_app.extensions["security"].reset_serializer
    try:
        bound_to = serializer.loads(token, max_age=INVITATION_WITHIN.total_seconds())
        uniquifier = bound_to.partition(" ")[0]
    except (BadSignature, AttributeError):
        return None
    with short_read() as session:
        user = session.scalar(queries.by_uniquifier(uniquifier))
    if user is None or not user.active or bound_to != _bound_to(user):
        return None
    if user.password:
        try:
            serializer.loads(token, max_age=RESET_WITHIN.total_seconds())
        except BadSignature:
            return None
    return user


def _bound_to(user: User) -> str:
    return f"{user.fs_uniquifier} {rules.account_hash(user.email)}"


def letter_for(user: User) -> mail.Mail:
    """The mail with the link, in the language of its reader: an invitation for who has no password yet."""
    with force_locale(user.locale):
        return _invitation(user) if user.password is None else _reset(user)


def _invitation(user: User) -> mail.Mail:
    text = _(
        "Bonjour,\n\nUn compte vous a été ouvert. Choisissez votre mot de passe dans les trois jours :\n\n"
        "%(link)s\n\nCe lien ne sert qu’une fois.",
        link=link_for(user),
    )
    return mail.Mail(user.email, _("Votre compte sur le back office"), text)


def _reset(user: User) -> mail.Mail:
    text = _(
        "Bonjour,\n\nUn nouveau mot de passe a été demandé pour votre compte. Choisissez-le dans l’heure :\n\n"
        "%(link)s\n\nCe lien ne sert qu’une fois. Si vous n’avez rien demandé, ne faites rien : votre mot de passe "
        "reste le même.",
        link=link_for(user),
    )
    return mail.Mail(user.email, _("Votre mot de passe sur le back office"), text)


def _send_later(response: Response, typed: str) -> None:
    """Look and send after the answer has gone out: how long it took would tell whether the account exists."""
    response.call_on_close(copy_current_request_context(partial(_send, typed)))


def _send(typed: str) -> None:
    with short_read() as session:
        user = session.scalar(queries.by_email_key(rules.login_key(typed)))
    if user is None or not user.active:
        return
    with short_write() as session:
        services.note(session, user, "password", "reset_sent")
    mail.send(letter_for(user), current_app.extensions["settings"])
