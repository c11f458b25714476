"""The office's logo, in the database so that every machine that serves the product has it.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_logo",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_logo_one_row")),
        sa.CheckConstraint("mime IN ('image/png', 'image/jpeg')", name=op.f("ck_office_logo_mime")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_logo")),
    )


def downgrade() -> None:
    op.drop_table("office_logo")
