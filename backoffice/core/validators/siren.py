"""SIREN: the nine digits of a French company; the last one is a Luhn key (INSEE)."""

from flask_babel import lazy_gettext as _
from stdnum.fr import siren

from backoffice.core.problems import Rejected
from backoffice.core.validators.compact import compact, is_ascii_digits


def clean_siren(typed: str) -> str:
    """The nine digits, or "" for a blank. Raises Rejected for a bad length, a bad key, or all zeros."""
    digits = compact(typed)
    if not digits:
        return ""
    if not is_ascii_digits(digits):
        raise Rejected(
            _("Un SIREN ne contient que des chiffres : retirez les autres caractères."), "siren_format"
        )
    if len(digits) != 9:
        raise Rejected(
            _("Un SIREN compte 9 chiffres, vous en avez tapé %(count)s : vérifiez-le.", count=len(digits)),
            "siren_length",
        )
    if int(digits) == 0:
        raise Rejected(
            _("Un SIREN ne peut pas être fait de zéros : tapez celui de la société."), "siren_zero"
        )
    if not siren.is_valid(digits):
        raise Rejected(
            _("La clé de contrôle ne correspond pas : vérifiez les 9 chiffres du SIREN."), "siren_key"
        )
    return digits


def show_siren(stored: str | None) -> str:
    """Grouped by three: `552 008 443`."""
    return siren.format(stored) if stored else ""
