"""When something last happened with a client.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: The last day of an event as a moment: its noon, which is the same day for every reader nearby.
_NOON = {
    "sqlite": "ends_on || ' 12:00:00.000000'",
    "postgresql": "(ends_on + time '12:00') AT TIME ZONE 'UTC'",
}
#: What has happened so far, by client: created, written or ticked off and not in the trash, planned or taking place.
_HAPPENED = """
    SELECT id AS client_id, created_at AS at FROM client
    UNION ALL
    SELECT client_id, max(at) FROM entry WHERE removed_at IS NULL GROUP BY client_id
    UNION ALL
    SELECT client_id, max(done_at) FROM entry
    WHERE removed_at IS NULL AND done_at IS NOT NULL GROUP BY client_id
    UNION ALL
    SELECT client_id, max(created_at) FROM event GROUP BY client_id
    UNION ALL
    SELECT client_id, max({noon}) FROM event JOIN event_status ON event_status.id = status_id
    WHERE is_open OR ends_on <= CURRENT_DATE GROUP BY client_id
"""
_INDEXES = (
    ("ix_client_active_quiet", ["is_active", "last_activity_at", "id"]),
    ("ix_client_last_activity", ["last_activity_at", "id"]),
)


#: The list by name, which is narrowed to quiet clients without a look at their rows.
_BY_NAME, _NAMED = "ix_client_active_name", ["is_active", "name_key", "id"]


def _fill() -> None:
    """In one statement: PostgreSQL checks the keys of rows that are changed twice later, and lets no index begin."""
    happened = _HAPPENED.format(noon=_NOON[op.get_bind().dialect.name])
    op.execute(
        f"UPDATE client SET last_activity_at = latest.at "  # noqa: S608 - nothing from outside
        f"FROM (SELECT client_id, max(at) AS at FROM ({happened}) AS happened GROUP BY client_id) AS latest "
        f"WHERE latest.client_id = client.id"
    )


def upgrade() -> None:
    never = sa.text("'1970-01-01 00:00:00'")
    op.add_column(
        "client",
        sa.Column("last_activity_at", sa.DateTime(timezone=True), server_default=never, nullable=False),
    )
    _fill()
    for name, columns in _INDEXES:
        op.create_index(name, "client", columns)
    op.drop_index(_BY_NAME, table_name="client")
    op.create_index(_BY_NAME, "client", [*_NAMED, "last_activity_at"])


def downgrade() -> None:
    op.drop_index(_BY_NAME, table_name="client")
    op.create_index(_BY_NAME, "client", _NAMED)
    for name, _columns in _INDEXES:
        op.drop_index(name, table_name="client")
    op.drop_column("client", "last_activity_at")
