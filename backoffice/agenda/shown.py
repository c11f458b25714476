"""What a calendar says of events and tasks, in the language of its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from backoffice.activity.models import Task
from backoffice.agenda import ical, queries
from backoffice.clients.models import Contact
from backoffice.core.validators.phone import show_phone
from backoffice.events.models import Event
from backoffice.events.shown import days_and_hours, people
from backoffice.users.models import User

#: How far a calendar looks, and how many tasks and how many events it holds at most.
BACK, AHEAD = timedelta(days=90), timedelta(days=400)
MOST_OF_EACH = 1_000

#: The address of the page of a record, by its endpoint and its id.
Link = Callable[[str, int], str]


def entries_of(session: Session, user: User, today: date, link: Link) -> list[ical.Entry]:
    """What stands in somebody's calendar: what they are in charge of, and what they have to do."""
    last = today + AHEAD
    events: Any = session.execute(queries.events_between(user.id, today - BACK, last, MOST_OF_EACH))
    tasks: Any = session.execute(queries.open_tasks(user.id, last, MOST_OF_EACH))
    return [
        *(event_entry(event, at or event.created_at, link) for event, at in events),
        *(task_entry(task, at or task.edited_at or task.at, link) for task, at in tasks),
    ]


def event_entry(event: Event, changed_at: datetime, link: Link) -> ical.Entry:
    """An event. One that is no longer awaited says so in its title, and takes nobody's time."""
    url, title = link("event.details_view", event.id), f"{event.name} · {event.client.name}"
    about = [
        *_whose(event),
        _("Statut : %(status)s", status=event.status),
        _("Quand : %(when)s", when=days_and_hours(event)),
        people(event),
    ]
    return ical.Entry(
        key=f"event-{event.id}",
        title=title if event.status.is_open else f"{title} ({event.status})",
        span=ical.event_span(event.starts_on, event.starts_time, event.ends_on, event.ends_time),
        changed_at=changed_at,
        version=event.version,
        url=url,
        about=_text(about, event.description, url),
        place=event.place or "",
        is_busy=event.status.is_open,
    )


def task_entry(task: Task, changed_at: datetime, link: Link) -> ical.Entry:
    """A task. Many calendars show no tasks, so it is a line of its day, with a sign."""
    url = link("task.details_view", task.id)
    about = [*_whose(task), *([_("Événement : %(name)s", name=task.event.name)] if task.event else [])]
    return ical.Entry(
        key=f"task-{task.id}",
        title=f"☐ {task.title} · {task.client.name}",
        span=ical.task_span(task.due_on, task.due_time),
        changed_at=changed_at,
        version=task.version,
        url=url,
        about=_text(about, task.body, url),
        is_busy=False,
    )


def _whose(record: Event | Task) -> list[str]:
    found = [_("Client : %(name)s", name=record.client.name)]
    if record.contact is not None:
        found.append(_("Contact : %(name)s", name=_reached(record.contact, record.client.country)))
    return found


def _reached(contact: Contact, country: str) -> str:
    phone = contact.mobile_phone or contact.direct_phone
    return ", ".join(filter(None, (contact.full_name, show_phone(phone, country))))


def _text(facts: Iterable[str], body: str | None, url: str) -> str:
    """The facts, the text of the record, and its address once more: Google shows no other."""
    return "\n".join(filter(None, (*facts, ical.shortened(body), url)))
