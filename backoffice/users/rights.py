"""Who may do what: the rights of the four roles, and which addresses need which right.

Closed by default. A screen of Flask-Admin declares its rights by method name on its view; every other
address stands in `PUBLIC` or `ENDPOINTS`, or nobody gets in.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

LECTURE = "lecture"
SUPPORT = "support"
GESTIONNAIRE = "gestionnaire"
ADMINISTRATEUR = "administrateur"

#: The roles, from the least right to the most, with what a screen calls them.
ROLES: dict[str, Any] = {
    LECTURE: _("Lecture"),
    SUPPORT: _("Support"),
    GESTIONNAIRE: _("Gestionnaire"),
    ADMINISTRATEUR: _("Administrateur"),
}

_READ = frozenset({"home.read", "client.read"})
_SWITCH = _READ | {"client.switch", "activity.add"}
_WRITE = _SWITCH | {"client.write", "activity.write", "email.write"}
_ALL = _WRITE | {"activity.edit_all", "lookup.write", "settings.write", "user.write", "history.read"}

RIGHTS: dict[str, frozenset[str]] = {
    LECTURE: _READ,
    SUPPORT: _SWITCH,
    GESTIONNAIRE: _WRITE,
    ADMINISTRATEUR: _ALL,
}

#: A right that every role has: what concerns one's own account.
OWN = "home.read"

#: Addresses that need nobody.
PUBLIC: frozenset[str] = frozenset(
    {
        "static",
        "admin.static",
        "health.live",
        "health.ready",
        "metrics.show",  # asks for a token of its own
        "security.login",
        "security.logout",
        "second_step.code",
        "reset.ask",
        "reset.choose",
        "setup.first_administrator",
        "agenda.calendar",  # knows whose it is by the token in its address
    }
)

#: Addresses that no Flask-Admin view answers, and the right that each needs.
ENDPOINTS: dict[str, str] = {}


def rights_of(role: str) -> frozenset[str]:
    """The rights of a role; none for a role that does not exist."""
    return RIGHTS.get(role, frozenset())


def may(role: str, right: str) -> bool:
    """Has this role this right? Raises KeyError for a right that no role has: a slip of the pen, not a refusal."""
    if right not in _ALL:
        raise KeyError(right)
    return right in rights_of(role)
