"""The folded titles of tasks, by whose beginning the palette finds what is to do.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.core.text import fold

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OPEN = sa.text("due_on IS NOT NULL AND done_at IS NULL AND removed_at IS NULL")
_INDEX = "ix_entry_open_title"
_CHUNK = 5000
_LONGEST = 200


def _fill() -> None:
    """In parts, each row once: PostgreSQL begins no index over rows whose checks it has put off."""
    connection = op.get_bind()
    entry = sa.table("entry", *map(sa.column, ("id", "title", "title_key")))
    change = sa.update(entry).where(entry.c.id == sa.bindparam("of")).values(title_key=sa.bindparam("key"))
    titled = sa.select(entry.c.id, entry.c.title).where(entry.c.title.is_not(None)).order_by(entry.c.id)
    last = 0
    while rows := connection.execute(titled.where(entry.c.id > last).limit(_CHUNK)).all():
        connection.execute(change, [{"of": row.id, "key": fold(row.title)[:_LONGEST]} for row in rows])
        last = rows[-1].id


def upgrade() -> None:
    plain = sa.String(_LONGEST).with_variant(sa.String(_LONGEST, collation="C"), "postgresql")
    op.add_column("entry", sa.Column("title_key", plain, nullable=True))
    _fill()
    op.create_index(
        _INDEX, "entry", ["title_key", "id"], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def downgrade() -> None:
    op.drop_index(_INDEX, table_name="entry")
    op.drop_column("entry", "title_key")
