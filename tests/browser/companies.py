"""The fifty real companies of `tests/data/entreprises.csv`, and how a person types one in."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

FILE = Path(__file__).parent.parent / "data" / "entreprises.csv"


@dataclass(frozen=True)
class Company:
    """One line of the file, as written there."""

    name: str
    siren: str
    vat_number: str
    postal_code: str
    city: str
    country: str
    email: str


def fifty_companies() -> list[Company]:
    """All lines of the file."""
    with FILE.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines, delimiter=";"))[1:]
    return [Company(*row) for row in rows]


def create(page: Page, company: Company) -> None:
    """Fill in the creation form that is shown, field by field, and press "Créer"."""
    for field in ("name", "siren", "vat_number", "postal_code", "city", "country"):
        page.fill(f"[name={field}]", getattr(company, field))
    page.fill("[name=contacts-0-email]", company.email)
    page.get_by_role("button", name="Créer", exact=True).click()
    page.wait_for_url("**/client/details/**")
