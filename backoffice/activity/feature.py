"""What this feature registers."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from flask_admin import BaseView
from flask_babel import lazy_gettext as _

from backoffice.activity import acts, cards, jobs, moments, palette, services, shown, tellings, undoing
from backoffice.activity.admin import CallView, NoteView
from backoffice.activity.models import Entry
from backoffice.activity.tasks import TaskView
from backoffice.admin.features import Feature
from backoffice.admin.frame import tell_of
from backoffice.admin.help import explain
from backoffice.clients import happening
from backoffice.clients.models import Client, Contact
from backoffice.clients.removal import guard
from backoffice.events.models import Event


def _views() -> Sequence[BaseView]:
    return [TaskView(), NoteView(), CallView(), acts.EntryActs(), acts.MentionView()]


def _init(app: Flask) -> None:
    _explain()
    cards.register()
    palette.register()
    tellings.register()
    undoing.register()
    jobs.register_jobs()
    happening.register(Entry, moments.HAPPENING)
    guard(Client, services.entries_of_client, services.KEEPS_CLIENT)
    guard(Contact, services.entries_of_contact, services.KEEPS_CONTACT)
    guard(Event, services.entries_of_event, services.KEEPS_EVENT)
    tell_of(acts.waiting)
    app.jinja_env.filters.update(shown.FILTERS)
    app.jinja_env.globals["colleagues"] = shown.colleagues


def _explain() -> None:
    explain("activity/help/tasks", _("Tâches"), "client.read", "task")
    explain("activity/help/activity", _("Activité"), "client.read", "entry", "note", "call", "activity_tab")
    explain("activity/help/mentions", _("Mentions"), "home.read", "mention")


FEATURE = Feature("activity", views=_views, init=_init)
