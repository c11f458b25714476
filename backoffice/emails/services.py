"""What happens to e-mails that are written here. Every function flushes at most; the edges commit.

The row is the outbox. A worker claims it in a short transaction, hands the mail over in none, and notes the outcome
in another; its version is asked at each step, so that no mail has two workers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from babel.dates import format_date
from flask_babel import force_locale
from sqlalchemy.orm import Session

from backoffice.clients.models import Client, Contact
from backoffice.core import jobs
from backoffice.core.audit import Actor
from backoffice.core.db import now
from backoffice.core.problems import Problem, check, errors
from backoffice.emails import queries, rules
from backoffice.emails.models import FAILED, QUEUED, SENDING, SENT, Email, EmailTemplate
from backoffice.events.models import Event
from backoffice.lookups import services as lookups
from backoffice.users.mail import Mail, Outcome
from backoffice.users.models import User

#: The job that sends what is queued.
JOB = "mails"
_LONGEST_FAILURE = 300


def check_template(session: Session, template: EmailTemplate) -> list[Problem]:
    """What is wrong with a template."""
    found = lookups.check_lookup(session, template)
    return [*found, *check(template, rules.TEMPLATE_RULES, rules.TEMPLATE_CLEANERS)]


def language_of(client: Client | None) -> str:
    """The language in which one writes to a client: "en", or "fr" for any other."""
    code = (client.language.code if client is not None and client.language is not None else None) or ""
    return "en" if code.lower().startswith("en") else "fr"


class Beginning(NamedTuple):
    """Object and text with which a mail begins, still to be filled in, and the language in which they are written."""

    subject: str
    body: str
    language: str


def beginning(template: EmailTemplate, client: Client | None) -> Beginning:
    """How a mail to this client begins: in their language where the template speaks it, else in French."""
    if language_of(client) == "en" and template.subject_en and template.body_en:
        return Beginning(template.subject_en, template.body_en, "en")
    return Beginning(template.subject_fr, template.body_fr, "fr")


def values_for(
    session: Session, contact: Contact, event: Event | None, sender: str, language: str
) -> dict[str, str]:
    """What a text to somebody leaves to be filled in, in the language in which it is written."""
    civility = contact.civility
    called = (civility.label_en if language == "en" else None) or civility.label if civility else ""
    day = format_date(event.starts_on, "long", locale=language) if event else ""
    return {
        "civilité": called,
        "prénom": contact.first_name or "",
        "nom": contact.last_name or "",
        "société": contact.client.name,
        "événement": event.name if event else "",
        "date de l’événement": day,
        "expéditeur": sender,
        "notre société": lookups.office(session).company_name or "",
    }


def write(session: Session, email: Email, sender: User, language: str | None = None) -> list[Problem]:
    """Clean an e-mail, say what is wrong with it, and, where nothing is, fill it in.

    `language` is that of its text, where it is not known to be that of the client.
    """
    found = check(email, rules.email_rules({"contact", "event"}), rules.CLEANERS)
    if errors(found) or email.contact is None:
        return found
    language = language or language_of(email.client)
    values = values_for(session, email.contact, email.event, sender.name, language)
    subject = " ".join(rules.fill(email.subject, values).split())
    found += rules.fits(subject)
    email.subject, email.body = subject, rules.fill(email.body or "", values)
    email.sender = sender.email
    email.recipients = email.contact.email
    return found


def queue(session: Session, email: Email) -> None:
    """Let the worker send it once this is committed."""
    email.state, email.tries, email.try_at, email.failure = QUEUED, 0, now(), None
    jobs.ring(session, JOB)


def resend(session: Session, email: Email, by: Actor) -> Problem | None:
    """Try again what has failed, at the address that its contact has by now."""
    if email.state != FAILED:
        return Problem("state", rules.NOT_FAILED, "warning")
    if email.removed_at is not None:
        return Problem("state", rules.IN_TRASH)
    if (nobody := next(iter(rules.has_reader(email)), None)) is not None:
        return nobody
    email.recipients = email.contact.email if email.contact else None
    queue(session, email)
    session.flush()
    return None


def cancel(session: Session, email: Email, by: Actor) -> Problem | None:
    """Keep from being sent what waits for it."""
    if email.state != QUEUED:
        return Problem("state", rules.TOO_LATE, "warning")
    _fail(email, rules.CANCELLED)
    session.flush()
    return None


# ------------------------------------------------------------------------------------------ the worker


def take(session: Session, at: datetime, message_id: str) -> Email | None:
    """Claim the next e-mail that is to be sent, None when there is none; commit before it is handed over.

    What lies in the trash is not sent; nor is what lost its worker, for it may be gone already.
    """
    while (email := session.scalar(queries.due(at))) is not None:
        if email.state == SENDING:
            _fail(email, rules.UNKNOWN_END)
        elif email.removed_at is not None:
            _fail(email, rules.CANCELLED)
        else:
            email.state, email.try_at = SENDING, at + rules.SENT_WITHIN
            email.tries = (email.tries or 0) + 1
            email.message_id = email.message_id or message_id
            session.flush()
            return email
        session.flush()
    return None


def letter(email: Email) -> Mail:
    """An e-mail as it is handed over: in the name of who wrote it, to whom answers go."""
    author = email.author
    return Mail(
        to=email.recipients or "",
        subject=email.subject,
        text=email.body or "",
        to_name=_name_of(email.contact),
        sender=author.name,
        reply_to=author.email,
        message_id=email.message_id or "",
    )


def note_outcome(session: Session, email_id: int, tries: int, outcome: Outcome) -> None:
    """Keep what became of an e-mail, unless somebody has given it up meanwhile."""
    email = session.scalar(queries.locked(email_id))
    if email is None or email.state != SENDING or email.tries != tries:
        return
    wait = rules.wait_after(tries) if outcome.is_temporary else None
    if outcome.is_sent:
        email.state, email.mailed_at, email.try_at, email.failure = SENT, now(), None, None
    elif wait is not None:
        email.state, email.try_at, email.failure = QUEUED, now() + wait, _stored(outcome.reason, outcome.said)
    else:
        _fail(email, outcome.reason, outcome.said)
    session.flush()


def give_up_waiting(session: Session) -> int:
    """Send nothing of what waits: in a state that was brought back, it may be gone already. Returns how many."""
    found = list(session.scalars(queries.waiting()))
    for email in found:
        _fail(email, rules.UNKNOWN_END)
    session.flush()
    return len(found)


def _fail(email: Email, reason: Any, said: str = "") -> None:
    email.state, email.try_at, email.failure = FAILED, None, _stored(reason, said)


def _stored(reason: Any, said: str = "") -> str:
    """A reason is kept in French, from which a page translates it; below it what the server said, in its words."""
    with force_locale("fr"):
        return "\n".join(filter(None, (str(reason), said)))[:_LONGEST_FAILURE].rstrip()


def _name_of(contact: Contact | None) -> str:
    if contact is None:
        return ""
    return " ".join(filter(None, (contact.first_name, contact.last_name)))
