"""What the worker does with e-mails: it sends those that are queued, one at a time, each once.

And once an hour it looks after the files of messages whose request died between the file and its row.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import current_app

from backoffice.core.db import db, now
from backoffice.core.jobs import Job
from backoffice.emails import queries, services, storage
from backoffice.users import mail

log = logging.getLogger(__name__)

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


def sweep_files() -> None:
    """Remove what no e-mail names, of the files that were never settled."""
    session = db.session()
    data = current_app.extensions["settings"].data_dir
    gone = storage.sweep(
        data, lambda names: {name for name in session.scalars(queries.kept_under(names)) if name}
    )
    session.rollback()
    if gone:
        log.warning("files of messages without a row removed: %s", gone)


JOB = Job(services.JOB, send_queued)
SWEEPING = Job("mail-files", sweep_files, timedelta(hours=1))
