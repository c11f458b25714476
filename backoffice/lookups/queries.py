"""What is asked of the lookup tables and of the settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from backoffice.core.db import Base
from backoffice.lookups.models import LOOKUPS, OfficeLogo, OfficeSettings

#: Uses are counted no further than this.
USE_CAP = 10_000


def all_choices() -> Select[Any]:
    """Every row of every lookup table, in the order in which each table is offered: one statement for a page."""
    parts = [
        select(
            literal(model.__tablename__).label("kind"),
            model.id,
            model.label,
            model.label_en,
            model.is_active,
            model.is_default,
            model.position,
        )
        for model in LOOKUPS
    ]
    rows = union_all(*parts).subquery()
    return select(rows).order_by(rows.c.kind, rows.c.position, rows.c.label)


def office_settings() -> Select[OfficeSettings]:
    """The one row of settings."""
    return select(OfficeSettings).where(OfficeSettings.id == 1)


def logo_facts() -> Select[str, str, str]:
    """What is known of the logo without reading its bytes."""
    return select(OfficeLogo.name, OfficeLogo.mime, OfficeLogo.digest)


def in_order(model: Any) -> Select[Any]:
    """The rows of a table in the order in which they are offered, as they are now."""
    rows = select(model).order_by(model.position, model.label_key)
    return rows.execution_options(populate_existing=True)


def all_locked(model: Any) -> Select[int]:
    """All rows of a table, kept from changing (they may be chosen meanwhile), always locked in one order."""
    return select(model.id).order_by(model.id).with_for_update(key_share=True)


def locked(model: Any, row_id: int, may_be_chosen: bool) -> Select[Any]:
    """A row, kept from changing and, unless it may still be chosen, from being pointed at anew."""
    row = select(model).where(model.id == row_id).with_for_update(read=may_be_chosen)
    return row.execution_options(populate_existing=True)


def default_row(model: Any) -> Select[Any]:
    """The row that is the default of its table."""
    return select(model).where(model.is_default)


def namesake(model: Any, label_key: str, but_id: int | None) -> Select[Any]:
    """Another row of the table with the same label, folded."""
    return select(model).where(model.label_key == label_key, model.id != (but_id or 0))


def other_english_labels(model: Any, but_id: int | None) -> Select[Any]:
    """The English labels of the other rows of the table."""
    return select(model.label_en).where(model.label_en.is_not(None), model.id != (but_id or 0))


def using_columns(model: Any) -> list[Any]:
    """The columns, anywhere in the house, that point at this table."""
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is model.__table__
    ]


def use_counts(model: Any, ids: Sequence[int]) -> Select[Any]:
    """For these rows, in one statement, in how many records each is used (no further than the cap)."""
    columns = using_columns(model)
    return select(*(_uses(columns, row_id).label(f"uses_{row_id}") for row_id in ids))


def _uses(columns: Iterable[Any], row_id: int) -> Any:
    found = union_all(*(select(literal(1)).where(column == row_id) for column in columns)).limit(USE_CAP + 1)
    return select(func.count()).select_from(found.subquery()).scalar_subquery()
