"""The account of a client in the books: upper-case letters and digits after a prefix, 411 in the French chart
(PCG).
"""

import re

from flask_babel import lazy_gettext as _

from backoffice.core.problems import Rejected
from backoffice.core.text import bare_name, fold
from backoffice.core.validators.compact import compact

DEFAULT_PREFIX = "411"
_FORMAT = re.compile(r"[0-9A-Z]{1,20}")
_PROPOSED_LETTERS = 8


def clean_account_code(typed: str) -> str:
    """The code in upper case without spaces, accents and dashes, or "" for a blank.

    Raises Rejected for other characters and more than twenty. Whether it starts as the office's accounts do
    is a rule of the client.
    """
    code = compact(typed)
    code = "".join(character if character.isascii() else _plain(character) for character in code)
    if code and not _FORMAT.fullmatch(code):
        raise Rejected(
            _(
                "Un compte comptable est fait de lettres et de chiffres, 20 au plus, par exemple 411EDF : corrigez-le."
            ),
            "account_format",
        )
    return code


def propose_account_code(name: str, prefix: str = DEFAULT_PREFIX) -> str:
    """A code from the name without its legal form (`L'Oréal SA` gives `411LOREAL`); "" when no Latin letter
    is in it.
    """
    letters = "".join(c for c in bare_name(name).upper() if c.isascii() and c.isalnum())
    return prefix + letters[:_PROPOSED_LETTERS] if letters else ""


def show_account_code(stored: str | None) -> str:
    """As it is stored."""
    return stored or ""


def _plain(character: str) -> str:
    """A letter without its accent; what is no letter stays, to be refused."""
    return fold(character).upper() or character
