"""The screens of tasks: their form, the lists of what is to do, ticking off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import abort, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import select

from backoffice.activity import queries, rules, scopes, services, shown
from backoffice.activity.admin import EntryView
from backoffice.activity.fields import (
    AnyClientLoader,
    ContactField,
    EventField,
    Marked,
    PersonField,
    contacts_of,
)
from backoffice.activity.models import Task
from backoffice.admin import pager, saving
from backoffice.admin.flashes import say
from backoffice.admin.formats import today
from backoffice.admin.layout import Cell, Section
from backoffice.admin.records import read_id
from backoffice.core import counting
from backoffice.core.db import db, now
from backoffice.core.problems import Problem
from backoffice.users import queries as users
from backoffice.users.models import User

PAGE_SIZE = 40
#: The next tasks that the dashboard and the card of a client show.
SHOWN = 5
#: So many reminders stand above one's tasks; the next ones follow as these are seen.
MOST_REMINDED = 20


@dataclass(frozen=True)
class Asked:
    """Which list of tasks is asked for: whose, done or to do, and from which position on."""

    owner_id: int | None
    is_done: bool
    after: str | None
    before: str | None

    @classmethod
    def read(cls) -> Asked:
        """One's own tasks that are to do, unless the address says otherwise."""
        who = request.args.get("who", "")
        owner_id = None if who == "all" else read_id(who) or current_user.id
        return cls(
            owner_id, request.args.get("done") == "1", request.args.get("after"), request.args.get("before")
        )

    @property
    def is_mine(self) -> bool:
        return bool(self.owner_id == current_user.id)

    @property
    def is_start(self) -> bool:
        """Is it the first page of what is to do?"""
        return not (self.is_done or self.after or self.before)

    def args(self, **changes: Any) -> dict[str, Any]:
        """The list in an address; the usual is left out of it."""
        wanted = {"who": self.owner_id or "all", "done": int(self.is_done), **changes}
        usual = {"who": current_user.id, "done": 0}
        return {name: value for name, value in wanted.items() if value != usual.get(name)}


