"""What cards and the dashboard show of the activity: the tab, what is to do, and what is overdue."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_login import current_user

from backoffice.activity import feed, queries, scopes, tasks
from backoffice.activity.admin import PANEL_FORM, name_apart
from backoffice.activity.models import Task
from backoffice.activity.queries import Scope
from backoffice.activity.shown import may_add, office_time, permissions
from backoffice.admin import panels, tabs
from backoffice.admin.formats import show
from backoffice.core.db import db

#: The cards that have the tab.
CARDS = ("client", "contact", "event")


def tab(record: Any) -> dict[str, Any]:
    """The feed of a record, and the form that adds to it."""
    where = scopes.at(record)
    shown = feed.context(where)
    if shown["may_add"]:
        kind = request.args.get("add", "")
        view = _view(kind if may_add(kind) else "note")
        form = view.blank(where)
        name_apart(form)
        shown |= {
            "form": form,
            "kind": view.kind,
            "form_id": PANEL_FORM,
            "action": url_for(f"{view.kind}.create_view", **where.args, url=shown["home"]),
        }
    return shown | feed.choices(where)


def _view(endpoint: str) -> Any:
    (admin,) = current_app.extensions["admin"]
    return next(view for view in admin._views if view.endpoint == endpoint)


def to_do(record: Any) -> dict[str, Any]:
    """The next tasks of a record."""
    where = scopes.at(record)
    found = db.session.scalars(queries.open_tasks(where.scope).limit(tasks.SHOWN))
    return {
        "tasks": list(found),
        "where": where,
        **permissions(),
    }


def my_tasks() -> dict[str, Any]:
    """The next tasks of the person who is logged in."""
    found = db.session.scalars(queries.my_tasks(current_user.id, tasks.SHOWN))
    _late, _due_today, all_open = counted()
    return {
        "tasks": list(found),
        "count": show(all_open),
        **permissions(),
    }


counted = panels.once_a_page(tasks.counted)


def _figure() -> panels.Reading:
    late, due_today, _all_open = counted()
    note = ngettext("dont %(n)s en retard", "dont %(n)s en retard", late, n=show(late)) if late else ""
    return panels.Reading(show(late + due_today), url_for("task.index_view"), note)


def _overdue(record: Any) -> dict[str, Any]:
    return {"url": url_for("client.details_view", id=record.id, tab="activity", kind="task")}


def register() -> None:
    """Put the tab, the panel and the mark on the cards, and one's own tasks on the first page."""
    for of in CARDS:

        def all_entries(record: Any, of: str = of) -> Any:
            return tabs.capped(queries.in_feed(Scope(of, record.id)))

        def open_tasks(record: Any, of: str = of) -> Any:
            return tabs.capped(queries.open_tasks(Scope(of, record.id)).with_only_columns(Task.id))

        tabs.register(
            of, tabs.Tab("activity", _("Activité"), "activity/tab.html", tab, position=20, count=all_entries)
        )
        tabs.register_panel(
            of, tabs.Panel("tasks", _("À faire"), "activity/to_do.html", to_do, position=10, count=open_tasks)
        )

    def overdue(record: Any) -> Any:
        return tabs.capped(queries.overdue_of(Scope("client", record.id), office_time()))

    tabs.register_mark(
        "client", tabs.Mark("overdue", _("En retard"), "activity/overdue.html", _overdue, count=overdue)
    )
    panels.register(panels.Figure("tasks.due", 30, _("Mes tâches du jour"), _figure, "client.read"))
    panels.register(
        panels.Panel("tasks.mine", 10, "activity/my_tasks.html", my_tasks, "client.read", is_beside=True)
    )
