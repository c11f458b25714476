"""Preferences and second factor of users; the key that lists of people are sorted by.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.core.text import fold

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _create_second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(length=255), nullable=False),
        sa.Column("last_counter", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_second_factor_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factor")),
    )


def _create_recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"], unique=False)


def _fill_name_key() -> None:
    user = sa.table("user", *map(sa.column, ("id", "last_name", "first_name", "email", "name_key")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(user)).all():
        key = fold(f"{row.last_name or ''} {row.first_name or ''}") or fold(row.email)
        connection.execute(sa.update(user).where(user.c.id == row.id).values(name_key=key[:255]))


def upgrade() -> None:
    op.add_column("user", sa.Column("name_key", sa.String(length=255), server_default="", nullable=False))
    op.add_column("user", sa.Column("preferences", sa.JSON(), server_default="{}", nullable=False))
    _fill_name_key()
    op.create_index("ix_user_name", "user", ["name_key", "id"], unique=False)
    _create_second_factor()
    _create_recovery_code()


def downgrade() -> None:
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    op.drop_index("ix_user_name", table_name="user")
    op.drop_column("user", "preferences")
    op.drop_column("user", "name_key")
