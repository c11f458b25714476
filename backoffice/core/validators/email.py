"""E-mail addresses: their form (RFC 5321, 6531), never a look-up in the network."""

import unicodedata

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _

from backoffice.core.problems import Rejected
from backoffice.core.text import strip_or_none

_LONGEST_LOCAL_PART = 64


def clean_email(typed: str) -> str:
    """The address trimmed and normalised (domain in lower case, punycode decoded), or "" for a blank.

    Raises Rejected for what is no address, for a domain without a dot, and for invisible characters.
    """
    address = strip_or_none(typed) or ""
    if not address:
        return ""
    _refuse_the_obvious(address)
    try:
        normalized = str(validate_email(address, check_deliverability=False).normalized)
    except EmailNotValidError as error:
        raise Rejected(
            _("Cette adresse e-mail n'est pas valide : vérifiez-la, par exemple prenom.nom@exemple.fr."),
            "email_format",
        ) from error
    if len(normalized.rpartition("@")[0]) > _LONGEST_LOCAL_PART:
        raise Rejected(_("Il y a plus de 64 caractères avant le @ : raccourcissez l'adresse."), "email_long")
    return normalized


def email_key(stored: str) -> str:
    """What must be unique: two stored addresses with the same key are the same mailbox to the office."""
    return unicodedata.normalize("NFKC", stored).casefold()


def show_email(stored: str | None) -> str:
    """As it is stored."""
    return stored or ""


def _refuse_the_obvious(address: str) -> None:
    if any(unicodedata.category(character) in ("Cf", "Cc", "Cs") for character in address):
        raise Rejected(
            _("Cette adresse contient un caractère invisible : effacez-la et tapez-la à nouveau."),
            "email_invisible",
        )
    if "@" not in address:
        raise Rejected(_("Il manque le @ : écrivez par exemple prenom.nom@exemple.fr."), "email_at")
    if "." not in address.rpartition("@")[2]:
        raise Rejected(
            _("Le domaine après le @ est incomplet : écrivez par exemple exemple.fr."), "email_domain"
        )
