"""How e-mails are worded on screen."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markupsafe import Markup, escape

from backoffice.activity.shown import Kind
from backoffice.emails import rules
from backoffice.emails.models import FAILED, LOGGED, QUEUED, SENDING, SENT, STATES, Email

_LOOKS = {LOGGED: "off", QUEUED: "warn", SENDING: "warn", SENT: "", FAILED: "bad"}


def headline(email: Email) -> tuple[str, Markup]:
    """The subject of an e-mail, and its text."""
    title = gettext("%(kind)s : %(title)s", kind=gettext("E-mail"), title=email)
    return str(title), plain(email.body)


def plain(text: str | None) -> Markup:
    """A text as it is, its paragraphs and lines kept."""
    parts = [part for part in (text or "").split("\n\n") if part.strip()]
    lines = (Markup("<br>").join(escape(line) for line in part.strip("\n").split("\n")) for part in parts)
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in lines)


def state_pill(email: Email) -> Markup:
    """What has become of it, as a mark: the word says it, not the colour alone."""
    look = _LOOKS[email.state]
    return Markup('<span class="pill {}">{}</span>').format(look, STATES[email.state])


def failure(email: Email) -> str:
    """Why it did not go, in the reader's language."""
    return str(gettext(email.failure)) if email.failure else ""


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
)
HELPERS: dict[str, Any] = {
    "email_state": state_pill,
    "email_failure": failure,
    "may_resend": may_resend,
    "may_write_emails": lambda: current_user.can("email.write"),
}
FILTERS: dict[str, Any] = {"plain_text": plain}
