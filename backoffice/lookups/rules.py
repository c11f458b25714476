"""Rules of the lookup tables and the settings, and the arithmetic of payment terms."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

from flask_babel import lazy_gettext as _

from backoffice.core.countries import FRANCE, country_code, country_or_france
from backoffice.core.problems import Cleaner, Problem, Rule, needs
from backoffice.core.text import clean_text, fold
from backoffice.core.validators.account_code import clean_account_code
from backoffice.core.validators.iban import clean_iban
from backoffice.core.validators.postal_code import clean_postal_code
from backoffice.core.validators.siren import clean_siren
from backoffice.core.validators.vat import clean_vat, contradicts_siren

LONGEST_LABEL = 80
LONGEST_TERM_DAYS = 365
LONGEST_ACCOUNT_PREFIX = 10
END_OF_MONTH = ("none", "after", "before")
DEFAULT_INACTIVE = Problem(
    "is_default",
    _("Un choix inactif ne peut pas être celui par défaut : réactivez-le, ou prenez-en un autre par défaut."),
    code="default_inactive",
)


class Choice(Protocol):
    """One row of a lookup table."""

    @property
    def label(self) -> str | None: ...
    @property
    def label_en(self) -> str | None: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def is_default(self) -> bool: ...


class Term(Protocol):
    """When an invoice is due.

    `days` after its day; with `end_of_month` before or after counting them, or none; then on the next
    `day_of_month`, if one is agreed.
    """

    @property
    def days(self) -> int: ...
    @property
    def end_of_month(self) -> str: ...
    @property
    def day_of_month(self) -> int | None: ...


class Office(Protocol):
    """What the office has decided, and who it is."""

    @property
    def account_prefix(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def siren(self) -> str | None: ...
    @property
    def vat_number(self) -> str | None: ...


class TermValues(NamedTuple):
    """A term by itself, without a row."""

    days: int
    end_of_month: str = "none"
    day_of_month: int | None = None


class TermChoice(Choice, Term, Protocol):
    """A row of the table of payment terms."""


#: The three longest terms that C. com. L.441-10 allows; a due date may reach the latest of them.
_LEGAL_TERMS = (TermValues(60), TermValues(45, "after"), TermValues(45, "before"))
_TWO_YEARS = tuple(date(2024, 1, 1) + timedelta(days=day) for day in range(366 + 365))


def due_on(invoice_on: date, term: Term) -> date:
    """The day an invoice is due; a day of the month that the month lacks is its last one."""
    start = _month_end(invoice_on) if term.end_of_month == "before" else invoice_on
    due = start + timedelta(days=term.days)
    if term.end_of_month == "after":
        due = _month_end(due)
    return due if term.day_of_month is None else _next_day_of_month(due, term.day_of_month)


def exceeds_legal_cap(term: Term) -> bool:
    """Whether for some invoice day the term falls due later than the law allows between companies.

    The latest of 60 days, 45 days then end of month, and end of month then 45 days counts (C. com. L.441-10).
    Two years, one of them a leap year, hold every case.
    """
    return _exceeds_legal_cap(term.days, term.end_of_month, term.day_of_month)


def label_is_required(choice: Choice) -> Iterable[Problem]:
    if not fold(choice.label or ""):
        yield Problem(
            "label", _("Le libellé est obligatoire : donnez un nom à ce choix."), code="label_required"
        )


def labels_are_short(choice: Choice) -> Iterable[Problem]:
    for field in ("label", "label_en"):
        length = len(getattr(choice, field, None) or "")
        if length > LONGEST_LABEL:
            yield Problem(
                field,
                _("Ce libellé compte %(length)s caractères : 80 au plus, raccourcissez-le.", length=length),
                code="label_long",
            )


def default_is_active(choice: Choice) -> Iterable[Problem]:
    if choice.is_default and not choice.is_active:
        yield DEFAULT_INACTIVE


def term_is_in_range(term: Term) -> Iterable[Problem]:
    if term.days is None or not 0 <= term.days <= LONGEST_TERM_DAYS:
        yield Problem("days", _("Indiquez un nombre de jours entre 0 et 365."), code="days_range")
    if term.day_of_month is not None and not 1 <= term.day_of_month <= 31:
        yield Problem(
            "day_of_month",
            _("Indiquez un jour du mois entre 1 et 31, ou laissez vide."),
            code="day_of_month_range",
        )
    if term.end_of_month not in END_OF_MONTH:
        yield Problem(
            "end_of_month",
            _("Choisissez si la fin du mois compte avant les jours, après eux, ou pas."),
            code="end_of_month_unknown",
        )


def term_keeps_the_legal_cap(term: Term) -> Iterable[Problem]:
    if not any(term_is_in_range(term)) and exceeds_legal_cap(term):
        yield Problem(
            "days",
            _(
                "Ce délai peut dépasser le maximum légal (60 jours, ou 45 jours fin de mois ; C. com. L.441-10) : "
                "vérifiez-le."
            ),
            "warning",
            "term_over_cap",
        )


@needs("siren", "vat_number")
def vat_agrees_with_siren(office: Office) -> Iterable[Problem]:
    if contradicts_siren(office.vat_number, office.siren):
        yield Problem(
            "vat_number",
            _("Ce numéro de TVA contient un autre SIREN : corrigez l'un des deux."),
            code="vat_siren",
        )


def account_prefix_is_given(office: Office) -> Iterable[Problem]:
    if not office.account_prefix:
        yield Problem(
            "account_prefix", _("Indiquez par quoi commencent les comptes clients, par exemple 411.")
        )
    elif len(office.account_prefix) > LONGEST_ACCOUNT_PREFIX:
        yield Problem("account_prefix", _("Ce début de compte est trop long : 10 caractères au plus."))


def _stored_text(typed: str, _office: Office) -> str:
    return clean_text(typed)


def _stored_country(typed: str, _office: Office) -> str:
    return country_code(typed) or FRANCE


def _stored_label(typed: str, _choice: Choice) -> str:
    return clean_text(typed)


LOOKUP_CLEANERS: dict[str, Cleaner[Choice]] = {"label": _stored_label, "label_en": _stored_label}
LOOKUP_RULES: tuple[Rule[Choice], ...] = (label_is_required, labels_are_short, default_is_active)
PAYMENT_TERM_RULES: tuple[Rule[TermChoice], ...] = (*LOOKUP_RULES, term_is_in_range, term_keeps_the_legal_cap)


#: The country comes first: postal code and VAT number are read by it.
SETTINGS_CLEANERS: dict[str, Cleaner[Office]] = {
    "default_country": _stored_country,
    "country": _stored_country,
    "account_prefix": lambda typed, _office: clean_account_code(typed),
    **dict.fromkeys(("company_name", "street", "street2", "city"), _stored_text),
    "postal_code": lambda typed, office: clean_postal_code(typed, country_or_france(office.country)),
    "siren": lambda typed, _office: clean_siren(typed),
    "vat_number": lambda typed, office: clean_vat(typed, country_or_france(office.country)),
    "iban": lambda typed, _office: clean_iban(typed),
}
SETTINGS_RULES: tuple[Rule[Office], ...] = (vat_agrees_with_siren, account_prefix_is_given)


@lru_cache(maxsize=1024)
def _exceeds_legal_cap(days: int, end_of_month: str, day_of_month: int | None) -> bool:
    term = TermValues(days, end_of_month, day_of_month)
    return any(
        due_on(day, term) > latest for day, latest in zip(_TWO_YEARS, _latest_legal_days(), strict=True)
    )


@lru_cache(maxsize=1)
def _latest_legal_days() -> tuple[date, ...]:
    return tuple(max(due_on(day, legal) for legal in _LEGAL_TERMS) for day in _TWO_YEARS)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _next_day_of_month(day: date, wanted: int) -> date:
    """The first such day on or after `day`."""
    this_month = _in_month(day, wanted)
    return this_month if this_month >= day else _in_month(_month_end(day) + timedelta(days=1), wanted)


def _in_month(day: date, wanted: int) -> date:
    return day.replace(day=min(wanted, monthrange(day.year, day.month)[1]))
