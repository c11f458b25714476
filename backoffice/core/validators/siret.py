"""SIRET: a SIREN and the five digits of one of its establishments; La Poste's add up to a multiple of five
(INSEE).
"""

from flask_babel import lazy_gettext as _
from stdnum.fr import siret

from backoffice.core.problems import Rejected
from backoffice.core.validators.compact import compact, is_ascii_digits


def clean_siret(typed: str) -> str:
    """The fourteen digits, or "" for a blank. Raises Rejected for a bad length, a bad key, or a SIREN of
    zeros.
    """
    digits = compact(typed)
    if not digits:
        return ""
    if not is_ascii_digits(digits):
        raise Rejected(
            _("Un SIRET ne contient que des chiffres : retirez les autres caractères."), "siret_format"
        )
    if len(digits) != 14:
        raise Rejected(
            _("Un SIRET compte 14 chiffres, vous en avez tapé %(count)s : vérifiez-le.", count=len(digits)),
            "siret_length",
        )
    if int(siren_of(digits)) == 0:
        raise Rejected(
            _("Un SIRET ne peut pas être fait de zéros : tapez celui de la société."), "siret_zero"
        )
    if not siret.is_valid(digits):
        raise Rejected(_("La clé de contrôle ne correspond pas : vérifiez les 14 chiffres."), "siret_key")
    return digits


def siren_of(stored: str) -> str:
    """The SIREN that a stored SIRET begins with."""
    return stored[:9]


def show_siret(stored: str | None) -> str:
    """Grouped as the company writes it: `732 829 320 00074`."""
    return f"{stored[:3]} {stored[3:6]} {stored[6:9]} {stored[9:]}" if stored else ""
