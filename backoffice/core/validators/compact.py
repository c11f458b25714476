"""What identifiers share: people paste them with spaces, dots and dashes of all kinds."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s.\-_/\u2010-\u2015\u2212\u00b7]+")


def visible(typed: str) -> str:
    """The text in compatibility form (full-width digits become digits), without invisible characters."""
    normal = unicodedata.normalize("NFKC", typed)
    return "".join(character for character in normal if unicodedata.category(character) != "Cf").strip()


def compact(typed: str) -> str:
    """The identifier in upper case without separators; anything else that was typed stays, to be refused."""
    return _SEPARATORS.sub("", visible(typed)).upper()


def is_ascii_digits(text: str) -> bool:
    """True for 0 to 9 only: str.isdigit also takes superscripts and the digits of other scripts."""
    return text.isascii() and text.isdigit()