class TaskView(EntryView):
    """Tasks: one's own by when they are due, and those of others."""

    rights: ClassVar = EntryView.rights | {
        "index_view": "client.read",
        "ajax_lookup": "activity.add",
        "choices_view": "activity.add",
        "done_view": "activity.add",
        "reopen_view": "activity.add",
        "seen_view": "home.read",
    }
    in_menu = True
    kind = "task"
    form_overrides: Any = {
        "contact": ContactField,
        "event": EventField,
        "owner": PersonField,
    }
    form_args: Any = {
        "body": {"label": _("Précisions")},
        "title": {"validators": [Marked()]},
        "due_on": {"validators": [Marked()]},
    }
    layout = (
        Section(
            _("Tâche"),
            *(Cell(name, 6) for name in ("client", "title")),
            *(Cell(name) for name in ("due_on", "due_time", "owner", "priority", "reminder")),
            *(Cell(name, 6) for name in ("contact", "event", "body")),
        ),
    )
    new_title = _("Nouvelle tâche")
    came_from = ("task.index_view", _("Tâches"))
    created_message = _("Tâche ajoutée : %(name)s.")
    saved_message = _("Tâche enregistrée : %(name)s.")

    def __init__(self) -> None:
        super().__init__(Task, name=_("Tâches"))

    def begins(self, where: scopes.Where | None) -> dict[str, Any]:
        """Due today, by whoever writes it, unless they say otherwise."""
        mine = db.session.get(User, current_user.id)
        return {**super().begins(where), "due_on": today(), "owner": mine, "priority": "normal"}

    @expose("/choices/")
    def choices_view(self) -> ResponseReturnValue:
        """What a form of any kind offers once its client is chosen: by the name of the field, id and name."""
        client = AnyClientLoader().get_one(request.args.get("client")) or abort(404)
        events = db.session.scalars(queries.events_offered(client.id))
        offered: dict[str, Iterable[Any]] = {"contact": contacts_of(client), "event": events}
        return jsonify({name: [(each.id, str(each)) for each in found] for name, found in offered.items()})

    # The lists

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        asked = Asked.read()
        ids = (queries.done_task_ids if asked.is_done else queries.open_task_ids)(asked.owner_id)
        order = pager.Order((Task.done_at,) if asked.is_done else (Task.due_on,))
        page = pager.fetch(
            db.session(),
            ids,
            Task.id,
            order,
            descending=asked.is_done,
            after=asked.after,
            before=asked.before,
            size=PAGE_SIZE,
        )
        return self.render(
            "activity/tasks.html",
            asked=asked,
            page=page,
            groups=_groups(self.rows_of(page.ids), asked.is_done),
            count=pager.count(db.session(), ids),
            reminded=_reminded() if asked.is_start and asked.is_mine else [],
            people=list(db.session.scalars(users.active_people())),
            home=request.full_path.rstrip("?"),
            **shown.permissions(),
        )

    @staticmethod
    def rows_of(ids: list[int]) -> list[Task]:
        """The tasks of a page in its order."""
        by_id = {task.id: task for task in db.session.scalars(queries.tasks(ids))} if ids else {}
        return [by_id[id_] for id_ in ids if id_ in by_id]

    # Ticking off

    @expose("/done/", methods=("POST",))
    def done_view(self) -> ResponseReturnValue:
        task = self._task_to_tick()
        problem = services.tick(db.session(), task, current_user.actor)
        return self._end(task, problem, _("Tâche terminée : %(name)s.", name=task.title), ".reopen_view")

    @expose("/reopen/", methods=("POST",))
    def reopen_view(self) -> ResponseReturnValue:
        task = self._task_to_tick()
        problem = services.reopen(db.session(), task, current_user.actor)
        return self._end(task, problem, _("Tâche de nouveau à faire : %(name)s.", name=task.title))

    @expose("/seen/", methods=("POST",))
    def seen_view(self) -> ResponseReturnValue:
        """One's own reminder (`id`), or `all` of them, has been seen."""
        task_id = None if request.form.get("all") == "1" else self.find(request.form.get("id")).id
        number = services.see_reminders(db.session(), current_user.id, task_id)
        db.session.commit()
        if not number:
            flash(str(gettext("Aucun rappel de plus.")), "success")
        else:
            flash(str(ngettext("%(num)d rappel vu.", "%(num)d rappels vus.", number)), "success")
        return redirect(get_redirect_target() or self.get_url(".index_view"))

    def _task_to_tick(self) -> Task:
        task: Task = self.find(request.form.get("id"), lock=True)
        return task if rules.may_tick(task, current_user) else abort(403)

    def _end(self, task: Task, problem: Problem | None, done: Any, undo: str = "") -> ResponseReturnValue:
        home = get_redirect_target() or self.home_of(task)
        if problem is not None:
            db.session.rollback()
            flash(saving.sentence(problem), problem.level)
        else:
            back = (self.get_url(undo), {"id": task.id, "url": home}) if undo else None
            db.session.commit()
            say(done, undo=back)
        return redirect(home)


def _reminded() -> list[Task]:
    """The tasks that the person who is logged in was reminded of and has not yet seen."""
    return list(db.session.scalars(queries.reminded(current_user.id, now(), MOST_REMINDED)))


def _groups(tasks: list[Task], is_done: bool) -> list[tuple[Any, list[Task]]]:
    """The tasks of a page by when they are due; what is done stands in one."""
    if is_done:
        return [(_("Terminées"), tasks)] if tasks else []
    here, parts = shown.office_time(), defaultdict[str, list[Task]](list)
    for task in tasks:
        parts[rules.span_of(task, here)].append(task)
    return [(label, parts[span]) for span, label in rules.SPANS.items() if span in parts]


def counted() -> tuple[int, int, int]:
    """How many of one's own tasks are overdue, due today, and to do at all, in one query."""
    here, me = shown.office_time(), current_user.id
    late, due_today, all_open = db.session.execute(
        select(
            counting.counted(queries.due(me, queries.is_late(here)), pager.COUNT_CAP),
            counting.counted(queries.due(me, *queries.still_today(here)), pager.COUNT_CAP),
            counting.counted(queries.due(me), pager.COUNT_CAP),
        )
    ).one()
    return late, due_today, all_open
