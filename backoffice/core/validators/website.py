"""Web sites: http and https only, so that a link shown on a page can do nothing but open a site."""

import re
from urllib.parse import urlsplit, urlunsplit

from flask_babel import lazy_gettext as _

from backoffice.core.problems import Rejected
from backoffice.core.text import strip_or_none

#: With the scheme that is added to what was typed.
LONGEST = 255
# Not `edf.fr:8080`: what follows a host and a colon is a port.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?![0-9])")
_FORBIDDEN = re.compile(
    r"[\s\x00-\x20\x7f\"'<>\\^`{}|\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LAST_LABEL = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")


def clean_website(typed: str) -> str:
    """The address with its scheme (`www.edf.fr` becomes `https://www.edf.fr`), or "" for a blank.

    Raises Rejected for another scheme than http and https, for a user name or password in it, and for what is
    no host name.
    """
    address = strip_or_none(typed) or ""
    if not address:
        return ""
    if _FORBIDDEN.search(address):
        raise Rejected(
            _("Une adresse de site ne contient ni espace ni guillemet : recopiez-la depuis le navigateur."),
            "website_characters",
        )
    if address.startswith("//"):
        address = f"https:{address}"
    if not _SCHEME.match(address):
        address = f"https://{address}"
    return _rebuilt(address)


def show_website(stored: str | None) -> str:
    """Without the scheme that goes without saying; typed again it is stored the same."""
    return (stored or "").removeprefix("https://")


def website_domain(stored: str | None) -> str:
    """The host without www. in lower case, by which two records of one company resemble each other."""
    return (urlsplit(stored or "").hostname or "").removeprefix("www.")


def _rebuilt(address: str) -> str:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise _not_a_site() from error
    if parts.scheme not in ("http", "https"):
        raise Rejected(
            _("Un site web commence par http:// ou https:// : corrigez l'adresse."), "website_scheme"
        )
    if parts.username is not None or not _is_host(parts.hostname or ""):
        raise _not_a_site()
    host = (parts.hostname or "") + (f":{port}" if port else "")
    rebuilt = urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment))
    if len(rebuilt) > LONGEST:
        raise Rejected(
            _("L'adresse du site dépasse %(count)s caractères : raccourcissez-la.", count=LONGEST),
            "website_long",
        )
    return rebuilt


def _is_host(host: str) -> bool:
    try:
        labels = host.encode("idna").decode("ascii").lower().split(".")
    except UnicodeError:
        return False
    return (
        len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and _LAST_LABEL.fullmatch(labels[-1]) is not None
    )


def _not_a_site() -> Rejected:
    return Rejected(
        _("Ce n'est pas l'adresse d'un site : écrivez par exemple www.exemple.fr."), "website_host"
    )
