"""Countries: ISO 3166 codes (pycountry) under the names that Unicode's CLDR gives them (Babel)."""

from functools import lru_cache

import pycountry
from babel import Locale
from flask_babel import lazy_gettext as _

from backoffice.core.problems import Rejected
from backoffice.core.text import fold

FRANCE = "FR"
#: Where French five-digit postal codes are in use.
FRENCH_POSTAL_AREA = frozenset(
    {"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "TF", "MC"}
)
_LANGUAGES = ("fr", "en")
# What people type and no list of names holds.
_COMMON_NAMES = {
    "angleterre": "GB", "ecosse": "GB", "pays de galles": "GB", "grande bretagne": "GB", "great britain": "GB",
    "england": "GB", "scotland": "GB", "wales": "GB", "uk": "GB", "u k": "GB", "usa": "US", "u s a": "US",
    "etats unis d amerique": "US", "hollande": "NL", "holland": "NL", "republique tcheque": "CZ",
    "czech republic": "CZ", "coree": "KR", "russie federation de": "RU", "macedoine": "MK", "birmanie": "MM",
    "cote d ivoire": "CI", "ivory coast": "CI", "reunion": "RE", "la reunion": "RE", "france metropolitaine": "FR",
    "hong kong": "HK", "macao": "MO", "palestine": "PS", "congo kinshasa": "CD", "congo brazzaville": "CG",
    "emirats": "AE", "turquie": "TR", "turkey": "TR", "vatican": "VA", "eire": "IE", "republique d irlande": "IE",
}  # fmt: skip


@lru_cache(maxsize=8)
def country_names(locale: str = "fr") -> dict[str, str]:
    """Name by ISO alpha-2 code, in the order of a list: France first, the others sorted without accents."""
    territories = Locale.parse(locale).territories
    named = {
        country.alpha_2: territories.get(country.alpha_2, country.name) for country in pycountry.countries
    }
    ordered = sorted(named, key=lambda code: (code != FRANCE, fold(named[code])))
    return {code: named[code] for code in ordered}


def countries(locale: str = "fr") -> list[tuple[str, str]]:
    """(code, name) pairs for a choice list, France first."""
    return list(country_names(locale).items())


def country_name(code: str | None, locale: str = "fr") -> str:
    """The name of a stored code; an unknown code is its own name, and no code has none."""
    return country_names(locale).get(code or "", code or "")


def country_or_france(code: str | None) -> str:
    """The code when it is one; France while the country is missing or still has to be corrected."""
    return code if code in country_names() else FRANCE


def country_code(typed: str) -> str:
    """The ISO alpha-2 code of a code or a French or English name, whatever the case and accents; "" for a
    blank.

    Raises Rejected for what is no country.
    """
    wanted = fold(typed)
    if not wanted:
        return ""
    try:
        return _codes_by_name()[wanted]
    except KeyError:
        raise Rejected(
            _("Ce pays n'est pas connu : choisissez-le dans la liste, ou tapez son code à 2 lettres."),
            "country_unknown",
        ) from None


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    codes = dict(_COMMON_NAMES)
    for country in pycountry.countries:
        for official in ("name", "official_name", "common_name"):
            if name := getattr(country, official, None):
                codes.setdefault(fold(name), country.alpha_2)
    for locale in _LANGUAGES:
        codes |= {fold(name): code for code, name in country_names(locale).items()}
    for country in pycountry.countries:
        codes |= {country.alpha_2.lower(): country.alpha_2, country.alpha_3.lower(): country.alpha_2}
    return codes
