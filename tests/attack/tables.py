"""All that the database holds: equal before and after whatever is refused."""

from __future__ import annotations

from typing import Any

from flask import Flask

from backoffice.core.db import Base, db

#: What a row of a table is kept under in `Tables`: its columns.
Row = dict[str, Any]
Tables = dict[str, list[Row]]


def tables(app: Flask) -> Tables:
    """Every row of every table."""
    with app.app_context():
        return {
            name: [
                dict(row._mapping)
                for row in db.session.execute(table.select().order_by(*table.primary_key.columns))
            ]
            for name, table in Base.metadata.tables.items()
        }


def changed(before: Tables, after: Tables) -> dict[str, list[Row]]:
    """The rows of each table that are in one of the two and not in the other; {} for the same state."""
    found = {name: _difference(rows, after[name]) for name, rows in before.items()}
    return {name: rows for name, rows in found.items() if rows}


def _difference(one: list[Row], other: list[Row]) -> list[Row]:
    return [row for row in one if row not in other] + [row for row in other if row not in one]
