"""Is what guards the history in place? Triggers of the database refuse to change or remove its facts."""

from __future__ import annotations

from sqlalchemy import Connection, text

#: Made by migration 0014.
_GUARDS = {
    "sqlite": {"fact_is_not_changed", "fact_is_not_removed", "fact_is_not_replaced"},
    "postgresql": {"fact_is_final"},
}
_FOUND = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'fact'",
    # One that is switched off, or fires on replicas only, guards nothing.
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'fact'::regclass AND tgenabled IN ('O', 'A')",
}


def missing_guards(connection: Connection) -> list[str]:
    """The triggers that should keep facts as they are and do not."""
    engine = connection.dialect.name
    return sorted(_GUARDS[engine] - set(connection.scalars(text(_FOUND[engine]))))
