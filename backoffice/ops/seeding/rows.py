"""The making of clients, one chunk at a time: from the plan and the chunk's place alone, nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from backoffice.clients.search import KIND
from backoffice.core.ape import REV2, ape_labels
from backoffice.core.countries import FRANCE
from backoffice.core.text import fold
from backoffice.core.towns import towns
from backoffice.core.validators.email import email_key
from backoffice.ops.seeding import words
from backoffice.ops.seeding.happenings import Happenings, latest
from backoffice.ops.seeding.plan import (
    ADDRESSES,
    COLUMNS,
    CONTACTS,
    DAYS,
    FIRST_DAY,
    LAST_DAY,
    AddressRow,
    ClientRow,
    ContactRow,
    Plan,
    TextRow,
    addresses_before,
    contacts_before,
    luhn_key,
    siren_of,
)
from backoffice.ops.seeding.texts import text_of

#: No company at all, and La Poste, whose SIRET follow a rule of their own.
_ODD_SIRENS = ("000000000", "356000000")
_WORKING_SECONDS = 10 * 3600

_KEPT = 100_000

_One = TypeVar("_One")
Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(plan: Plan, start: int) -> Rows:
    """The rows of the chunk that begins at this place, by table."""
    maker = _Maker(plan, random.Random(f"{plan.random_seed} {start}"))  # noqa: S311 - nothing secret
    happenings = Happenings(plan, random.Random(f"{plan.random_seed} {start} happenings"))  # noqa: S311
    rows: Rows = {table: [] for table in COLUMNS}
    for place in range(start, min(start + plan.chunk, plan.clients)):
        client = maker.client(place)
        contacts = maker.contacts(client, place)
        events = happenings.events(client, contacts, place)
        entries = happenings.entries(client, contacts, events, place)
        rows["client"].append(client._replace(last_activity_at=latest(client, events, entries)))
        rows["contact"].extend(contacts)
        rows["address"].extend(maker.addresses(client, place))
        rows["event"].extend(events)
        rows["entry"].extend(entries)
        rows["search_text"].append(TextRow(KIND, client.id, text_of(client, contacts)))
    return rows


@dataclass(frozen=True)
class _Maker:
    plan: Plan
    rng: random.Random

    def one(self, some: Sequence[_One]) -> _One:
        return some[int(self.rng.random() * len(some))]  # several times as fast as Random.choice

    def below(self, limit: int) -> int:
        return int(self.rng.random() * limit)

    def client(self, place: int) -> ClientRow:
        chance, choice = self.rng.random, self.one
        plan, id_ = self.plan, self.plan.first_client + place
        surname = choice(words.SURNAMES)
        name = self._name(surname)
        created_at = self._moment(place)
        is_active = chance() >= 0.1
        return ClientRow(
            id=id_,
            name=name,
            name_key=_name_key(name),
            type_id=self._pick("company_type"),
            website_key=(host := _host(surname, id_) if chance() < 0.7 else None),
            website=host and f"https://www.{host}",
            parent_id=plan.first_client + self.below(place) if place and chance() < 0.04 else None,
            street=self._street(),
            street2=choice(words.MORE_STREET) if chance() < 0.1 else None,
            account_code=_account_code(plan.account_prefix, surname, id_),
            payment_term_id=self._pick("payment_term") if chance() < 0.3 else None,
            is_active=is_active,
            deactivated_at=None if is_active else created_at + (LAST_DAY - created_at) * chance(),
            deactivated_by=None if is_active else plan.created_by,
            main_contact_id=plan.first_contact + contacts_before(place),
            billing_address_id=self._billing(place),
            created_at=created_at,
            created_by=plan.created_by,
            last_activity_at=created_at,
            **(self._in_france(id_) if chance() < 0.96 else self._abroad(id_)),
        )

    def contacts(self, client: ClientRow, place: int) -> list[ContactRow]:
        first, taken = client.main_contact_id, set[str]()
        host = _host_of(client)
        along = not client.is_active and self.rng.random() < 0.5
        rows = []
        for number in range(CONTACTS[place % len(CONTACTS)]):
            row = self._contact(first + number, client, host, taken)
            taken.add(row.email)
            if along:
                row = row._replace(is_active=False, left_with_client=True)
            elif number and self.rng.random() < 0.06:
                row = row._replace(is_active=False)
            rows.append(row)
        return rows

    def addresses(self, client: ClientRow, place: int) -> Iterator[AddressRow]:
        first = self.plan.first_address + addresses_before(place)
        for id_ in range(first, first + ADDRESSES[place % len(ADDRESSES)]):
            code, town = self._town()
            label = "Facturation" if id_ == client.billing_address_id else self.one(words.LABELS)
            yield AddressRow(id_, client.id, label, self._street(), None, code, town)

    def _name(self, surname: str) -> str:
        choice, kind = self.one, self.rng.random()
        if kind < 0.4:
            return f"{choice(words.HEADS)} {surname} {choice(words.LEGAL_FORMS)}"
        if kind < 0.6:
            return f"{surname} {choice(words.TRADES)} {choice(words.LEGAL_FORMS)}"
        if kind < 0.75:
            return f"{choice(words.HEADS)} {surname} & {choice(words.SURNAMES)}"
        if kind < 0.9:
            return f"{choice(words.HEADS)} {surname} {choice(words.TRADES)}"
        return f"{choice(words.TRADES)} {surname} et Fils"

    def _in_france(self, id_: int) -> dict[str, Any]:
        chance = self.rng.random
        code, town = self._town()
        siren = siren_of(id_)
        has_siren = chance() >= 0.08 and id_ not in self.plan.without_siren and siren not in _ODD_SIRENS
        ape_code = self.one(_ape_codes()) if has_siren else None
        return {
            "language_id": self._pick("language", first=0.95),
            "phone": self._phone() if chance() < 0.85 else None,
            "postal_code": code,
            "city": town,
            "city_key": _folded(town),
            "siren": siren if has_siren else None,
            "siret": self._siret(siren) if has_siren else None,
            "vat_number": f"FR{_vat_key(siren)}{siren}" if has_siren and chance() < 0.9 else None,
            "ape_code": ape_code,
            "ape_nomenclature": REV2 if ape_code else None,
            "vat_regime": "taxable" if chance() < 0.97 else "export",
        }

    def _abroad(self, id_: int) -> dict[str, Any]:
        country, town, code, phone, regime = self.one(words.ABROAD)
        return {
            "language_id": self._pick("language", first=0.3),
            "phone": self._four_digits(phone),
            "postal_code": code,
            "city": town,
            "city_key": _folded(town),
            "country": country,
            "vat_number": _belgian_vat(id_) if country == "BE" else None,
            "vat_regime": regime,
        }

    def _contact(self, id_: int, client: ClientRow, host: str, taken: set[str]) -> ContactRow:
        chance, choice = self.rng.random, self.one
        first_name, last_name, civility = self._person()
        email = f"{_mailbox(first_name, last_name) or choice(words.MAILBOXES)}@{host}"
        if email in taken:
            email = email.replace("@", f"{id_ - client.main_contact_id + 1}@")
        french = client.country == FRANCE
        return ContactRow(
            id=id_,
            client_id=client.id,
            civility_id=civility,
            first_name=first_name,
            last_name=last_name,
            name_key=_folded(f"{last_name} {first_name}") if last_name else fold(email),
            email=email,
            email_key=email_key(email),
            job_title=choice(words.JOB_TITLES) if chance() < 0.8 else None,
            direct_phone=self._phone() if french and chance() < 0.5 else None,
            mobile_phone=self._four_digits(words.FICTION_MOBILE) if french and chance() < 0.4 else None,
            switchboard_phone=client.phone if chance() < 0.2 else None,
            source_id=self._pick("source") if chance() < 0.8 else None,
            created_at=client.created_at,
        )

    def _person(self) -> tuple[str | None, str | None, int | None]:
        if self.rng.random() < 0.08:
            return None, None, None
        woman = self.rng.random() < 0.5
        civilities = self.plan.choices.get("civility", ())
        civility = civilities[0 if woman else 1] if len(civilities) > 1 else None
        return self.one(words.WOMEN if woman else words.MEN), self.one(words.SURNAMES), civility

    def _billing(self, place: int) -> int | None:
        billed = ADDRESSES[place % len(ADDRESSES)] and self.rng.random() < 0.4
        return self.plan.first_address + addresses_before(place) if billed else None

    def _pick(self, table: str, first: float = 0) -> int | None:
        ids: Sequence[int] = self.plan.choices.get(table, ())
        if not ids:
            return None
        return ids[0] if self.rng.random() < first else self.one(ids)

    def _moment(self, place: int) -> datetime:
        day = int(DAYS * (place + self.rng.random()) / self.plan.clients)
        return FIRST_DAY + timedelta(days=day, seconds=self.below(_WORKING_SECONDS))

    def _town(self) -> tuple[str, str]:
        large = self.rng.random() < 0.35
        code = self.one(words.LARGE_TOWNS if large else words.postal_codes())
        return code, self.one(towns(code))

    def _street(self) -> str:
        return f"{1 + self.below(200)} {self.one(words.STREETS)}"

    def _phone(self) -> str:
        return self._four_digits(self.one(words.FICTION_PHONES))

    def _four_digits(self, start: str) -> str:
        return f"{start}{self.below(10_000):04d}"

    def _siret(self, siren: str) -> str:
        office = f"{siren}{1 + self.below(30):04d}"
        return office + luhn_key(office)


def _host_of(client: ClientRow) -> str:
    """The domain of a client: its id makes it, and every e-mail in it, the only one of its kind."""
    return (client.website or f"https://www.client-{client.id}.example").removeprefix("https://www.")


def _host(surname: str, id_: int) -> str:
    return f"{_folded(surname).replace(' ', '-')}-{id_}.example"


def _name_key(name: str) -> str:
    return " ".join(filter(None, map(_folded, name.split())))


def _mailbox(first_name: str | None, last_name: str | None) -> str:
    return ".".join(_folded(name).replace(" ", "-") for name in (first_name, last_name) if name)


def _account_code(prefix: str, surname: str, id_: int) -> str:
    number = f"{id_:06d}"
    letters = _folded(surname).replace(" ", "").upper()
    return prefix + letters[: max(0, min(6, 20 - len(prefix) - len(number)))] + number


def _vat_key(siren: str) -> str:
    return f"{(12 + 3 * (int(siren) % 97)) % 97:02d}"


def _belgian_vat(id_: int) -> str:
    number = f"{id_ % 10**7 + 10**6:08d}"[-8:]
    return f"BE{number}{97 - int(number) % 97:02d}"


@lru_cache(maxsize=1)
def _ape_codes() -> tuple[str, ...]:
    return tuple(ape_labels())


@lru_cache(maxsize=_KEPT)
def _folded(text: str) -> str:
    return fold(text)
