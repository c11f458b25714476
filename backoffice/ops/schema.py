"""Is the database at the migration that this version of the product was written for?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text


@dataclass(frozen=True)
class SchemaState:
    """Where the database stands. `at` is empty when no migration has ever run on it."""

    at: frozenset[str]
    heads: frozenset[str]

    @property
    def is_current(self) -> bool:
        return self.at == self.heads


@cache
def heads(directory: str) -> frozenset[str]:
    """The newest migrations of the folder; read once in a process, for they come with the code."""
    return frozenset(ScriptDirectory(directory).get_heads())


def state(connection: Connection, directory: str) -> SchemaState:
    """Raises SQLAlchemyError when the database does not answer."""
    at: frozenset[str] = frozenset()
    if inspect(connection).has_table("alembic_version"):
        at = frozenset(connection.scalars(text("SELECT version_num FROM alembic_version")))
    return SchemaState(at=at, heads=heads(directory))
