"""What the form of a client proposes while one types: pure functions of the text of its fields.

A proposal is shown, never imposed: the page fills it into a field that is empty or still holds an earlier
proposal. What is saved is what the form sends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _

from backoffice.clients.rules import ADDRESS_CLEANERS, CLIENT_CLEANERS, CONTACT_CLEANERS
from backoffice.core.ape import ape_choices, ape_label, nomenclature_of
from backoffice.core.countries import FRANCE, FRENCH_POSTAL_AREA, country_code, country_or_france
from backoffice.core.problems import Message, Rejected
from backoffice.core.towns import towns
from backoffice.core.validators.account_code import propose_account_code
from backoffice.core.validators.ape_code import clean_ape
from backoffice.core.validators.postal_code import clean_postal_code
from backoffice.core.validators.siren import clean_siren, show_siren
from backoffice.core.validators.siret import clean_siret, siren_of
from backoffice.core.validators.vat import french_vat_from_siren, show_vat

#: How many activities are proposed for what is typed.
MOST_ACTIVITIES = 12
_MONACO = "MC"
_CLEANERS: dict[str, Any] = {**ADDRESS_CLEANERS, **CONTACT_CLEANERS, **CLIENT_CLEANERS}
#: Said by the address as a whole, or by nothing that is typed alone.
_NOT_BY_THEMSELVES = frozenset({"name", "label", "street", "street2", "city"})


@dataclass(frozen=True)
class Proposal:
    """A value for a field, and the sentence that says where it comes from."""

    field: str
    value: str
    note: Message


def proposals(typed: Mapping[str, str], account_prefix: str) -> Iterator[Proposal]:
    """What follows from the fields that were typed, for other fields of the same form."""
    siret = _or_blank(clean_siret, typed.get("siret", ""))
    siren = siren_of(siret) if siret else _or_blank(clean_siren, typed.get("siren", ""))
    if siret:
        yield Proposal("siren", show_siren(siren), _("Complété d'après le SIRET."))
    if siren and _country(typed) in FRENCH_POSTAL_AREA - {_MONACO}:
        yield Proposal("vat_number", show_vat(french_vat_from_siren(siren)), _("Proposé d'après le SIREN."))
    code = propose_account_code(typed.get("name", ""), account_prefix)
    if code:
        yield Proposal("account_code", code, _("Proposé d'après le nom."))
    known = towns_of(typed)
    if len(known) == 1:
        yield Proposal("city", known[0], _("Proposée d'après le code postal."))


def towns_of(typed: Mapping[str, str]) -> list[str]:
    """The towns of the postal code that was typed, where French ones are in use."""
    country = _country(typed)
    if country not in FRENCH_POSTAL_AREA:
        return []
    try:
        return towns(clean_postal_code(typed.get("postal_code", ""), country))
    except Rejected:
        return []


def activities(query: str, folder: Path | None) -> list[tuple[str, str]]:
    """The activities whose code or label holds what was typed."""
    return ape_choices(query, folder=folder, limit=MOST_ACTIVITIES) if query.strip() else []


def activity_label(typed: str, folder: Path | None) -> str:
    """What a whole code stands for; "" while it is none."""
    code = _or_blank(clean_ape, typed)
    return ape_label(code, nomenclature_of(code, folder), folder) or "" if code else ""


def problem_of(field: str, typed: Mapping[str, str]) -> Message | None:
    """The sentence with which saving would refuse the form of this one field, None when it would not."""
    cleaner = _CLEANERS.get(field)
    if cleaner is None or field in _NOT_BY_THEMSELVES or not typed.get(field):
        return None
    country = _country(typed)
    holder = SimpleNamespace(country=country, siret=None, client=SimpleNamespace(country=country))
    try:
        cleaner(typed[field], holder)
    except Rejected as refusal:
        return refusal.message
    return None


def _country(typed: Mapping[str, str]) -> str:
    return country_or_france(_or_blank(country_code, typed.get("country", "")) or FRANCE)


def _or_blank(cleaner: Any, typed: str) -> str:
    try:
        return str(cleaner(typed))
    except Rejected:
        return ""
