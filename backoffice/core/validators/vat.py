"""VAT numbers of the European Union, and those of Great Britain, Switzerland and Norway, which are none of
the EU.

Stored compact with their prefix; Greece is stored EL…, as the EU writes it, not GR….
"""

from flask_babel import lazy_gettext as _
from stdnum import vatin
from stdnum.ch import uid
from stdnum.eu import vat

from backoffice.core.problems import Rejected
from backoffice.core.validators.compact import compact

#: Prefixes of the one-stop-shop schemes, for distance sales; no taxable customer has such a number.
ONE_STOP_SHOP = ("EU", "IM")
_OUTSIDE_EU = ("GB", "CH", "NO")
_MEMBER_PREFIXES = frozenset(code.upper() for code in vat.MEMBER_STATES) | {"EL", "XI"}
_PREFIX_OF_COUNTRY = {"GR": "EL", "MC": "FR"}
_COUNTRY_OF_PREFIX = {"EL": "GR"}


def clean_vat(typed: str, country: str | None = None) -> str:
    """The number with its prefix, or "" for a blank; a number without one gets that of the ISO `country`.

    Raises Rejected for an unknown prefix and for a number that its country's rules do not allow.
    """
    number = compact(typed)
    if not number:
        return ""
    if not number.isascii() or not number.isalnum():
        raise Rejected(
            _(
                "Un numéro de TVA ne contient que des lettres et des chiffres : retirez les autres caractères."
            ),
            "vat_format",
        )
    prefix = _PREFIX_OF_COUNTRY.get(country or "", country or "")
    valid = _valid(number) or (_valid(prefix + number) if prefix else None)
    if valid:
        return valid
    raise _refusal(number)


def show_vat(stored: str | None) -> str:
    """Its prefix apart, as it is written on invoices, in France the key as well: `FR 44 732829320`."""
    if not stored:
        return ""
    if stored.startswith("CHE"):
        return str(uid.format(stored[:12])) + f" {stored[12:]}"
    if stored.startswith("FR"):
        return f"FR {stored[2:4]} {stored[4:]}"
    return f"{stored[:2]} {stored[2:]}"


def french_vat_from_siren(siren: str) -> str:
    """The French number that belongs to a clean SIREN; key = (12 + 3 × (SIREN mod 97)) mod 97 (CGI ann. II,
    242).
    """
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def siren_of_vat(stored: str | None) -> str | None:
    """The SIREN in a French number; None for other countries and for Monaco, whose numbers hold none."""
    if not stored or not stored.startswith("FR") or is_monegasque(stored):
        return None
    return stored[4:]


def contradicts_siren(stored: str | None, siren: str | None) -> bool:
    """Whether a French number holds another SIREN than this one. Its key is not compared: some are lettered."""
    held = siren_of_vat(stored)
    return bool(held and siren) and held != siren


def is_monegasque(stored: str) -> bool:
    """Monaco shares the French prefix; its numbers have zeros where a SIREN would begin."""
    return stored.startswith("FR") and stored[4:7] == "000"


def is_one_stop_shop(stored: str | None) -> bool:
    """True for the EU… and IM… numbers of the one-stop-shop schemes."""
    return bool(stored) and str(stored).startswith(ONE_STOP_SHOP)


def member_state(stored: str | None) -> str | None:
    """The ISO code of the EU state (XI: Northern Ireland, for goods) that gave a stored number, None for
    others.
    """
    if not stored or is_one_stop_shop(stored) or stored[:2] not in _MEMBER_PREFIXES:
        return None
    return _COUNTRY_OF_PREFIX.get(stored[:2], stored[:2])


def _valid(number: str) -> str | None:
    if number.startswith("GR"):
        number = "EL" + number[2:]
    known = vatin if number.startswith(_OUTSIDE_EU) else vat
    if not known.is_valid(number):
        return None
    valid = str(known.compact(number))
    if valid.startswith("FR") and not valid[4:].strip("0"):
        return None
    return valid


def _refusal(number: str) -> Rejected:
    prefix = number[:2]
    if prefix == "FR":
        return Rejected(
            _("Ce numéro de TVA français n'est pas valide : FR, 2 caractères de clé, puis les 9 du SIREN."),
            "vat_invalid",
        )
    if prefix in _MEMBER_PREFIXES or prefix in _OUTSIDE_EU or prefix in ONE_STOP_SHOP:
        return Rejected(
            _("Ce numéro de TVA n'est pas valide pour %(prefix)s : vérifiez ses caractères.", prefix=prefix),
            "vat_invalid",
        )
    return Rejected(
        _(
            "Ce n'est pas un numéro de TVA connu : il commence par le code du pays, par exemple FR44732829320."
        ),
        "vat_prefix",
    )
