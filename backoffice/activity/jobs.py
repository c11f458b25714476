"""What the worker does with the activity: mails reminders, and empties the trash of what has lain in it for its time."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, url_for
from flask_babel import force_locale, gettext

from backoffice.activity import queries, reminders, services, shown
from backoffice.activity.models import Task
from backoffice.core.db import db, now
from backoffice.core.jobs import Job, register
from backoffice.users import mail

#: In one look; the rest waits for the next one.
MOST_REMINDERS = 200
#: Deleted in one transaction: other writers wait meanwhile on SQLite.
MOST_AT_ONCE = 200


def remind() -> None:
    """Mail the reminders whose moment has come, each once: it is taken before the server is spoken to.

    One that the server does not take for now is given back, and looked at again in a minute; a server that is gone
    is not asked for the others.
    """
    at = now()
    for task_id in list(db.session.scalars(queries.due_reminders(at, MOST_REMINDERS))):
        is_taken = services.take_reminder(db.session(), task_id)
        task = db.session.get(Task, task_id, populate_existing=True) if is_taken else None
        letter = _letter(task) if task is not None and _is_mailed(task) else None
        db.session.commit()
        outcome = mail.deliver(letter, current_app.extensions["settings"]) if letter else mail.Outcome()
        if outcome.is_temporary:
            services.give_back_reminder(db.session(), task_id)
            db.session.commit()
            if outcome != mail.BUSY:
                break


def _is_mailed(task: Task) -> bool:
    """Whoever has left is not written to; neither is anybody of what is long past, which waits in the page."""
    is_late = task.remind_at is None or now() - task.remind_at > reminders.TOO_LATE_TO_MAIL
    return task.owner.active and not is_late


def _letter(task: Task) -> mail.Mail:
    with force_locale(task.owner.locale):
        text = gettext(
            "Bonjour,\n\n%(title)s\nÉchéance : %(due)s\nClient : %(client)s\n\n%(link)s\n\n"
            "Vous recevez ce message parce que la tâche porte un rappel.",
            title=task.title,
            due=shown.due_at(task),
            client=task.client,
            link=url_for("task.details_view", id=task.id, _external=True),
        )
        return mail.Mail(task.owner.email, gettext("Rappel : %(title)s", title=task.title), text)


def empty_trash() -> None:
    """Delete for good what nobody has brought back within thirty days."""
    number = MOST_AT_ONCE
    while number == MOST_AT_ONCE:
        number, left = services.purge(db.session(), MOST_AT_ONCE)
        db.session.commit()
        for then in left:
            then()


def register_jobs() -> None:
    """Let the worker do these."""
    register(Job("reminders", remind))
    register(Job("trash", empty_trash, timedelta(days=1)))
