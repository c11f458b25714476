"""Mails that tell people that the way into their account has changed: it may not have been them.

Each goes out after the answer, in the language of its reader, and holds neither a link nor a secret.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, after_this_request, current_app
from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _

from backoffice.users import mail
from backoffice.users.models import User

#: What has happened to the account.
SENTENCES: dict[str, Any] = {
    "password": _("Le mot de passe de votre compte vient d’être changé."),
    "second_factor_on": _("Le second facteur de votre compte vient d’être activé."),
    "second_factor_off": _(
        "Le second facteur de votre compte vient d’être retiré : le mot de passe suffit à nouveau."
    ),
    "recovery_codes": _(
        "De nouveaux codes de secours viennent d’être créés pour votre compte : les précédents ne servent plus."
    ),
    "email": _("L’adresse e-mail de votre compte vient d’être changée : celle-ci n’ouvre plus votre compte."),
}


def tell(user: User, what: str, to: str | None = None) -> None:
    """Mail somebody what has happened (a key of `SENTENCES`), at `to` when it is no longer their address.

    Call it once the change is committed, in the request that made it.
    """
    letter = _letter(to or user.email, user.locale, what)
    after_this_request(partial(_send_after, letter))


def _letter(to: str, language: str, what: str) -> mail.Mail:
    with force_locale(language):
        text = gettext(
            "Bonjour,\n\n%(what)s\n\nSi vous n’y êtes pour rien, prévenez aussitôt un administrateur.",
            what=str(SENTENCES[what]),
        )
        return mail.Mail(to, gettext("Sécurité de votre compte sur le back office"), text)


def _send_after(letter: mail.Mail, response: Response) -> Response:
    settings = current_app.extensions["settings"]
    response.call_on_close(partial(mail.send, letter, settings))
    return response
