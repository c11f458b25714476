"""Events of clients and their states, with the states that are shipped.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

#: Shipped states: French, its key, English, colour, whether such events are still to come.
_STATUSES = (
    ("Option", "option", "Tentative", "amber", True),
    ("Confirmé", "confirme", "Confirmed", "green", True),
    ("Terminé", "termine", "Completed", "grey", False),
    ("Annulé", "annule", "Cancelled", "red", False),
)


def _create_status() -> sa.Table:
    table = op.create_table(
        "event_status",
        sa.Column("color", sa.String(length=10), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("label_key", sa.String(length=100), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "color IN ('amber', 'green', 'blue', 'violet', 'red', 'grey')",
            name=op.f("ck_event_status_known_color"),
        ),
        sa.CheckConstraint("trim(label) <> ''", name=op.f("ck_event_status_label_not_blank")),
        sa.CheckConstraint("is_active OR NOT is_default", name=op.f("ck_event_status_default_is_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_status")),
        sa.UniqueConstraint("label_en", name=op.f("uq_event_status_label_en")),
        sa.UniqueConstraint("label_key", name=op.f("uq_event_status_label_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_event_status_one_default",
        "event_status",
        ["is_default"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )
    return table


def _create_event() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200, collation=None if is_sqlite else "C"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("starts_time", sa.Time(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ends_time", sa.Time(), nullable=True),
        sa.Column("status_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("amount_excl_tax", sa.BigInteger() if is_sqlite else sa.Numeric(12, 2), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_event_name_not_blank")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_event_ends_after_it_starts")),
        sa.CheckConstraint(
            "ends_on > starts_on OR starts_time IS NULL OR ends_time IS NULL OR ends_time >= starts_time",
            name=op.f("ck_event_hours_in_order"),
        ),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_event_headcount_not_negative")),
        sa.CheckConstraint("amount_excl_tax >= 0", name=op.f("ck_event_amount_not_negative")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_event_client_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_event_contact_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_event_owner_id")),
        sa.ForeignKeyConstraint(["status_id"], ["event_status.id"], name=op.f("fk_event_status_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    for name, *columns in (
        ("client", "client_id", "created_at", "id"),
        ("contact", "contact_id", "starts_on", "id"),
        ("owner", "owner_id", "starts_on", "id"),
        ("status", "status_id", "starts_on", "id"),
        ("starts_on", "starts_on", "id", "ends_on"),
        ("created_at", "created_at", "id"),
        ("name", "name_key", "id"),
    ):
        op.create_index(f"ix_event_{name}", "event", columns)


def upgrade() -> None:
    statuses = _create_status()
    op.bulk_insert(
        statuses,
        [
            {
                "label": label,
                "label_key": key,
                "label_en": english,
                "color": color,
                "is_open": is_open,
                "position": position,
                "is_active": True,
                "is_default": position == 1,
                "version": 1,
            }
            for position, (label, key, english, color, is_open) in enumerate(_STATUSES, 1)
        ],
    )
    _create_event()


def downgrade() -> None:
    op.drop_table("event")
    op.drop_table("event_status")
