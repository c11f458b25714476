"""What the rules are asked about, without a database: shaped like the models, and what was said of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from backoffice.clients.rules import (
    ADDRESS_CLEANERS,
    ADDRESS_RULES,
    CLIENT_CLEANERS,
    CLIENT_RULES,
    CONTACT_CLEANERS,
    CONTACT_RULES,
)
from backoffice.core.problems import Problem, check
from backoffice.lookups.rules import TermValues


@dataclass
class Company:
    name: str | None = "EDF"
    website: str | None = None
    phone: str | None = None
    street: str | None = None
    street2: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    siren: str | None = None
    siret: str | None = None
    vat_number: str | None = None
    vat_regime: str | None = "taxable"
    ape_code: str | None = None
    account_code: str | None = None
    payment_term: TermValues | None = None
    parent: Company | None = None
    id: int | None = None


@dataclass
class Person:
    first_name: str | None = "Alice"
    last_name: str | None = "Martin"
    job_title: str | None = None
    email: str | None = "alice@exemple.fr"
    direct_phone: str | None = None
    mobile_phone: str | None = None
    switchboard_phone: str | None = None
    client: Company | None = field(default_factory=Company)


@dataclass
class Place:
    label: str | None = "Entrepôt"
    street: str | None = "1 rue de la Paix"
    street2: str | None = None
    postal_code: str | None = "75002"
    city: str | None = "Paris"
    country: str | None = "FR"


def client_problems(**typed: Any) -> list[tuple[str, str, str]]:
    return told(check(Company(**typed), CLIENT_RULES, CLIENT_CLEANERS))


def contact_problems(**typed: Any) -> list[tuple[str, str, str]]:
    return told(check(Person(**typed), CONTACT_RULES, CONTACT_CLEANERS))


def address_problems(**typed: Any) -> list[tuple[str, str, str]]:
    return told(check(Place(**typed), ADDRESS_RULES, ADDRESS_CLEANERS))


def told(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(problem.field, problem.level, problem.code) for problem in problems]
