"""What must be true of an event, seen by itself. Pure functions of objects shaped like the model."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, time
from decimal import Decimal
from typing import Protocol

from flask_babel import lazy_gettext as _

from backoffice.core.db import Money
from backoffice.core.problems import Cleaner, Problem, Rule
from backoffice.core.text import clean_lines, clean_text
from backoffice.events.models import MOST_DAYS

MOST_PEOPLE = 1_000_000
_EARLIEST, _LATEST = 1900, 9000


class Ref(Protocol):
    """A record, as far as another one that names it needs to know it."""

    @property
    def id(self) -> int: ...


class ContactLike(Protocol):
    """A contact, as far as its events need to know it."""

    @property
    def client_id(self) -> int: ...


class UserLike(Protocol):
    """Somebody of the office."""

    @property
    def active(self) -> bool: ...


class EventLike(Protocol):
    """An event."""

    @property
    def name(self) -> str | None: ...
    @property
    def client(self) -> Ref | None: ...
    @property
    def contact(self) -> ContactLike | None: ...
    @property
    def owner(self) -> UserLike | None: ...
    @property
    def starts_on(self) -> date | None: ...
    @property
    def starts_time(self) -> time | None: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def ends_time(self) -> time | None: ...
    @property
    def headcount(self) -> int | None: ...
    @property
    def amount_excl_tax(self) -> Decimal | None: ...


def event_rules(changed: Collection[str]) -> tuple[Rule[EventLike], ...]:
    """The rules of an event of which these attributes are new: what has left since may stay where it was chosen."""

    def contact_is_of_the_client(event: EventLike) -> Iterable[Problem]:
        if event.contact is None or event.client is None or not {"contact", "client"} & set(changed):
            return
        if event.contact.client_id != event.client.id:
            yield Problem(
                "contact",
                _("Ce contact est d’une autre société : choisissez un contact de ce client."),
                code="contact_elsewhere",
            )

    def owner_is_active(event: EventLike) -> Iterable[Problem]:
        if event.owner is not None and not event.owner.active and "owner" in changed:
            yield Problem(
                "owner",
                _("Cette personne n’est plus active : choisissez-en une autre."),
                code="owner_inactive",
            )

    return (*RULES, contact_is_of_the_client, owner_is_active)


def name_is_given(event: EventLike) -> Iterable[Problem]:
    if not event.name:
        yield Problem("name", _("Le nom de l’événement est obligatoire : tapez-le."), code="name_required")


def days_are_given_with_their_hours(event: EventLike) -> Iterable[Problem]:
    if event.starts_on is None:
        yield Problem("starts_on", _("Donnez le jour du début."), code="start_required")
        if event.starts_time is not None:
            yield _without_day("starts_time")
    if event.ends_on is None and event.ends_time is not None:
        yield _without_day("ends_time")


def _without_day(field: str) -> Problem:
    return Problem(field, _("Donnez aussi le jour, ou effacez cette heure."), code="hour_without_day")


def days_are_of_this_age(event: EventLike) -> Iterable[Problem]:
    for field in ("starts_on", "ends_on"):
        day: date | None = getattr(event, field)
        if day is not None and not _EARLIEST <= day.year <= _LATEST:
            yield Problem(field, _("Vérifiez l’année de cette date."), code="year_odd")


def ends_after_it_starts(event: EventLike) -> Iterable[Problem]:
    if event.starts_on is None or event.ends_on is None:
        return
    if event.ends_on < event.starts_on:
        yield Problem(
            "ends_on",
            _("L’événement finirait avant de commencer : corrigez le début ou la fin."),
            code="ends_before",
        )
    elif (event.ends_on - event.starts_on).days > MOST_DAYS:
        yield Problem(
            "ends_on",
            _("Un événement dure un an au plus : vérifiez l’année, ou faites-en plusieurs."),
            code="too_long",
        )


def hours_are_in_order(event: EventLike) -> Iterable[Problem]:
    is_one_day = event.starts_on is not None and event.starts_on == (event.ends_on or event.starts_on)
    if is_one_day and event.starts_time and event.ends_time and event.ends_time < event.starts_time:
        yield Problem(
            "ends_time",
            _("Il finirait avant l’heure où il commence : corrigez une des heures, ou le jour de fin."),
            code="ends_before",
        )


def headcount_is_in_range(event: EventLike) -> Iterable[Problem]:
    if event.headcount is not None and not 0 <= event.headcount <= MOST_PEOPLE:
        yield Problem(
            "headcount",
            _("Indiquez un nombre de personnes entre 0 et 1 000 000, ou laissez vide."),
            code="headcount_range",
        )


def amount_is_in_range(event: EventLike) -> Iterable[Problem]:
    amount = event.amount_excl_tax
    if amount is None:
        return
    if not 0 <= amount < Money.TOO_MUCH:
        yield Problem(
            "amount_excl_tax",
            _("Indiquez un montant positif, de moins de 10 milliards d’euros."),
            code="amount_range",
        )
    elif amount != round(amount, 2):
        yield Problem(
            "amount_excl_tax",
            _("Un montant va jusqu’aux centimes : gardez deux décimales."),
            code="amount_decimals",
        )


def _stored_line(typed: str, _event: EventLike) -> str:
    return clean_text(typed)


def _stored_lines(typed: str, _event: EventLike) -> str:
    return clean_lines(typed)


CLEANERS: dict[str, Cleaner[EventLike]] = {
    "name": _stored_line,
    "place": _stored_line,
    "description": _stored_lines,
}
RULES: tuple[Rule[EventLike], ...] = (
    name_is_given,
    days_are_given_with_their_hours,
    days_are_of_this_age,
    ends_after_it_starts,
    hours_are_in_order,
    headcount_is_in_range,
    amount_is_in_range,
)
