"""How e-mails are worded on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markupsafe import Markup, escape

from backoffice.activity.shown import Kind
from backoffice.emails import eml, rules
from backoffice.emails.models import FAILED, LOGGED, QUEUED, SENDING, SENT, STATES, Email

#: What a feed shows of a message that came from elsewhere.
_MOST_LINES, _MOST_LETTERS = 6, 500
_LOOKS = {LOGGED: "off", QUEUED: "warn", SENDING: "warn", SENT: "", FAILED: "bad"}


def headline(email: Email) -> tuple[str, Markup]:
    """The subject of an e-mail, and its text."""
    title = gettext("%(kind)s : %(title)s", kind=gettext("E-mail"), title=email)
    return str(title), plain(_beginning(email) if email.state == LOGGED else email.body)


def _beginning(email: Email) -> str:
    """The first lines of a message that came from elsewhere: its page shows the rest."""
    lines = (email.body or "").split("\n")
    text = "\n".join(lines[:_MOST_LINES])[:_MOST_LETTERS].rstrip()
    return text if text == (email.body or "").rstrip() else f"{text}…"


def plain(text: str | None) -> Markup:
    """A text as it is, its paragraphs and lines kept."""
    parts = [part for part in (text or "").split("\n\n") if part.strip()]
    lines = (Markup("<br>").join(escape(line) for line in part.strip("\n").split("\n")) for part in parts)
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in lines)


def state_pill(email: Email) -> Markup:
    """What has become of it, as a mark: the word says it, not the colour alone."""
    look = _LOOKS[email.state]
    return Markup('<span class="pill {}">{}</span>').format(look, STATES[email.state])


def failure(stored: str | None) -> str:
    """Why it did not go, in the reader's language; after it the words of the server, as they are."""
    reason, _end, said = (stored or "").partition("\n")
    if not reason:
        return ""
    answer = gettext("Réponse du serveur : « %(said)s »", said=said) if said else ""
    return f"{gettext(reason)} {answer}".rstrip()


def may_resend(email: Email) -> bool:
    """May the person who is logged in try again, or keep it from being sent?"""
    return rules.may_resend(email, current_user)


KIND = Kind(
    _("E-mail"),
    _("E-mails"),
    "✉",
    right="email.write",
    headline=headline,
    entry="emails/_entry.html",
    acts="emails/_acts.html",
    form="emails/_form.html",
    on_enter="preview",
    verb=_("Envoyer"),
    is_editable=False,
    beside="emails/_log.html",
)
HELPERS: dict[str, Any] = {
    "email_state": state_pill,
    "email_failure": failure,
    "email_most_bytes": eml.MOST_BYTES,
    "email_too_large": eml.TOO_LARGE,
    "may_resend": may_resend,
    "may_write_emails": lambda: current_user.can("email.write"),
}
FILTERS: dict[str, Any] = {"plain_text": plain}
