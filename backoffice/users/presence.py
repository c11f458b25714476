"""Who else has the same form open: told on it, so that two people speak with each other before they save.

A form that is opened is noted in a short transaction of its own, which is left undone while others write. Its script
then says every now and then that it is still there, and at the end that it is left; one without a script counts for
some minutes. It is a courtesy: what keeps changes apart is the version of the record.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask import abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, ngettext
from flask_login import current_user
from sqlalchemy import delete, or_
from sqlalchemy.exc import DBAPIError

from backoffice.admin.base import Guarded
from backoffice.admin.formats import since
from backoffice.admin.records import RecordView
from backoffice.core.db import db, for_writing, insert_into, now
from backoffice.users import queries
from backoffice.users.models import OpenForm, User
from backoffice.users.rights import OWN
from backoffice.users.transactions import impatient_write

log = logging.getLogger(__name__)
#: How long a form counts after its script was last heard: background tabs speak once a minute.
HEARD = timedelta(seconds=80)
#: How long one counts of which nothing is heard.
UNHEARD = timedelta(minutes=5)
#: How many people are named.
NAMED = 3
TOKEN = "_opened"  # noqa: S105 - the name of a field
_SHAPE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Opened:
    """One form as its page tells of it: under which token it is noted, and who else has it open."""

    token: str
    others: str


def open_form(view: Any, record: Any) -> Opened:
    """Note that this person opens this form, and say who else has it open."""
    sent = request.form.get(TOKEN, "")
    token = sent if _SHAPE.fullmatch(sent) else uuid.uuid4().hex
    others = who_else(view.endpoint, record.id, token)
    if request.method == "GET" and "user_session_id" in g:  # the bench has not logged in
        _note(token, view.endpoint, record.id, is_heard=False)
    return Opened(token, others)


def who_else(kind: str, record_id: int, token: str) -> str:
    """The sentences about all other windows in which this record is being edited; "" for none."""
    at = now()
    asked = queries.open_forms(kind, record_id, token, current_user.id, at - HEARD, at - UNHEARD)
    found = db.session.execute(asked)
    return told((row[0], row[1]) for row in found)


def told(opened: Iterable[tuple[User, datetime]]) -> str:
    """One sentence for each person, oneself last."""
    first: dict[int, tuple[User, datetime]] = {}
    for user, opened_at in opened:
        first.setdefault(user.id, (user, opened_at))
    own = first.pop(current_user.id, None)
    said = [
        gettext(
            "%(name)s a aussi ouvert ce formulaire (depuis %(time)s).", name=user.name, time=since(opened_at)
        )
        for user, opened_at in list(first.values())[:NAMED]
    ]
    if (more := len(first) - NAMED) > 0:
        said.append(ngettext("%(num)d autre personne aussi.", "%(num)d autres personnes aussi.", more))
    if own is not None:
        said.append(
            gettext("Vous l’avez aussi ouvert dans une autre fenêtre (depuis %(time)s).", time=since(own[1]))
        )
    return " ".join(said)


def forget_sent(session: Any) -> None:
    """The form that is being saved is left with it, in the same transaction."""
    token = request.form.get(TOKEN, "")
    if _SHAPE.fullmatch(token):
        session.execute(delete(OpenForm).where(OpenForm.token == token, OpenForm.user_id == current_user.id))


def _note(token: str, kind: str, record_id: int, is_heard: bool) -> None:
    at, values = now(), {"kind": kind, "record_id": record_id, "user_id": current_user.id}
    try:
        with impatient_write() as writing:
            row = insert_into(OpenForm, writing).values(
                token=token,
                session_id=g.user_session_id,
                opened_at=at,
                seen_at=at,
                is_heard=is_heard,
                **values,
            )
            is_own = OpenForm.user_id == current_user.id
            changed = {"seen_at": at, "is_heard": is_heard}
            writing.execute(row.on_conflict_do_update(index_elements=["token"], set_=changed, where=is_own))
    except DBAPIError:  # somebody else writes, or nobody may
        log.info("open form not noted")


def _forget(token: str) -> None:
    """This one, and all that nobody has heard of for long."""
    is_left = (OpenForm.token == token) & (OpenForm.user_id == current_user.id)
    try:
        with impatient_write() as writing:
            writing.execute(delete(OpenForm).where(or_(is_left, OpenForm.seen_at < now() - 2 * UNHEARD)))
    except DBAPIError:
        log.info("open form not forgotten")


class PresenceView(Guarded):
    """What the script of an open form says: still there, or left. It hears who else is."""

    in_menu = False
    rights: ClassVar = {"index": OWN}

    @expose("/", methods=("POST",))
    def index(self) -> ResponseReturnValue:
        token = request.form.get("token", "")
        if not _SHAPE.fullmatch(token):
            abort(404)
        if "left" in request.form:
            _forget(token)
            return "", 204
        kind = request.form.get("kind", "")
        with for_writing(False):
            record = _edited(kind, request.form.get("id"))
            others = who_else(kind, record.id, token)
        _note(token, kind, record.id, is_heard=True)
        return {"others": others}


def _edited(kind: str, id_: str | None) -> Any:
    """The record whose form it is; 404 for none, 403 for one that this person may not edit."""
    views = (view for admin in current_app.extensions["admin"] for view in admin._views)
    view = next(
        (one for one in views if one.endpoint == kind and isinstance(one, RecordView)), None
    ) or abort(404)
    if not view.may("edit_view"):
        abort(403)
    record = view.find(id_)
    return record if view.may_edit(record) else abort(403)
