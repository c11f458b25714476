"""Events for the rules, without a database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from backoffice.core.problems import Problem, check
from backoffice.events.rules import CLEANERS, event_rules


@dataclass
class Client:
    id: int = 1


@dataclass
class Contact:
    client_id: int = 1


@dataclass
class Colleague:
    active: bool = True


@dataclass
class Plan:
    name: str | None = "Soirée des 20 ans"
    client: Client | None = None
    contact: Contact | None = None
    owner: Colleague | None = None
    starts_on: date | None = date(2026, 12, 12)
    starts_time: time | None = None
    ends_on: date | None = date(2026, 12, 12)
    ends_time: time | None = None
    place: str | None = None
    headcount: int | None = None
    amount_excl_tax: Decimal | None = None
    description: str | None = None


def said_of(event: Plan, changed: Collection[str] = ("client", "contact", "owner")) -> list[tuple[str, str]]:
    """What is wrong with it: (field, code)."""
    found: list[Problem] = check(event, event_rules(changed), CLEANERS)
    return [(problem.field, problem.code) for problem in found]
