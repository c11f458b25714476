"""The address of one's own calendar on one's account, and what a calendar program reads there."""

from __future__ import annotations

import hashlib
import logging
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import force_locale, gettext
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from backoffice.admin import headers
from backoffice.admin.base import Guarded
from backoffice.admin.flashes import say
from backoffice.admin.formats import today
from backoffice.admin.records import read_id
from backoffice.agenda import ical, queries, services, shown
from backoffice.agenda.models import CalendarAddress
from backoffice.core.db import db, now
from backoffice.users import rules
from backoffice.users import services as users
from backoffice.users.models import User
from backoffice.users.rights import OWN
from backoffice.users.transactions import impatient_write, short_read

log = logging.getLogger(__name__)

#: What somebody must be allowed to read for their calendar to be of use, and to be answered.
RIGHT = "client.read"

blueprint = Blueprint("agenda", __name__, url_prefix="/agenda")


class CalendarAddressView(Guarded):
    """Make, replace and revoke the address of one's own calendar."""

    in_menu = False
    rights: ClassVar = {"index": OWN, "revoke": OWN}

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """A new address, shown this once. Asked for by a page that is old, it is not made: nobody would know it."""
        if request.method == "GET":
            return redirect(_account())
        user = users.lock_user(db.session(), current_user.id)
        token = services.make(db.session(), user, read_id(request.form.get("known")) or 0)
        if token is None:
            db.session.rollback()
            say(gettext("Votre adresse d’agenda a changé entre-temps : rien n’a été fait."), "warning")
            return redirect(_account())
        db.session.commit()
        address = _outside(url_for("agenda.calendar", token=token))
        return str(self.render("agenda/address.html", address=address))

    @expose("/revoke/", methods=("POST",))
    def revoke(self) -> ResponseReturnValue:
        """The address opens nothing any more."""
        user = users.lock_user(db.session(), current_user.id)
        if services.revoke(db.session(), user):
            db.session.commit()
            say(gettext("Adresse d’agenda révoquée : elle ne montre plus rien."))
        return redirect(_account())


def on_account() -> dict[str, Any]:
    """What the account says of one's own address; never the address, which nobody knows here."""
    return {"address": db.session.scalar(queries.address_of(current_user.id))}


@blueprint.get("/<token>.ics")
def calendar(token: str) -> ResponseReturnValue:
    """The calendar of whoever has made this address. It begins, prolongs and needs no session."""
    with short_read() as session:
        found = session.execute(queries.address_and_user(rules.token_hash(token))).one_or_none()
    if found is None or not found[1].can(RIGHT):
        # No page of ours, which would begin a session for its forms.
        return _unlisted(Response(status=404, mimetype="text/plain"))
    address, user = found
    _mark(address)
    response = Response(_content(user), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=agenda.ics"
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    headers.may_be_kept()
    response.make_conditional(request)
    return _unlisted(response)


def _content(user: User) -> bytes:
    with force_locale(user.locale):
        entries = shown.entries_of(db.session(), user, today(), _link)
        name = gettext("Back office : %(name)s", name=user.name)
        return ical.calendar(name, urlsplit(_outside("")).hostname or "localhost", entries)


def _mark(address: CalendarAddress) -> None:
    at = now()
    if not services.is_to_be_marked(address, at):
        return
    try:
        with impatient_write() as session:
            services.mark_read(session, address, at)
    except OperationalError:  # somebody else writes: the next reading marks it
        log.info("calendar not marked as read")


def _unlisted(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _link(endpoint: str, id_: int) -> str:
    return _outside(url_for(endpoint, id=id_))


def _outside(path: str) -> str:
    """An address of ours for who is not in a browser of ours."""
    return f"{current_app.extensions['settings'].public_url or request.host_url.rstrip('/')}{path}"


def _account() -> str:
    return url_for("account.index")


def views() -> list[Any]:
    """The screens of this feature, made anew for each app."""
    return [CalendarAddressView(name="Agenda", endpoint="calendar_address", url="/account/agenda")]
