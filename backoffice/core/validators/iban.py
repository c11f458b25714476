"""IBAN of the office, printed on its invoices (ISO 13616)."""

from flask_babel import lazy_gettext as _
from stdnum import iban

from backoffice.core.problems import Rejected
from backoffice.core.validators.compact import compact


def clean_iban(typed: str) -> str:
    """The IBAN in upper case without spaces, or "" for a blank. Raises Rejected when its key or length is
    wrong.
    """
    number = compact(typed)
    if number and not (number.isascii() and iban.is_valid(number)):
        raise Rejected(
            _("Cet IBAN n'est pas valide : recopiez-le en entier, pays et clé compris."),
            "iban_invalid",
        )
    return number


def show_iban(stored: str | None) -> str:
    """Grouped by four."""
    return iban.format(stored) if stored else ""
