"""What the record of an active client still lacks: the rule, and the same as SQL for lists, counts and indexes.

The codes stand in the SQL as they are, not as parameters: an engine takes a partial index only when it reads
the index's own condition in the question.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Index, and_, func, literal_column, or_

from backoffice.clients.shapes import HasAddress
from backoffice.core.countries import country_names
from backoffice.core.validators.postal_code import needs_postal_code

SIREN, VAT_NUMBER, ADDRESS = "siren", "vat_number", "address"
#: What a record may lack, as a list and the dashboard call it.
LACKS = {SIREN: _("SIREN"), VAT_NUMBER: _("N° de TVA"), ADDRESS: _("Adresse")}

#: Where companies stand in the Sirene register.
WITH_SIREN = ("BL", "FR", "GF", "GP", "MF", "MQ", "PM", "RE", "YT")
#: Where VAT numbers of the Union are given: its states, and the French territories and Monaco that share France's.
WITH_VAT_NUMBER = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GP", "GR", "HR", "HU", "IE",
    "IT", "LT", "LU", "LV", "MC", "MQ", "MT", "NL", "PL", "PT", "RE", "RO", "SE", "SI", "SK",
)  # fmt: skip
WITH_POSTAL_CODE = tuple(sorted(code for code in country_names() if needs_postal_code(code)))


class Completable(HasAddress, Protocol):
    """A client, as far as its record may lack something."""

    @property
    def is_active(self) -> bool: ...
    @property
    def siren(self) -> str | None: ...
    @property
    def vat_number(self) -> str | None: ...


def lacks(client: Completable) -> tuple[str, ...]:
    """What is missing, in the order of `LACKS`. Nobody completes the record of an inactive client."""
    if not client.is_active:
        return ()
    no_address = not (client.street and client.city) or (
        not client.postal_code and client.country in WITH_POSTAL_CODE
    )
    missing = {
        SIREN: not client.siren and client.country in WITH_SIREN,
        VAT_NUMBER: not client.vat_number and client.country in WITH_VAT_NUMBER,
        ADDRESS: no_address,
    }
    return tuple(kind for kind in LACKS if missing[kind])


def incomplete(client: Any) -> ColumnElement[bool]:
    """Active clients whose record lacks anything; `client` is the model."""
    return and_(client.is_active, or_(*_conditions(client).values()))


def lacking(client: Any, kind: str) -> ColumnElement[bool]:
    """Active clients whose record lacks this."""
    condition = _conditions(client)[kind]
    # The number has no index of its own: nearly every record that lacks anything lacks it, so theirs does.
    return and_(incomplete(client), condition) if kind == VAT_NUMBER else and_(client.is_active, condition)


def indexes(client: Any) -> tuple[Index, ...]:
    """By name, the records that lack something. A complete record stands in none of them, and costs nothing."""
    by_name = (client.is_active, client.name_key, client.id)
    return (
        _partial("ix_client_incomplete", incomplete(client), *by_name, client.vat_number, client.country),
        _partial("ix_client_lacks_siren", lacking(client, SIREN), *by_name),
        _partial("ix_client_lacks_address", lacking(client, ADDRESS), *by_name),
    )


def _conditions(client: Any) -> dict[str, ColumnElement[bool]]:
    return {
        SIREN: and_(_blank(client.siren), _one_of(client.country, WITH_SIREN)),
        VAT_NUMBER: and_(_blank(client.vat_number), _one_of(client.country, WITH_VAT_NUMBER)),
        ADDRESS: or_(
            _blank(client.street),
            _blank(client.city),
            and_(_blank(client.postal_code), _one_of(client.country, WITH_POSTAL_CODE)),
        ),
    }


def _blank(column: Any) -> ColumnElement[bool]:
    """Said so that SQLite does not take the index of all SIREN numbers, among which those missing are many."""
    return func.coalesce(column, literal_column("''")) == literal_column("''")


def _one_of(country: Any, codes: Iterable[str]) -> ColumnElement[bool]:
    """Among these codes. Seventy of them in an IN would cost PostgreSQL longer to plan with than to answer."""
    among: ColumnElement[bool] = literal_column(f"'{' '.join(codes)}'").like(
        literal_column("'%'").concat(country).concat(literal_column("'%'"))
    )
    return among


def _partial(name: str, condition: ColumnElement[bool], *columns: Any) -> Index:
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
