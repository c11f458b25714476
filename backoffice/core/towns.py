"""Towns of France by postal code, to propose and to warn; CEDEX codes and Monaco's are not in the list."""

import re
from functools import lru_cache
from typing import NamedTuple

from backoffice.core.packaged import read_gzip_lines
from backoffice.core.text import fold

_CEDEX = re.compile(r"\bcedex\b")
_SAINT = re.compile(r"\b(s(?:ain)?t)(e?)\b")
_DISTRICT = re.compile(r" \d{1,2}(?: ?(?:e|er|eme|nd))?(?: arr(?:ondissement)?)?$")
_SMALL_WORDS = re.compile(r"\b(?:le|la|les|l|de|du|des|d|sur|sous|s|en|et|lez|les|aux?)\b")


class _Towns(NamedTuple):
    today: tuple[str, ...]
    merged: tuple[str, ...]


def towns(postal_code: str) -> list[str]:
    """The communes that share a French postal code, sorted; an unknown code has none."""
    return list(_known(postal_code).today)


def fits_postal_code(town: str, postal_code: str) -> bool | None:
    """Whether a town may stand beside a French postal code; None when the list can't tell (unknown code,
    CEDEX).

    Spelling does not matter (`ST DENIS`, `Paris 8e`), and a commune merged into another keeps its name in
    addresses.
    """
    known = _known(postal_code)
    if not known.today or _CEDEX.search(fold(town)):
        return None
    return _plain(town) in {_plain(name) for name in known.today + known.merged}


def _known(postal_code: str) -> _Towns:
    return _by_postal_code().get(postal_code, _Towns((), ()))


@lru_cache(maxsize=1)
def _by_postal_code() -> dict[str, _Towns]:
    known = {}
    for line in read_gzip_lines("towns.tsv.gz"):
        postal_code, today, merged = (line + "\t").split("\t")[:3]
        known[postal_code] = _Towns(tuple(today.split("|")), tuple(filter(None, merged.split("|"))))
    return known


def _plain(town: str) -> str:
    """The folded name without what people write in several ways: articles, `St`, city districts."""
    name = _DISTRICT.sub("", _SAINT.sub(r"saint\2", fold(town)))
    return " ".join(_SMALL_WORDS.sub(" ", name).split()) or name
