"""Rules of accounts: passwords, how many tries, when a session is over."""

from __future__ import annotations

import hashlib
import ipaddress
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from zxcvbn import zxcvbn

from backoffice.core.problems import Problem, Rejected
from backoffice.core.text import clean_text, fold, words
from backoffice.core.validators.email import clean_email, email_key
from backoffice.users.models import User, UserSession
from backoffice.users.rights import ROLES


def taken_email(email: str) -> Any:
    """The sentence for an e-mail that another account has."""
    return _("Un compte existe déjà pour %(email)s : ouvrez-le, ou prenez une autre adresse.", email=email)


def has_an_email(user: User) -> Iterator[Problem]:
    """Nobody logs in without one."""
    if not user.email:
        yield Problem("email", _("Saisissez une adresse e-mail."), code="email_blank")


def has_a_known_role(user: User) -> Iterator[Problem]:
    """Rights hang on the role."""
    if user.role not in ROLES:
        message = _(
            "Le rôle « %(role)s » n’existe pas : choisissez %(roles)s.",
            role=user.role,
            roles=", ".join(ROLES),
        )
        yield Problem("role", message, code="role_unknown")


USER_RULES = (has_an_email, has_a_known_role)
USER_CLEANERS: dict[str, Callable[[str, User], str]] = {
    "email": lambda typed, _user: clean_email(typed),
    "first_name": lambda typed, _user: clean_text(typed),
    "last_name": lambda typed, _user: clean_text(typed),
}

PASSWORD_MIN = 15
#: More helps nobody and only keeps the processor busy.
PASSWORD_MAX = 200
#: zxcvbn's scale goes from 0 to 4; 3 withstands 10^8 guesses, more than the hash lets anybody make.
PASSWORD_SCORE = 3
#: zxcvbn takes time that grows quickly with the length, and needs no more to judge.
_JUDGED_LENGTH = 72


def normal_password(typed: str) -> str:
    """The password as it is hashed, the same from every keyboard (NFKC, as NIST SP 800-63B 5.1.1.2 asks)."""
    return unicodedata.normalize("NFKC", typed)


def password_problems(password: str, person: Iterable[str | None] = ()) -> Iterator[Problem]:
    """What is wrong with a new password; `person` is what an attacker knows (names, e-mail)."""
    if len(password) < PASSWORD_MIN:
        yield Problem(
            "password",
            _(
                "Choisissez au moins %(length)d caractères, par exemple quatre mots sans rapport entre eux.",
                length=PASSWORD_MIN,
            ),
            code="short",
        )
    elif len(password) > PASSWORD_MAX:
        yield Problem(
            "password", _("Choisissez au plus %(length)d caractères.", length=PASSWORD_MAX), code="long"
        )
    elif _is_guessable(password, person):
        yield Problem(
            "password",
            _(
                "Ce mot de passe se devine trop facilement : évitez les suites, les répétitions, les mots "
                "connus et votre nom ; prenez par exemple quatre mots sans rapport entre eux."
            ),
            code="guessable",
        )


#: zxcvbn knows English words and keyboards; these are what a French office types first.
_FRENCH = [
    "motdepasse",
    "azerty",
    "azertyuiop",
    "qsdfgh",
    "qsdfghjklm",
    "wxcvbn",
    "bonjour",
    "soleil",
    "jetaime",
    "doudou",
    "loulou",
    "chouchou",
    "marseille",
    "paris",
    "france",
    "bienvenue",
    "secret",
    "admin",
    "administrateur",
    "entreprise",
    "societe",
    "client",
    "facture",
    "backoffice",
]
#: What must be left of a password without the names of the person: less is their name with a number.
_OWN_MINIMUM = 8


def _is_guessable(password: str, person: Iterable[str | None]) -> bool:
    names = {part for text in person if text for part in words(text) if len(part) > 2}
    folded = left = fold(password)
    for name in sorted(names, key=len, reverse=True):
        left = left.replace(name, " ")
    if left != folded and len(left.replace(" ", "")) < _OWN_MINIMUM:
        return True
    judged = zxcvbn(password[:_JUDGED_LENGTH], user_inputs=[*_FRENCH, *names])
    return int(judged["score"]) < PASSWORD_SCORE


@dataclass(frozen=True)
class Limit:
    """How many tries that led nowhere are allowed in a time, for one account and from one network."""

    per_account: int
    per_network: int
    window: timedelta


#: SECURITY.md asks these of log-ins; reset links are mails to somebody who may not have asked for them.
LIMITS = {
    "sign_in": Limit(per_account=5, per_network=20, window=timedelta(minutes=15)),
    "code": Limit(per_account=5, per_network=20, window=timedelta(minutes=15)),
    "reset": Limit(per_account=3, per_network=20, window=timedelta(hours=1)),
}


def login_key(typed: str) -> str:
    """The folded e-mail that somebody means, "" (which no account has) for what is no address."""
    try:
        return email_key(clean_email(typed[:400]))
    except Rejected:
        return ""


def account_hash(typed: str) -> str:
    """Under which the tries for an account are counted, whether it exists or not."""
    return hashlib.sha256((login_key(typed) or typed).encode(errors="replace")).hexdigest()


def network_of(address: str | None) -> str:
    """The network that tries are counted for: an IPv6 subscriber owns a whole /64."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip.packed, 64), strict=False))
    return str(ip)


@dataclass(frozen=True)
class SessionPolicy:
    """How long a session lives without a request, and at most."""

    idle: timedelta
    limit: timedelta


#: A session is marked as seen at most this often; the idle time is that much less sharp.
TOUCH_EVERY = timedelta(minutes=1)


def why_over(session: UserSession, policy: SessionPolicy, at: datetime) -> str | None:
    """Why a session counts no more, None while it does."""
    if session.ended_at is not None:
        return session.ended_reason or "ended"
    if at - session.last_seen_at >= policy.idle:
        return "idle"
    if at - session.created_at >= policy.limit:
        return "limit"
    return None


#: What people choose for their own screens, and what each choice looks like. A name that ends in a dot begins those
#: of single lists ("columns.client").
_PREFERENCES: dict[str, type] = {"shortcuts": bool, "page_size": int, "page_size.": int, "columns.": list}


def is_preference(name: str, value: Any) -> bool:
    """Is this a choice that is kept? None takes any of them back."""
    head, dot, _list = name.partition(".")
    kind = _PREFERENCES.get(head + dot)
    if kind is None or value is None:
        return kind is not None
    if isinstance(value, list):
        return kind is list and all(isinstance(each, str) for each in value)
    return type(value) is kind


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser(user_agent: str) -> str:
    """What a person calls their browser: "Firefox, Linux"."""
    parts = (
        next((name for mark, name in known if mark in user_agent), None) for known in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, parts)) or str(_("Navigateur inconnu"))


def token_hash(token: str) -> str:
    """What the database keeps of a token that has enough chance in itself (256 bits) to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
