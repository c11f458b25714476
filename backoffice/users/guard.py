"""The gate before every address: closed unless declared, and what was typed survives a new log-in.

When a session has run out under a form, the answer to its POST is a log-in that carries the typed fields along,
hidden. Sent to the same address with e-mail and password, it logs in and goes on to the form, which shows what was
typed and saves nothing (`RESUMED`): only the person presses "Enregistrer". Who has a second factor is asked for the
code in between, by the same page.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from backoffice.admin.errors import error_page
from backoffice.core.db import db
from backoffice.users import enrolment, queries, second_step
from backoffice.users.code_forms import ResumeCodeForm
from backoffice.users.forms import ResumeForm
from backoffice.users.models import User
from backoffice.users.rights import ENDPOINTS, PUBLIC
from backoffice.users.transactions import short_read

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

#: The field that says: show this form with what was typed, and save nothing. The kit asks for it.
RESUMED = "_resumed"

#: How the names of the log-in above a form begin.
_OWN_FIELDS = "_resume_"

#: Says that a file was chosen, which a page can't carry along.
_FILE_LEFT = f"{_OWN_FIELDS}file"

#: Methods of Flask-Admin views that show their form again when something is wrong, and may be resumed.
_FORMS = frozenset({"create_view", "edit_view", "field_view"})

#: More than this is not carried along: the page would be too heavy to send.
_CARRIED_MOST = 1_000_000


def guard(app: Flask) -> None:
    """Close every address of the app that is not declared."""
    app.before_request(_let_in)
    app.register_error_handler(CSRFError, _without_token)


def _without_token(error: CSRFError) -> ResponseReturnValue:
    """The cookie is gone, and the token with it: a form of ours that nobody sends is as one sent too late."""
    db.session.rollback()
    is_resumed = (
        not current_user.is_authenticated and _is_from_here() and _can_be_resumed(request.endpoint or "")
    )
    return _resume_page(ResumeForm(formdata=None)) if is_resumed else error_page(error.code or 400)


def _is_from_here() -> bool:
    """Does the browser say that a page of ours sent this? Other sites are not to fill in our forms."""
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")


def _let_in() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None  # 404 or 405, said by the router
    if request.is_json and endpoint.startswith("security."):
        abort(400)
    if endpoint in PUBLIC and endpoint not in _WAIT_FOR_SETUP:
        return None
    if not current_user.is_authenticated:
        if _first_use():
            return redirect(url_for("setup.first_administrator"))
        if endpoint in PUBLIC:
            return None
        refused = _ask_to_sign_in(endpoint)
        if refused is not None:
            return refused
    return None if endpoint in PUBLIC else _turn_away(endpoint)


def _turn_away(endpoint: str) -> ResponseReturnValue | None:
    """What keeps somebody who is logged in from an address."""
    if endpoint not in enrolment.OPEN and enrolment.is_due():
        return enrolment.lead_there()
    if not is_screen(current_app, endpoint):
        right = ENDPOINTS.get(endpoint)
        if right is None or not current_user.can(right):
            abort(403)
    return None


#: Open to all, but before the first account there is nothing there to do.
_WAIT_FOR_SETUP = frozenset({"security.login", "reset.ask", "reset.choose"})


def is_screen(app: Flask, endpoint: str) -> bool:
    """Does a view of Flask-Admin answer here? The kit then asks its `rights`."""
    blueprint = endpoint.rpartition(".")[0]
    return blueprint in _screens(app)


def right_needed(app: Flask, endpoint: str) -> str | None:
    """The right that an address needs, "" when it is public, None when nobody has declared it."""
    if endpoint in PUBLIC:
        return ""
    if endpoint in ENDPOINTS:
        return ENDPOINTS[endpoint]
    blueprint, _dot, method = endpoint.rpartition(".")
    rights: dict[str, str] = getattr(_screens(app).get(blueprint), "rights", {})
    return rights.get(method)


def _screens(app: Flask) -> dict[str, Any]:
    return {view.endpoint: view for admin in app.extensions.get("admin", ()) for view in admin._views}


def _first_use() -> bool:
    """Is there no account yet? Once there is one it is never asked again: accounts are not deleted."""
    state: dict[str, bool] = current_app.extensions.setdefault("users", {})
    if not state.get("exist"):
        with short_read() as session:
            state["exist"] = bool(session.scalar(queries.anybody()))
    return not state["exist"]


# ----------------------------------------------------------------------------------- the log-in between


def _ask_to_sign_in(endpoint: str) -> ResponseReturnValue | None:
    if request.method in SAFE_METHODS:
        if g.get("session_over", "unknown") != "unknown":
            flash(_("Votre session est terminée : reconnectez-vous."), "info")
        return redirect(url_for("security.login", next=_here()))
    if not _can_be_resumed(endpoint):
        flash(
            _("Votre session est terminée : reconnectez-vous, puis recommencez. Rien n’a été enregistré."),
            "error",
        )
        return redirect(url_for("security.login"))
    code = ResumeCodeForm(second_step.pending_user())
    if code.is_sent():
        return _resume_by_code(code)
    form = ResumeForm()
    if not form.is_sent() or not form.validate_on_submit() or form.user is None:
        return _resume_page(form)
    if second_step.begin(form.user):
        return _resume_page(code)
    _let_back_in(form.user)
    return None


def _resume_by_code(form: ResumeCodeForm) -> ResponseReturnValue | None:
    if form.user is None:
        again = ResumeForm(formdata=None)
        again.form_errors.append(_("Le délai est passé : saisissez à nouveau votre mot de passe."))
        return _resume_page(again)
    if not form.validate_on_submit():
        return _resume_page(form)
    _let_back_in(form.user, form.is_recovery_code)
    return None


def _let_back_in(user: User, by_recovery_code: bool = False) -> None:
    second_step.let_in(user, by_recovery_code)
    g._login_user = db.session.merge(user, load=False)
    flash(_("Vous êtes reconnecté. Vérifiez votre saisie, puis enregistrez : rien ne l’a été."), "info")
    if _is_file_left():
        flash(_("Le fichier choisi n’a pas pu être conservé : choisissez-le à nouveau."), "warning")


def _is_file_left() -> bool:
    return _FILE_LEFT in request.form or any(file.filename for file in request.files.values())


def _can_be_resumed(endpoint: str) -> bool:
    return (
        request.method == "POST"
        and is_screen(current_app, endpoint)
        and endpoint.rpartition(".")[2] in _FORMS
        and (request.content_length or 0) <= _CARRIED_MOST
    )


def _resume_page(form: ResumeForm | ResumeCodeForm) -> ResponseReturnValue:
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {"csrf_token", RESUMED} and not name.startswith(_OWN_FIELDS)
    ]
    carried = [(RESUMED, "1"), *([(_FILE_LEFT, "1")] if _is_file_left() else []), *fields]
    page = render_template("users/resume.html", form=form, fields=carried, here=_here())
    if form.retry_after:
        return page, 429, {"Retry-After": str(form.retry_after)}
    return page, 401


def _here() -> str:
    return request.full_path if request.query_string else request.path
