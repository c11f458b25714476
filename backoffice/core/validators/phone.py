"""Telephone numbers, read as people of a country dial them and stored in E.164 (`+33142685300;ext=12`).

The French overseas departments share the national plan of ten digits but have country codes of their own
(ARCEP, plan national de numérotation): a number that begins as theirs is routed to them before it is read.
Short numbers (3631) are stored as they are dialled.
"""

import re

import phonenumbers
from flask_babel import lazy_gettext as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, shortnumberinfo

from backoffice.core.problems import Message, Rejected
from backoffice.core.validators.compact import is_ascii_digits, visible

FRANCE = "FR"
_FRENCH_PLAN = frozenset({"FR", "RE", "YT", "GP", "MQ", "GF", "BL", "MF", "PM"})
_OVERSEAS = {
    **dict.fromkeys(("0262", "0263", "0692", "0693"), "RE"),
    **dict.fromkeys(("0269", "0639"), "YT"),
    **dict.fromkeys(("0590", "0690", "0691"), "GP"),
    **dict.fromkeys(("0594", "0694"), "GF"),
    **dict.fromkeys(("0596", "0696", "0697"), "MQ"),
    "0708": "PM",
}
#: 0709 is shared out by its next two digits: (first, last, region).
_SHARED_0709 = ((0, 4, "GP"), (10, 13, "MQ"), (20, 23, "RE"), (30, 33, "GF"), (35, 37, "YT"))
_EXTENSION = re.compile(r"[\s,;]*(?:poste|post|ext|extension|x|#)[\s.:=]*([0-9]{1,8})$", re.IGNORECASE)
_DIALLED = re.compile(r"\+?[0-9\s.()/\-\u2010-\u2015]+")
_SEVERAL = re.compile(r"[/;,|]|\bou\b|\bet\b", re.IGNORECASE)
_FRENCH_COUNTRY_CODE = 33
_LONGEST_SHORT_NUMBER = 6


def clean_phone(typed: str, country: str | None = FRANCE) -> str:
    """The number in E.164 (or a short number as dialled), or "" for a blank; `country` is where one dials
    from.

    Raises Rejected for what is no number, for an impossible one, and for one that the French plan has given
    to nobody. An unassigned number of another country is kept: see `phone_warning`.
    """
    text = re.sub(r"^tel:", "", visible(typed), flags=re.IGNORECASE).strip()
    if not text:
        return ""
    extension = _EXTENSION.search(text)
    dialled = text[: extension.start()] if extension else text
    if not _DIALLED.fullmatch(dialled) or not dialled.isascii():
        raise _unreadable(dialled)
    region = country or FRANCE
    digits = re.sub(r"[^0-9+]", "", dialled)
    if not extension and _is_short(digits, region):
        return digits
    number = _read(dialled, digits, region)
    if number is None:
        raise _impossible(dialled)
    if number.country_code == _FRENCH_COUNTRY_CODE and not phonenumbers.is_valid_number(number):
        raise Rejected(
            _("Ce numéro n'est attribué à personne en France : vérifiez ses chiffres, un par un."),
            "phone_unassigned",
        )
    stored = str(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return f"{stored};ext={extension[1]}" if extension else stored


def show_phone(stored: str | None, country: str | None = FRANCE) -> str:
    """As one reads it: French numbers in national form, others in international form.

    `country` is that of the client: a French number of a foreign client is shown in international form too,
    so that the form that shows it reads it back the same.
    """
    number, extension = _parsed(stored or "")
    if number is None:
        return stored or ""
    is_national = number.country_code == _FRENCH_COUNTRY_CODE and (country or FRANCE) in _FRENCH_PLAN
    style = PhoneNumberFormat.NATIONAL if is_national else PhoneNumberFormat.INTERNATIONAL
    shown = str(phonenumbers.format_number(number, style))
    return f"{shown} poste {extension}" if extension else shown


def phone_link(stored: str | None) -> str:
    """The address that dials it (RFC 3966), or ""."""
    return f"tel:{stored}" if stored else ""


def phone_warning(stored: str | None) -> Message | None:
    """A sentence when a stored number is possible but, as far as is known, assigned to nobody; else None."""
    number, _extension = _parsed(stored or "")
    if number is None or phonenumbers.is_valid_number(number):
        return None
    warning: Message = _("Ce numéro de téléphone ne semble attribué à personne : vérifiez-le.")
    return warning


def phone_tokens(stored: str | None) -> list[str]:
    """The digits that find a stored number: international (33142685300) and as dialled at home."""
    number, _extension = _parsed(stored or "")
    if number is None:
        return [stored] if stored else []
    national = re.sub(r"\D", "", phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))
    return list(
        dict.fromkeys([f"{number.country_code}{phonenumbers.national_significant_number(number)}", national])
    )


def _read(dialled: str, digits: str, region: str) -> PhoneNumber | None:
    """The number as dialled from the region, else as dialled from France, where the office is; None:
    impossible.
    """
    home = _parse(dialled, digits, _region_of(digits, region))
    if home is not None and phonenumbers.is_valid_number(home):
        return home
    french = _parse(dialled, digits, _region_of(digits, FRANCE))
    if french is not None and phonenumbers.is_valid_number(french):
        return french
    return home


def _parse(dialled: str, digits: str, region: str) -> PhoneNumber | None:
    if digits.startswith("00"):
        dialled = "+" + digits[2:]
    elif region == "PM" and digits.startswith("0508"):
        dialled = digits[4:]
    try:
        number = phonenumbers.parse(dialled, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _region_of(digits: str, region: str) -> str:
    """The region whose rules read these digits: overseas ones by their prefix, for all who share the French
    plan.
    """
    if region not in _FRENCH_PLAN or len(digits) != 10 or not digits.startswith("0"):
        return region
    if digits.startswith("0508"):
        return "PM"
    if digits.startswith("0709"):
        shared = int(digits[4:6])
        return next((code for first, last, code in _SHARED_0709 if first <= shared <= last), FRANCE)
    return _OVERSEAS.get(digits[:4], FRANCE)


def _is_short(digits: str, region: str) -> bool:
    if not is_ascii_digits(digits) or len(digits) > _LONGEST_SHORT_NUMBER:
        return False
    return any(_is_short_in(digits, each) for each in (region, FRANCE if region in _FRENCH_PLAN else region))


def _is_short_in(digits: str, region: str) -> bool:
    number = PhoneNumber(phonenumbers.country_code_for_region(region), int(digits))
    return bool(shortnumberinfo.is_valid_short_number_for_region(number, region))


def _parsed(stored: str) -> tuple[PhoneNumber | None, str]:
    base, _separator, extension = stored.partition(";ext=")
    if not base.startswith("+"):
        return None, ""
    try:
        return phonenumbers.parse(base), extension
    except NumberParseException:
        return None, ""


def _unreadable(dialled: str) -> Rejected:
    if any(character.isalpha() for character in _SEVERAL.sub("", dialled)):
        return Rejected(
            _("Un numéro de téléphone ne contient pas de lettres : vérifiez les O et les 0."), "phone_letters"
        )
    return _impossible(dialled)


def _impossible(dialled: str) -> Rejected:
    if _SEVERAL.search(dialled):
        return Rejected(_("Un seul numéro par champ : mettez l'autre dans un autre champ."), "phone_several")
    return Rejected(
        _("Ce numéro de téléphone n'est pas possible : comptez ses chiffres, ou écrivez-le avec +33."),
        "phone_impossible",
    )
