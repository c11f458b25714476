"""How the history tells of accounts, and of who came in and who was refused."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from backoffice.admin.tellings import PERSON_FIELDS, Kind, person_name, tell_of
from backoffice.users.models import User

#: The notes that tell who came in, who was refused and who left.
SIGN_INS = ("sign_in", "session")

USER = Kind(
    User,
    _("Utilisateurs"),
    _("a créé le compte de %(name)s"),
    _("a modifié le compte de %(name)s"),
    _("a supprimé le compte de %(name)s"),
    lambda: person_name(User),
    PERSON_FIELDS,
    "user.details_view",
    hides=("password",),  # its notes say how it was changed
)
_SAYS: dict[str, Any] = {
    "active": {
        True: _("a réactivé le compte de %(name)s"),
        False: _("a désactivé le compte de %(name)s"),
    },
    "sign_in": {
        "accepted": _("a ouvert une session"),
        "refused": _("a essayé d’entrer comme %(name)s : mot de passe refusé"),
        "unknown": _("a essayé d’entrer avec une adresse inconnue"),
    },
    "session": {
        "logout": _("a fermé sa session"),
        None: _("a mis fin à des sessions de %(name)s"),
    },
    "password": {
        "reset_sent": _("a fait envoyer à %(name)s un lien de mot de passe"),
        "refused": _("n’a pas su redonner le mot de passe de %(name)s"),
        None: _("a changé le mot de passe de %(name)s"),
    },
    "second_factor": {
        "on": _("a activé le second facteur de %(name)s"),
        "refused": _("a donné un code refusé pour %(name)s"),
        None: _("a retiré le second facteur de %(name)s"),
    },
    "recovery_codes": _("a renouvelé les codes de secours de %(name)s"),
    "recovery_code": _("a utilisé un code de secours de %(name)s"),
}


def register() -> None:
    """Tell of them."""
    tell_of(USER, _SAYS)
