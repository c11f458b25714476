"""How migrations run: whole or not at all, on both engines.

On SQLite a table is changed by copying it, which fails or cascades while foreign keys are on. They are
switched off before the transaction, checked after it, and switched on again.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from backoffice.core.db import Base, db, for_writing

target_metadata = Base.metadata


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    """What one engine alone has is nobody's model: its own tables, and what a search asks (see migration 0017)."""
    engines_own = {"table": ("sqlite_", "client_words"), "index": ("ix_search_text_words",)}
    return not (reflected and compare_to is None and (name or "").startswith(engines_own.get(kind, ("-",))))


def run_migrations() -> None:
    """Run in one transaction, with foreign keys off and checked on SQLite."""
    with current_app.app_context(), db.engine.connect() as connection, for_writing():
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _pragma(connection, "foreign_keys=OFF")
        try:
            context.configure(
                connection=connection,
                target_metadata=target_metadata,
                include_object=include_object,
                render_as_batch=is_sqlite,
                transactional_ddl=True,
                transaction_per_migration=False,
                compare_type=True,
            )
            with context.begin_transaction():
                context.run_migrations()
                if is_sqlite:
                    _refuse_orphans(connection)
        finally:
            if is_sqlite:
                connection.rollback()
                _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, pragma: str) -> None:
    """Set a pragma on the driver's connection: inside a transaction it would be ignored."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA {pragma}")


def _refuse_orphans(connection: Connection) -> None:
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if orphans:
        raise RuntimeError(f"the migration leaves rows that point at nothing: {orphans[:5]}")


run_migrations()
