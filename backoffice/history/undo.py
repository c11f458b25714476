"""Taking back what was done: the question that says what will become of each field, and the answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from backoffice.admin import saving
from backoffice.admin.base import Guarded
from backoffice.admin.flashes import say
from backoffice.admin.records import read_id
from backoffice.admin.tellings import kind_of
from backoffice.core import audit
from backoffice.core.db import db
from backoffice.core.problems import Problem, errors, warnings
from backoffice.core.undoing import Ref
from backoffice.history import plans, questions, services
from backoffice.history.plans import UNDONE, Plan

log = logging.getLogger(__name__)
#: So many records are spoken of one by one.
MOST_SHOWN = 40
_ACTION = re.compile(r"[0-9a-f]{32}")
_DONE = _("C’est annulé.")
_BACK = _("Rétabli : %(name)s.")


class UndoView(Guarded):
    """Taking back an action, or what it did to one record."""

    in_menu = False
    rights: ClassVar = {"index": "activity.add"}

    def __init__(self) -> None:
        super().__init__(name=_("Annuler une modification"), endpoint="undo", url="/undo")

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self._page(_asked())
        audit.act_as(db.session(), current_user.actor, UNDONE)
        for last in (False, True):
            try:
                return self._take_back(_asked())
            except (StaleDataError, IntegrityError) as error:
                db.session.rollback()
                log.info("refused by the database: %s", type(error).__name__)
                if last:
                    flash(str(saving.TAKEN_MEANWHILE), "error")
        asked: dict[str, Any] = {name: request.values.get(name) for name in ("action", "on", "of", "url")}
        return redirect(url_for(".index", **asked))

    def _take_back(self, plan: Plan) -> ResponseReturnValue:
        session = db.session()
        records = services.records_of(session, plan, lock=True)
        is_free = plan.refusal is None and plan.may(current_user, records)
        if not is_free or plans.obstacles(session, plan, records):
            session.rollback()
            return self._page(_asked())
        said = str(_BACK) % {"name": questions.name_of(session, plan)} if plan.is_return else str(_DONE)
        problems = services.take_back(session, plan, records, current_user.actor)
        sentences = [_sentence(problem) for problem in errors(problems) or warnings(problems)]
        if errors(problems):
            session.rollback()
            return self._page(_asked(), sentences)
        session.commit()
        for sentence in sentences:
            flash(sentence, "warning")
        say(said, undo=way_back(session))
        return redirect(_home(plan))

    def _page(self, plan: Plan, wrong: Sequence[Any] = ()) -> ResponseReturnValue:
        session = db.session()
        records = services.records_of(session, plan)
        if not plan.may(current_user, records):
            abort(403)
        obstacles = plans.obstacles(session, plan, records) if plan.refusal is None else []
        is_free = plan.refusal is None and not obstacles
        page = self.render(
            "history/undo.html",
            plan=plan,
            question=questions.ask(session, plan, obstacles),
            wrong=wrong,
            kept=services.why_kept(session, plan, records) if is_free else None,
            most=MOST_SHOWN,
            about=_written(plan),
            return_url=get_redirect_target() or _home(plan, is_asked=True),
        )
        return page, 409 if request.method == "POST" else 200


def _asked() -> Plan:
    """The plan that the address or the form names; the page 404 for none."""
    action, on, of = (request.values.get(name, "") for name in ("action", "on", "of"))
    if not _ACTION.fullmatch(action):
        abort(404)
    ref = _read_ref(on or of)
    return plans.read(db.session(), action, ref, with_owned=not on) or abort(404)


def _read_ref(named: str) -> Ref | None:
    """The record that an address names ("contact-7"), None for none; the page 404 for what can't be one."""
    if not named:
        return None
    table, _dash, number = named.rpartition("-")
    id_ = read_id(number)
    return (table, id_) if id_ is not None and kind_of(table) is not None else abort(404)


def _written(plan: Plan) -> dict[str, str]:
    """What a plan is about, in an address."""
    if plan.on is None:
        return {"action": plan.action}
    return {"action": plan.action, "of" if plan.with_owned else "on": f"{plan.on[0]}-{plan.on[1]}"}


def _sentence(problem: Problem) -> Any:
    """What the rules say, and of which record."""
    said = saving.sentence(problem)
    name = str(problem.subject) if problem.subject is not None else ""
    return Markup("{} : {}").format(name, said) if name else escape(said)


def _home(plan: Plan, is_asked: bool = False) -> str:
    """Where one goes on: where one came from, or at the record; at its owner's if it is no longer there."""
    is_gone = not is_asked and any(change.operation == "create" for change in plan.changes)
    asked = None if is_gone else get_redirect_target()
    return asked or next(_pages(plan), url_for("admin.index"))


def _pages(plan: Plan) -> Iterator[str]:
    records = services.records_of(db.session(), plan)
    for change in plan.changes:
        for table, id_ in (change.ref, change.owner):
            kind = kind_of(table)
            if kind is not None and kind.page and ((table, id_) in records or (table, id_) != change.ref):
                yield url_for(kind.page, id=id_)
            elif kind is not None and kind.page.endswith(".details_view"):
                yield url_for(kind.page.replace(".details_view", ".index_view"))


def way_back(session: Any) -> tuple[str, dict[str, Any]] | None:
    """The POST that takes back what has just been done."""
    return url_for("undo.index"), {"action": session.info["action"]}
