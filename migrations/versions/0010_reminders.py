"""When the worker last began each of its jobs, and the reminders of tasks.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backoffice.core.db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OPEN = "done_at IS NULL AND removed_at IS NULL"
_COLUMNS = ("remind_at", "reminded_at", "remind_read_at")
_INDEXES = (
    ("ix_entry_trash", ["removed_at", "id"], "removed_at IS NOT NULL"),
    ("ix_entry_to_remind", ["remind_at", "id"], f"remind_at IS NOT NULL AND reminded_at IS NULL AND {_OPEN}"),
    (
        "ix_entry_to_notice",
        ["owner_id", "remind_at", "id"],
        f"remind_at IS NOT NULL AND remind_read_at IS NULL AND {_OPEN}",
    ),
)


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("begun_at", backoffice.core.db.UtcMoment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.add_column("entry", sa.Column("reminder", sa.String(length=8), nullable=True))
    for column in _COLUMNS:
        op.add_column("entry", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE entry SET reminder = 'none' WHERE kind = 'task'")
    for name, columns, where in _INDEXES:
        condition = sa.text(where)
        op.create_index(name, "entry", columns, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    for name, _columns, _where in _INDEXES:
        op.drop_index(name, table_name="entry")
    for column in (*reversed(_COLUMNS), "reminder"):
        op.drop_column("entry", column)
    op.drop_table("job_run")
