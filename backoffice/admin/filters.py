"""Filters of a list that have a stable name in the address, whatever the language of the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask_admin.model.filters import BaseFilter
from sqlalchemy import ColumnElement, false

from backoffice.admin.fields import OFFERS
from backoffice.admin.quantities import read_day
from backoffice.core import countries
from backoffice.core.text import fold
from backoffice.core.validators.compact import is_ascii_digits

Options = Sequence[tuple[str, Any]]

#: Years whose days, and the days beside them, are moments on both engines.
_EARLIEST, _LATEST = 1900, 9000


class NamedFilter(BaseFilter):
    """`condition` makes a cleaned value into SQL; `key` is the filter's name in the address."""

    data_type = "text"

    def __init__(self, key: str, label: Any, condition: Callable[[Any], ColumnElement[bool]]) -> None:
        super().__init__(label, data_type=self.data_type)  # the stock class would set it to None
        self.key = key
        self.condition = condition

    def operation(self) -> str:
        return self.key

    def read(self, value: str) -> Any:
        """The value as the condition wants it. Raises ValueError when it makes no sense."""
        return value

    def clean(self, value: str) -> Any:
        if not value.strip() or "\x00" in value or len(value) > 200:
            raise ValueError(value)
        return self.read(value.strip())

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        return query.where(self.condition(value))

    def narrow(self, query: Any, value: str) -> Any:
        """The query with this filter. What makes no sense finds nothing: all in its place would be a wrong answer."""
        try:
            return self.apply(query, self.clean(value))
        except ValueError:
            return query.where(false())

    def choices(self) -> Options:
        """What the page offers for this filter; empty for free text."""
        return ()

    def word(self, value: str) -> str:
        """The value as a chip of the page shows it."""
        return next((str(label) for key, label in self.choices() if key == value), value)


class FoldedPrefixFilter(NamedFilter):
    """Text by its beginning, without case and accents."""

    def read(self, value: str) -> str:
        folded = fold(value)
        if not folded:
            raise ValueError(value)
        return folded


class ChoiceFilter(NamedFilter):
    """One of a fixed choice."""

    data_type = "select"

    def __init__(self, key: str, label: Any, condition: Any, options: Callable[[], Options]) -> None:
        super().__init__(key, label, condition)
        self.offered = options

    def choices(self) -> Options:
        return self.offered()

    def read(self, value: str) -> str:
        if value not in {key for key, _label in self.offered()}:
            raise ValueError(value)
        return value


class LookupFilter(ChoiceFilter):
    """A row of a lookup table."""

    def __init__(self, key: str, label: Any, condition: Any, model: type) -> None:
        super().__init__(key, label, condition, lambda: [(str(c.id), c.label) for c in OFFERS[model]()])

    def read(self, value: str) -> Any:
        return int(super().read(value))


class CountryFilter(NamedFilter):
    """A country by name or code."""

    data_type = "country"

    def read(self, value: str) -> str:
        return countries.country_code(value)

    def word(self, value: str) -> str:
        try:
            return countries.country_name(countries.country_code(value))
        except ValueError:
            return value


class RecordFilter(NamedFilter):
    """A record by its id, found as one types through a loader."""

    data_type = "picker"

    def __init__(self, key: str, label: Any, condition: Any, loader: Any) -> None:
        super().__init__(key, label, condition)
        self.loader = loader
        self.url = loader.url

    def word(self, value: str) -> str:
        record = self.loader.named(value)
        return str(record) if record is not None else value

    def read(self, value: str) -> Any:
        if not is_ascii_digits(value) or len(value) > 9:
            raise ValueError(value)
        return int(value)


class DayFilter(NamedFilter):
    """A day, French or ISO."""

    data_type = "date"

    def read(self, value: str) -> Any:
        day = read_day(value)
        if not _EARLIEST <= day.year <= _LATEST:
            raise ValueError(value)
        return day

    def word(self, value: str) -> str:
        try:
            return f"{self.clean(value):%d/%m/%Y}"
        except ValueError:
            return value
