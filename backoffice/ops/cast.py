"""The French cast: one story for demonstration data, tests and screenshots. Everything is as a person types it.

Atelier Belleville is an agency of nine in Paris that makes events for companies. Claire keeps its books and its
back office, Bastien its clients, Samira answers the telephone, and Lucien, the trainee, may only look.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colleague:
    """Somebody of the agency who logs in."""

    role: str
    first_name: str
    last_name: str
    email: str


#: One for each role. They get accounts where somebody asks for it: there is no default account.
USERS = (
    Colleague("administrateur", "Claire", "Vasseur", "claire.vasseur@atelier-belleville.example"),
    Colleague("gestionnaire", "Bastien", "Morel", "bastien.morel@atelier-belleville.example"),
    Colleague("support", "Samira", "Haddad", "samira.haddad@atelier-belleville.example"),
    Colleague("lecture", "Lucien", "Petit", "lucien.petit@atelier-belleville.example"),
)


@dataclass(frozen=True)
class Person:
    """A contact of a client. Labels of lookups (civility, source) are those that the product is shipped with."""

    email: str
    civility: str = ""
    first_name: str = ""
    last_name: str = ""
    job_title: str = ""
    direct_phone: str = ""
    mobile_phone: str = ""
    switchboard_phone: str = ""
    source: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class Place:
    """An address."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    street2: str = ""
    country: str = "FR"
    label: str = ""


@dataclass(frozen=True)
class Company:
    """A client and what it is there to show. The first person is its main contact."""

    name: str
    story: str
    people: tuple[Person, ...]
    at: Place = Place()
    billed_at: Place | None = None
    places: tuple[Place, ...] = ()
    type: str = "Client"
    language: str = "Français"
    parent: str = ""
    website: str = ""
    phone: str = ""
    siren: str = ""
    siret: str = ""
    vat_number: str = ""
    ape_code: str = ""
    account_code: str = ""
    vat_regime: str = "taxable"
    payment_term: str = ""
    #: "" for an active client; "alone" when it was deactivated by itself, "with contacts" when they went along.
    left: str = ""
