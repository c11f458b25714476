"""What the worker does with e-mails: it sends those that are queued, one at a time, each once."""

from __future__ import annotations

from flask import current_app

from backoffice.core.db import db, now
from backoffice.core.jobs import Job
from backoffice.emails import services
from backoffice.users import mail

#: One run sends no more: what is left is found a minute later.
MOST_AT_ONCE = 200


def send_queued() -> None:
    """Send what is due. Nothing of the database is held while the mail server is talked to."""
    settings, session = current_app.extensions["settings"], db.session
    for _time in range(MOST_AT_ONCE):
        email = services.take(session(), now(), mail.new_message_id(settings))
        if email is None:
            session.commit()
            return
        letter, email_id, tries = services.letter(email), email.id, email.tries or 0
        session.commit()
        outcome = mail.deliver(letter, settings)
        services.note_outcome(session(), email_id, tries, outcome)
        session.commit()
        if outcome in (mail.SILENT, mail.NO_LOGIN):  # the others would only wait for it as long
            return


JOB = Job(services.JOB, send_queued)
