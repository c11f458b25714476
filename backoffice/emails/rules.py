"""What must be true of an e-mail that is written here and of a template, and what a text may leave to be filled in.

Pure functions of objects shaped like the models.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _

from backoffice.activity import rules as activity
from backoffice.core.problems import Cleaner, Problem, Rule, needs
from backoffice.core.text import clean_lines, clean_text, fold
from backoffice.emails.models import LONGEST_SUBJECT

#: What a text may leave to be filled in, each written between braces.
EVENT = ("événement", "date de l’événement")
PLACEHOLDERS = ("civilité", "prénom", "nom", "société", *EVENT, "expéditeur", "notre société")
#: They are recognised without accents and capitals too.
_BY_KEY = {fold(name): name for name in PLACEHOLDERS}
_BRACES = re.compile(r"( ?)\{([^{}\n]{1,60})\}")

#: After a failure that may pass, a mail is tried again so much later; then no more.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
MOST_TRIES = len(WAITS) + 1
#: A mail that is still being sent after so long has lost its worker.
SENT_WITHIN = timedelta(minutes=15)
UNKNOWN_END = _("On ne sait pas si ce message est parti : vérifiez avant de réessayer.")
CANCELLED = _("Envoi annulé.")
TOO_LATE = _("Trop tard : ce message n’attend plus d’être envoyé.")
NOT_FAILED = _("Ce message n’est pas en échec : il n’y a rien à réessayer.")
IN_TRASH = _("Cette entrée est dans la corbeille : restaurez-la d’abord.")


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after this many tries, None when there is to be no other."""
    return WAITS[tries - 1] if 0 < tries < MOST_TRIES else None


def named_in(text: str | None) -> Iterator[tuple[str, str | None]]:
    """What a text leaves to be filled in: as it is written, and as it is called here (None for what is unknown)."""
    for found in _BRACES.finditer(text or ""):
        yield found[2], _BY_KEY.get(fold(found[2]))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in. What has no value leaves no gap between two words."""

    def value(found: re.Match[str]) -> str:
        name = _BY_KEY.get(fold(found[2]))
        if name is None:
            return found[0]
        return found[1] + values[name] if values.get(name) else ""

    # Only what the text itself says is filled in, once: a name that holds braces is a name.
    filled = ((line, _BRACES.sub(value, line)) for line in text.split("\n"))
    return "\n".join(line if line == made else made.strip(" ") for line, made in filled)


def _known_in(field: str) -> Rule[Any]:
    @needs(field)
    def are_known(subject: Any) -> Iterable[Problem]:
        unknown = [typed for typed, name in named_in(getattr(subject, field)) if name is None]
        if unknown:
            sentence = _(
                "« {%(typed)s} » n’est pas connu. On peut écrire : %(known)s.",
                typed=unknown[0],
                known=", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
            )
            yield Problem(field, sentence, code="unknown_placeholder")

    return are_known


def _stored_line(typed: str, _subject: Any) -> str:
    return clean_text(typed)


def _stored_lines(typed: str, _subject: Any) -> str:
    return clean_lines(typed)


# ------------------------------------------------------------------------------------------ templates


TEMPLATE_CLEANERS: dict[str, Cleaner[Any]] = {
    **dict.fromkeys(("subject_fr", "subject_en"), _stored_line),
    **dict.fromkeys(("body_fr", "body_en"), _stored_lines),
}


def _is_whole_in_english(template: Any) -> Iterable[Problem]:
    if bool(template.subject_en) != bool(template.body_en):
        missing = "body_en" if template.subject_en else "subject_en"
        yield Problem(
            missing, _("L’objet et le texte vont ensemble : écrivez les deux en anglais, ou aucun.")
        )


def _is_short_in(field: str) -> Rule[Any]:
    @needs(field)
    def is_short(template: Any) -> Iterable[Problem]:
        if len(getattr(template, field) or "") > activity.LONGEST_BODY:
            yield Problem(field, _("Ce texte est trop long : 20 000 caractères au plus."), code="too_long")

    return is_short


TEMPLATE_RULES: tuple[Rule[Any], ...] = (
    *(_known_in(field) for field in TEMPLATE_CLEANERS),
    _is_short_in("body_fr"),
    _is_short_in("body_en"),
    _is_whole_in_english,
)

# --------------------------------------------------------------------------------------------- e-mails


CLEANERS: dict[str, Cleaner[Any]] = {"subject": _stored_line, "body": _stored_lines}


def email_rules(changed: Collection[str]) -> list[Rule[Any]]:
    """The rules of an e-mail that is written; `changed` names the fields that are new."""
    return [
        has_reader,
        _has_subject,
        _says_something,
        _known_in("subject"),
        _known_in("body"),
        _has_event,
        *activity.entry_rules(changed),
    ]


def has_reader(email: Any) -> Iterable[Problem]:
    """Is there somebody to whom it can be sent?"""
    if email.contact is None:
        yield Problem("contact", _("Choisissez le contact à qui vous écrivez."), code="no_contact")
    elif not email.contact.is_active:
        sentence = _("Ce contact est inactif : choisissez-en un autre, ou réactivez-le d’abord.")
        yield Problem("contact", sentence, code="inactive_contact")
    elif not email.contact.email:
        sentence = _("Ce contact n’a pas d’adresse e-mail : ajoutez-la d’abord à sa fiche.")
        yield Problem("contact", sentence, code="no_address")


@needs("subject")
def _has_subject(email: Any) -> Iterable[Problem]:
    if not email.subject:
        yield Problem("subject", _("Donnez un objet à cet e-mail."))


@needs("body")
def _says_something(email: Any) -> Iterable[Problem]:
    if not email.body:
        yield Problem("body", _("Le texte est vide : écrivez votre message, ou appliquez un modèle."))


@needs("subject", "body")
def _has_event(email: Any) -> Iterable[Problem]:
    for field in ("subject", "body"):
        asked = {name for _typed, name in named_in(getattr(email, field))}
        if email.event is None and asked & set(EVENT):
            sentence = _("Ce texte parle d’un événement : choisissez-le, ou ôtez ce qui s’y rapporte.")
            yield Problem(field, sentence, code="no_event")


def fits(subject: str) -> Iterable[Problem]:
    """An object that has been filled in can be too long although what was typed was not."""
    if len(subject) > LONGEST_SUBJECT:
        yield Problem("subject", _("Une fois complété, cet objet dépasse 300 caractères : raccourcissez-le."))


# ---------------------------------------------------------------------------------------------- who may


def may_resend(email: Any, user: activity.Writer) -> bool:
    """May this person try again, or keep it from being sent? Who wrote it, and administrators."""
    return user.can("email.write") and activity.may_edit(email, user)
