"""Clients, contacts and addresses.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.ext.compiler import compiles

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


class _NeverReused(sa.Integer):
    """An id that SQLite never gives a second time. SQLAlchemy's own option (`sqlite_autoincrement`) does nothing
    for a column that stands in a foreign key, as this one does with the client's pointers.
    """


@compiles(_NeverReused, "sqlite")
def _in_sqlite(_type: Any, _compiler: Any, **_options: Any) -> str:
    return "INTEGER PRIMARY KEY AUTOINCREMENT"


def _create_client() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "client",
        sa.Column("id", _NeverReused() if on_sqlite else sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=True),
        sa.Column("website", sa.String(length=255), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("language_id", sa.Integer(), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("street2", sa.String(length=200), nullable=True),
        sa.Column("postal_code", sa.String(length=16), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("city_key", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("shares_siret", sa.Boolean(), nullable=False),
        sa.Column("vat_number", sa.String(length=20), nullable=True),
        sa.Column("ape_code", sa.String(length=6), nullable=True),
        sa.Column("ape_nomenclature", sa.String(length=20), nullable=True),
        sa.Column("account_code", sa.String(length=20), nullable=True),
        sa.Column("vat_regime", sa.String(length=16), nullable=False),
        sa.Column("payment_term_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deactivated_by", sa.String(length=200), nullable=True),
        sa.Column("main_contact_id", sa.Integer(), nullable=False),
        sa.Column("billing_address_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_client_name_not_blank")),
        sa.CheckConstraint(
            "vat_regime IN ('taxable', 'export', 'intracommunity')", name=op.f("ck_client_vat_regime")
        ),
        sa.CheckConstraint(
            "website LIKE 'http://%' OR website LIKE 'https://%'", name=op.f("ck_client_website_http")
        ),
        sa.CheckConstraint("length(siren) = 9", name=op.f("ck_client_siren_length")),
        sa.CheckConstraint("length(siret) = 14", name=op.f("ck_client_siret_length")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_client_not_its_own_parent")),
        sa.CheckConstraint("substr(siret, 1, 9) = siren", name=op.f("ck_client_siret_of_siren")),
        sa.ForeignKeyConstraint(
            ["billing_address_id", "id"],
            ["address.id", "address.client_id"],
            name="fk_client_billing_address",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["language_id"], ["language.id"], name=op.f("fk_client_language_id")),
        sa.ForeignKeyConstraint(
            ["main_contact_id", "id"],
            ["contact.id", "contact.client_id"],
            name="fk_client_main_contact",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["client.id"], name=op.f("fk_client_parent_id")),
        sa.ForeignKeyConstraint(
            ["payment_term_id"], ["payment_term.id"], name=op.f("fk_client_payment_term_id")
        ),
        sa.ForeignKeyConstraint(["type_id"], ["company_type.id"], name=op.f("fk_client_type_id")),
        *(() if on_sqlite else (sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),)),
    )
    op.create_index("ix_client_account_code", "client", ["account_code"], unique=False)
    op.create_index("ix_client_active_name", "client", ["is_active", "name_key", "id"], unique=False)
    op.create_index("ix_client_city", "client", ["city_key", "name_key", "id"], unique=False)
    op.create_index("ix_client_created_at", "client", ["created_at"], unique=False)
    op.create_index(op.f("ix_client_language_id"), "client", ["language_id"], unique=False)
    op.create_index("ix_client_name", "client", ["name_key", "id"], unique=False)
    op.create_index(op.f("ix_client_parent_id"), "client", ["parent_id"], unique=False)
    op.create_index(op.f("ix_client_payment_term_id"), "client", ["payment_term_id"], unique=False)
    op.create_index("ix_client_siren", "client", ["siren"], unique=False)
    op.create_index("ix_client_siret", "client", ["siret", "id"], unique=False)
    op.create_index(op.f("ix_client_type_id"), "client", ["type_id"], unique=False)
    op.create_index(
        "uq_client_siret",
        "client",
        ["siret"],
        unique=True,
        sqlite_where=sa.text("siret IS NOT NULL AND NOT shares_siret"),
        postgresql_where=sa.text("siret IS NOT NULL AND NOT shares_siret"),
    )


def _create_address() -> None:
    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("street2", sa.String(length=200), nullable=True),
        sa.Column("postal_code", sa.String(length=16), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(label) <> ''", name=op.f("ck_address_label_not_blank")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_address_client_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("id", "client_id", name=op.f("uq_address_id_client_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_address_client_id"), "address", ["client_id"], unique=False)


def _create_contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("civility_id", sa.Integer(), nullable=True),
        sa.Column("first_name", sa.String(length=80), nullable=True),
        sa.Column("last_name", sa.String(length=80), nullable=True),
        sa.Column("name_key", sa.String(length=254), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("job_title", sa.String(length=120), nullable=True),
        sa.Column("direct_phone", sa.String(length=40), nullable=True),
        sa.Column("mobile_phone", sa.String(length=40), nullable=True),
        sa.Column("switchboard_phone", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("left_with_client", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(email) <> ''", name=op.f("ck_contact_email_not_blank")),
        sa.ForeignKeyConstraint(["civility_id"], ["civility.id"], name=op.f("fk_contact_civility_id")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_contact_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_contact_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("email_key", name=op.f("uq_contact_email_key")),
        sa.UniqueConstraint("id", "client_id", name=op.f("uq_contact_id_client_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_civility_id"), "contact", ["civility_id"], unique=False)
    op.create_index(op.f("ix_contact_client_id"), "contact", ["client_id"], unique=False)
    op.create_index("ix_contact_name", "contact", ["name_key", "id"], unique=False)
    op.create_index(op.f("ix_contact_source_id"), "contact", ["source_id"], unique=False)


def _point_at_rows() -> None:
    """PostgreSQL gets the two circular keys once all three tables stand (SQLite has them in its table)."""
    for pointer, table in (("main_contact", "contact"), ("billing_address", "address")):
        op.create_foreign_key(
            f"fk_client_{pointer}",
            "client",
            table,
            [f"{pointer}_id", "id"],
            ["id", "client_id"],
            deferrable=True,
            initially="DEFERRED",
        )


def upgrade() -> None:
    _create_client()
    _create_address()
    _create_contact()
    if op.get_bind().dialect.name == "postgresql":
        _point_at_rows()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_client_main_contact", "client")
        op.drop_constraint("fk_client_billing_address", "client")
    op.drop_table("contact")
    op.drop_table("address")
    op.drop_table("client")
