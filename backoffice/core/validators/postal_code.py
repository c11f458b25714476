"""Postal codes: five digits in France, as they are written elsewhere; formats of the world in
postal_formats.csv.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from flask_babel import lazy_gettext as _

from backoffice.core.countries import FRANCE, FRENCH_POSTAL_AREA, country_name
from backoffice.core.packaged import read_csv
from backoffice.core.problems import Message, Rejected
from backoffice.core.validators.compact import is_ascii_digits, visible

_WRITTEN = re.compile(r"[0-9A-Z][0-9A-Z \-]{0,14}")
_FRENCH_COUNTRY_MARK = re.compile(r"^F(?:R)?-")


class _Format(NamedTuple):
    is_required: bool
    pattern: re.Pattern[str]
    example: str


def clean_postal_code(typed: str, country: str | None = FRANCE) -> str:
    """In upper case with single spaces (none in France), or "" for a blank.

    Raises Rejected for a French code that is not five digits, and anywhere for other characters or more than
    fifteen.
    """
    code = " ".join(visible(typed).upper().split())
    if not code:
        return ""
    if (country or FRANCE) in FRENCH_POSTAL_AREA:
        digits = re.sub(r"[ .]", "", _FRENCH_COUNTRY_MARK.sub("", code))
        if not is_ascii_digits(digits) or len(digits) != 5:
            raise Rejected(
                _("Un code postal français compte 5 chiffres, par exemple 75008 : vérifiez-le et le pays."),
                "postal_code_format",
            )
        return digits
    if not _WRITTEN.fullmatch(code):
        raise Rejected(
            _("Un code postal ne contient que des lettres et des chiffres, 15 au plus : vérifiez-le."),
            "postal_code_characters",
        )
    return code


def show_postal_code(stored: str | None) -> str:
    """As it is stored."""
    return stored or ""


def postal_code_warning(stored: str | None, country: str | None) -> Message | None:
    """A sentence when a stored code is not written as codes of that country are, else None."""
    known = _formats().get(country or FRANCE)
    if not stored or known is None or known.pattern.fullmatch(stored):
        return None
    warning: Message = _(
        "Ce code postal n'a pas la forme habituelle (%(country)s : %(example)s) : vérifiez-le.",
        country=country_name(country),
        example=known.example,
    )
    return warning


def needs_postal_code(country: str | None) -> bool:
    """Whether an address in that country is incomplete without a postal code."""
    known = _formats().get(country or FRANCE)
    return known is not None and known.is_required


@lru_cache(maxsize=1)
def _formats() -> dict[str, _Format]:
    return {
        row["country"]: _Format(row["required"] == "1", re.compile(row["pattern"]), row["example"])
        for row in read_csv("postal_formats.csv")
    }
