"""How many clients are to be made, with which ids, and the rows that they are.

How many contacts and addresses a client has follows from its place alone, hence every id is known beforehand
and several processes can share the work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from backoffice.core.countries import FRANCE

#: Contacts and further addresses of twenty clients in a row: 1.6 and 0.75 to each on average.
CONTACTS = (1, 2, 1, 3, 1, 1, 2, 1, 3, 1, 2, 1, 1, 3, 1, 2, 1, 1, 2, 2)
ADDRESSES = (0, 1, 0, 2, 0, 1, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 1)
#: Their events, and what was noted of them: with one client in five, and one in two, if they were dealt evenly.
EVENTS = (0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)
ENTRIES = (1, 0, 1, 0, 0, 0, 3, 0, 0, 1, 0, 0, 1, 0, 0, 2, 0, 0, 1, 0)

FIRST_DAY = datetime(2018, 1, 2, 7, tzinfo=UTC)
DAYS = 3_000
LAST_DAY = FIRST_DAY + timedelta(days=DAYS)

#: Numbers of eight digits are dealt to ids without repetition: a factor prime to ten, and a shift.
NUMBERS = 10**8
_FACTOR, _SHIFT = 48_271_577, 12_345_679
_INVERSE = pow(_FACTOR, -1, NUMBERS)
#: A digit doubled, its own digits added.
_DOUBLED = str.maketrans("0123456789", "0246813579")


class ClientRow(NamedTuple):
    """A row of the table of clients."""

    id: int
    name: str = ""
    name_key: str = ""
    type_id: int | None = None
    website: str | None = None
    website_key: str | None = None
    phone: str | None = None
    parent_id: int | None = None
    language_id: int | None = None
    street: str | None = None
    street2: str | None = None
    postal_code: str | None = None
    city: str | None = None
    city_key: str = ""
    country: str = FRANCE
    siren: str | None = None
    siret: str | None = None
    shares_siret: bool = False
    vat_number: str | None = None
    ape_code: str | None = None
    ape_nomenclature: str | None = None
    account_code: str | None = None
    vat_regime: str = "taxable"
    payment_term_id: int | None = None
    is_active: bool = True
    deactivated_at: datetime | None = None
    deactivated_by: str | None = None
    main_contact_id: int = 0
    billing_address_id: int | None = None
    created_at: datetime = FIRST_DAY
    created_by: str | None = None
    last_activity_at: datetime = FIRST_DAY
    version: int = 1


class ContactRow(NamedTuple):
    """A row of the table of contacts."""

    id: int
    client_id: int
    civility_id: int | None = None
    first_name: str | None = None
    last_name: str | None = None
    name_key: str = ""
    email: str = ""
    email_key: str = ""
    job_title: str | None = None
    direct_phone: str | None = None
    mobile_phone: str | None = None
    switchboard_phone: str | None = None
    source_id: int | None = None
    is_active: bool = True
    left_with_client: bool = False
    created_at: datetime = FIRST_DAY
    version: int = 1


class AddressRow(NamedTuple):
    """A row of the table of further addresses."""

    id: int
    client_id: int
    label: str
    street: str | None = None
    street2: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str = FRANCE
    version: int = 1


class EventRow(NamedTuple):
    """A row of the table of events."""

    id: int
    client_id: int
    name: str
    name_key: str
    starts_on: date
    ends_on: date
    status_id: int
    contact_id: int | None = None
    owner_id: int | None = None
    place: str | None = None
    headcount: int | None = None
    amount_excl_tax: int | None = None
    created_at: datetime = FIRST_DAY
    created_by: str | None = None
    version: int = 1


class EntryRow(NamedTuple):
    """A row of the table of notes, calls and tasks."""

    id: int
    kind: str
    client_id: int
    author_id: int
    at: datetime
    body: str | None = None
    contact_id: int | None = None
    event_id: int | None = None
    title: str | None = None
    title_key: str | None = None
    due_on: date | None = None
    owner_id: int | None = None
    priority: str | None = None
    done_at: datetime | None = None
    done_by_id: int | None = None
    version: int = 1


class TextRow(NamedTuple):
    """A row of the table of searchable texts."""

    kind: str
    record_id: int
    text: str


#: The columns that are written of each table; the tables stand in an order in which rows may be added.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "client": ClientRow._fields,
    "contact": ContactRow._fields,
    "address": AddressRow._fields,
    "event": EventRow._fields,
    "entry": EntryRow._fields,
    "search_text": TextRow._fields,
}


@dataclass(frozen=True)
class Plan:
    """What is to be made, and where its ids begin. The same plan always gives the same rows."""

    clients: int
    random_seed: int = 1
    first_client: int = 1
    first_contact: int = 1
    first_address: int = 1
    first_event: int = 1
    first_entry: int = 1
    #: Accounts that are in charge of events and write entries; without any there are no entries.
    people: tuple[int, ...] = ()
    #: Ids of the active rows of each lookup table, in their order.
    choices: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    account_prefix: str = "411"
    created_by: str | None = None
    #: Ids whose SIREN would be that of a company known already: they get none.
    without_siren: frozenset[int] = frozenset()
    #: "sqlite" or "postgresql": for whom the rows are prepared.
    engine: str = "sqlite"
    #: So many clients are made and handed over at once; what they are depends on it.
    chunk: int = 2_000

    @property
    def last_client(self) -> int:
        return self.first_client + self.clients - 1

    @property
    def last_contact(self) -> int:
        return self.first_contact + contacts_before(self.clients) - 1

    @property
    def last_address(self) -> int:
        return self.first_address + addresses_before(self.clients) - 1

    @property
    def starts(self) -> range:
        """The places at which chunks begin."""
        return range(0, self.clients, self.chunk)


_CONTACTS_BEFORE = (0, *accumulate(CONTACTS))
_ADDRESSES_BEFORE = (0, *accumulate(ADDRESSES))
_EVENTS_BEFORE = (0, *accumulate(EVENTS))
_ENTRIES_BEFORE = (0, *accumulate(ENTRIES))


def contacts_before(place: int) -> int:
    """How many contacts the clients before this place have."""
    return _counted(_CONTACTS_BEFORE, place)


def addresses_before(place: int) -> int:
    """How many further addresses the clients before this place have."""
    return _counted(_ADDRESSES_BEFORE, place)


def events_before(place: int) -> int:
    """How many events the clients before this place have, where there are states for them."""
    return _counted(_EVENTS_BEFORE, place)


def entries_before(place: int) -> int:
    """How many entries the clients before this place have, where there is somebody who writes them."""
    return _counted(_ENTRIES_BEFORE, place)


def _counted(before: tuple[int, ...], place: int) -> int:
    cycles, rest = divmod(place, len(before) - 1)
    return cycles * before[-1] + before[rest]


def siren_of(client_id: int) -> str:
    """The SIREN of the made-up client with this id."""
    digits = f"{(client_id * _FACTOR + _SHIFT) % NUMBERS:08d}"
    return digits + luhn_key(digits)


def id_with(siren: str) -> int:
    """The id whose made-up client has this SIREN."""
    return (int(siren[:8]) - _SHIFT) * _INVERSE % NUMBERS


def luhn_key(digits: str) -> str:
    """The digit that makes them add up (Luhn); python-stdnum's takes five times as long."""
    doubled = digits[-1::-2].translate(_DOUBLED)
    return str(-(sum(map(int, digits[-2::-2])) + sum(map(int, doubled))) % 10)
