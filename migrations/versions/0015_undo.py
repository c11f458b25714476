"""Take back: the facts of one action, and those that tell of a removal, each have their index.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_REMOVALS = sa.text("(operation = 'delete' OR field = 'removed_at')")


def upgrade() -> None:
    op.create_index("ix_fact_action", "fact", ["action"])
    op.create_index(
        "ix_fact_removed", "fact", ["at", "id"], sqlite_where=_REMOVALS, postgresql_where=_REMOVALS
    )


def downgrade() -> None:
    op.drop_index("ix_fact_removed", table_name="fact")
    op.drop_index("ix_fact_action", table_name="fact")
