"""Keeping a message from a file, and showing it: its head, its text, its HTML in a frame, and its files."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge

from backoffice.activity import scopes
from backoffice.activity import services as activity
from backoffice.activity.models import Entry
from backoffice.admin import errors, headers
from backoffice.admin.base import Guarded
from backoffice.admin.flashes import say
from backoffice.admin.records import read_id
from backoffice.core.db import db
from backoffice.core.problems import Problem
from backoffice.emails import eml, keeping, queries, safe_html, storage
from backoffice.emails.models import Email

_ROUTE = "message.create_view"
#: What is sent beside the file itself.
_FRAME_OF_FORM = 100_000


class MessageView(Guarded):
    """Messages that came from elsewhere."""

    in_menu = False
    rights: ClassVar = {
        "create_view": "activity.add",
        "details_view": "client.read",
        "html_view": "client.read",
        "attachment_view": "client.read",
        "raw_view": "client.read",
    }

    def __init__(self) -> None:
        self._default_view = "details_view"  # nothing stands at its root, which is that of e-mails
        super().__init__(name=_("E-mails"), endpoint="message", url="/email")

    @expose("/log/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        where = scopes.read(request.args) or abort(404)
        if request.method == "GET":
            return self.form_page(where)
        sent = request.files.get("file")
        raw = sent.read(eml.MOST_BYTES + 1) if sent else b""
        letter = eml.read(raw) if sent and sent.filename else _nothing()
        if isinstance(letter, Problem):
            return self.form_page(where, str(letter.message))
        return self._keep(where, raw, letter)

    def _keep(self, where: scopes.Where, raw: bytes, letter: eml.Letter) -> ResponseReturnValue:
        session, place = db.session(), (where.client, where.contact, where.event)
        kept = keeping.keep(session, _data(), raw, letter, place, current_user.actor)
        if kept.is_known:
            link = url_for("message.details_view", id=kept.email.id)
            db.session.rollback()
            _warn(gettext("Cet e-mail est déjà dans l’activité de ce client : rien n’a été ajouté."), link)
            return redirect(where.card())
        name = kept.email.raw_name
        try:
            home, said = _home(where, kept.email), _said(where, kept)
            undo = {"id": kept.email.id, "url": where.card()}
            db.session.commit()
        except Exception as error:
            if not getattr(error, "connection_invalidated", False):  # else it may have been carried out
                storage.remove(_data(), name)
            raise
        storage.settle(_data(), name)
        say(said, undo=(url_for("entry.remove_view"), undo))
        return redirect(home)

    def form_page(self, where: scopes.Where, wrong: str = "") -> ResponseReturnValue:
        """The file field by itself; with what is wrong with the file that was sent."""
        return str(self.render("emails/log.html", where=where, wrong=wrong))

    @expose("/message/")
    def details_view(self) -> ResponseReturnValue:
        """One message: its head, its text, and its HTML in a frame that may do nothing."""
        email = _found()
        letter = _letter(email)
        headers.may_frame()
        return str(
            self.render(
                "emails/message.html",
                email=email,
                has_html=letter is not None and bool(letter.html.strip()),
                is_lost=email.raw_name is not None and letter is None,
                home=url_for("client.details_view", id=email.client_id, tab="activity"),
            )
        )

    @expose("/html/")
    def html_view(self) -> ResponseReturnValue:
        """The HTML of a message, cleaned, for the frame of its page alone."""
        letter = _letter(_found()) or abort(404)
        page = self.render("emails/html.html", content=Markup(safe_html.clean(letter.html, letter.pictures)))  # noqa: S704
        return headers.only_in_a_frame(make_response(page))

    @expose("/attachment/")
    def attachment_view(self) -> ResponseReturnValue:
        """A file that came with a message, to be kept, never to be shown."""
        letter, number = _letter(_found()) or abort(404), read_id(request.args.get("n"))
        if number is None or number > len(letter.attachments):
            abort(404)
        file = letter.attachments[number - 1]
        return _download(file.content, file.name)

    @expose("/raw/")
    def raw_view(self) -> ResponseReturnValue:
        """The message as it came."""
        email = _found()
        raw = storage.read(_data(), email.raw_name)
        if raw is None:
            abort(404)
        return _download(raw, eml.safe_name(f"{email.subject or 'message'}.eml", 1))


def _found() -> Email:
    """The message that is asked for; what lies in the trash is not shown."""
    email = db.session.get(Email, read_id(request.args.get("id")) or 0)
    return email if email is not None and email.removed_at is None else abort(404)


def _letter(email: Email) -> eml.Letter | None:
    raw = storage.read(_data(), email.raw_name)
    read = eml.read(raw) if raw is not None else None
    return read if isinstance(read, eml.Letter) else None


def _download(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), "application/octet-stream", as_attachment=True, download_name=name)


def _data() -> Path:
    found: Path = current_app.extensions["settings"].data_dir
    return found


def _nothing() -> Problem:
    return Problem("file", _("Choisissez un fichier .eml, ou déposez-le ici."))


def _home(where: scopes.Where, email: Email) -> str:
    """The feed with the message in sight: from it on, unless it stands first."""
    if db.session.scalar(queries.newer(email, where.scope)) is None:
        return where.card()
    return where.card(begin=email.id)


def _said(where: scopes.Where, kept: keeping.Kept) -> str:
    if kept.email.contact is not None:
        return str(gettext("E-mail classé, avec %(name)s.", name=kept.email.contact))
    if kept.stranger is not None:
        return str(
            gettext(
                "E-mail classé sans contact : l’adresse %(address)s est celle d’un contact de %(client)s.",
                address=kept.stranger.email,
                client=kept.stranger.client,
            )
        )
    return str(
        gettext("E-mail classé sans contact : %(client)s n’en a aucun à ces adresses.", client=where.client)
    )


def _warn(sentence: str, link: str) -> None:
    """Say that a message is there already, with the way to it."""
    words = Markup('{} <a href="{}">{}</a>').format(sentence, link, gettext("Afficher le message"))
    flash(words, "warning")


def file_size(size: int) -> str:
    """How heavy a file is, as people say it."""
    for unit, name in ((1_000_000, _("Mo")), (1_000, _("ko"))):
        if size >= unit:
            return f"{format_decimal(round(size / unit, 1))}\u00a0{name}"
    unit_of_few = gettext("octets")
    return f"{size}\u00a0{unit_of_few}"


# ------------------------------------------------------------------------------------- how much may be sent


def make_room(endpoint: str | None, _values: Any) -> None:
    """A message may be larger than what forms send; asked before the form is read, which its token is in."""
    if endpoint == _ROUTE:
        request.max_content_length = eml.MOST_BYTES + _FRAME_OF_FORM


def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A file above that: its sentence stands beside the field, as any other."""
    if request.endpoint != _ROUTE or not current_user.can("activity.add"):
        return errors.error_page(413)
    db.session.rollback()
    where = scopes.read(request.args) or abort(404)
    (admin,) = current_app.extensions["admin"]
    view = next(view for view in admin._views if view.endpoint == "message")
    page: ResponseReturnValue = view.form_page(where, str(eml.TOO_LARGE))
    return page


def init_app(app: Flask) -> None:
    """Let the one address that takes messages take larger ones."""
    app.jinja_env.filters["file_size"] = file_size
    app.url_value_preprocessor(make_room)
    app.register_error_handler(RequestEntityTooLarge, too_large)
    activity.on_purge(_goes_with)


def _goes_with(entry: Entry) -> Callable[[], None] | None:
    """The file of a message goes with its entry, and not before."""
    name = entry.raw_name if isinstance(entry, Email) else None
    if name is None:
        return None
    storage.unsettle(_data(), name)
    return partial(storage.remove, _data(), name)
