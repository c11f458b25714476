"""Lookup tables and the settings of the office, with the rows they are shipped with.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _create_civility() -> None:
    op.create_table(
        "civility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("label_key", sa.String(length=100), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(label) <> ''", name=op.f("ck_civility_label_not_blank")),
        sa.CheckConstraint("is_active OR NOT is_default", name=op.f("ck_civility_default_is_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_civility")),
        sa.UniqueConstraint("label_en", name=op.f("uq_civility_label_en")),
        sa.UniqueConstraint("label_key", name=op.f("uq_civility_label_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_civility_one_default",
        "civility",
        ["is_default"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )


def _create_company_type() -> None:
    op.create_table(
        "company_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("label_key", sa.String(length=100), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(label) <> ''", name=op.f("ck_company_type_label_not_blank")),
        sa.CheckConstraint("is_active OR NOT is_default", name=op.f("ck_company_type_default_is_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_type")),
        sa.UniqueConstraint("label_en", name=op.f("uq_company_type_label_en")),
        sa.UniqueConstraint("label_key", name=op.f("uq_company_type_label_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_company_type_one_default",
        "company_type",
        ["is_default"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )


def _create_language() -> None:
    op.create_table(
        "language",
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("label_key", sa.String(length=100), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(label) <> ''", name=op.f("ck_language_label_not_blank")),
        sa.CheckConstraint("is_active OR NOT is_default", name=op.f("ck_language_default_is_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_language")),
        sa.UniqueConstraint("label_en", name=op.f("uq_language_label_en")),
        sa.UniqueConstraint("label_key", name=op.f("uq_language_label_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_language_one_default",
        "language",
        ["is_default"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )


def _create_office_settings() -> None:
    op.create_table(
        "office_settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("default_country", sa.String(length=2), nullable=False),
        sa.Column("account_prefix", sa.String(length=10), nullable=False),
        sa.Column("company_name", sa.String(length=200), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("street2", sa.String(length=200), nullable=True),
        sa.Column("postal_code", sa.String(length=16), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("vat_number", sa.String(length=20), nullable=True),
        sa.Column("iban", sa.String(length=34), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_settings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_settings")),
    )


def _create_payment_term() -> None:
    op.create_table(
        "payment_term",
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("end_of_month", sa.String(length=6), nullable=False),
        sa.Column("day_of_month", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("label_key", sa.String(length=100), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "end_of_month IN ('none', 'after', 'before')", name=op.f("ck_payment_term_end_of_month")
        ),
        sa.CheckConstraint("trim(label) <> ''", name=op.f("ck_payment_term_label_not_blank")),
        sa.CheckConstraint("day_of_month BETWEEN 1 AND 31", name=op.f("ck_payment_term_day_of_month")),
        sa.CheckConstraint("days BETWEEN 0 AND 365", name=op.f("ck_payment_term_days_in_a_year")),
        sa.CheckConstraint("is_active OR NOT is_default", name=op.f("ck_payment_term_default_is_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_term")),
        sa.UniqueConstraint("label_en", name=op.f("uq_payment_term_label_en")),
        sa.UniqueConstraint("label_key", name=op.f("uq_payment_term_label_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_payment_term_one_default",
        "payment_term",
        ["is_default"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )


def _create_source() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("label_key", sa.String(length=100), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("trim(label) <> ''", name=op.f("ck_source_label_not_blank")),
        sa.CheckConstraint("is_active OR NOT is_default", name=op.f("ck_source_default_is_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("label_en", name=op.f("uq_source_label_en")),
        sa.UniqueConstraint("label_key", name=op.f("uq_source_label_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_source_one_default",
        "source",
        ["is_default"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )


#: Shipped rows, French and English; the default of a table is marked by a star.
_ROWS = {
    "company_type": [
        ("Client*", "Client"),
        ("Prospect", "Prospect"),
        ("Partenaire", "Partner"),
        ("Organisme public", "Public body"),
        ("Association", "Non-profit"),
    ],
    "source": [
        ("Site web", "Website"),
        ("Recommandation", "Referral"),
        ("Salon", "Trade fair"),
        ("Appel entrant", "Incoming call"),
        ("Prospection", "Outreach"),
        ("Réseaux sociaux", "Social networks"),
        ("Partenaire", "Partner"),
    ],
    "civility": [
        ("Madame", "Mrs"),
        ("Monsieur", "Mr"),
        ("Professeur", "Professor"),
        ("Maître", "Maître"),
        ("Docteur", "Doctor"),
    ],
}
_LANGUAGES = [
    ("Français*", "French", "fr"),
    ("Anglais", "English", "en"),
    ("Allemand", "German", "de"),
    ("Espagnol", "Spanish", "es"),
    ("Italien", "Italian", "it"),
    ("Néerlandais", "Dutch", "nl"),
    ("Portugais", "Portuguese", "pt"),
]
_PAYMENT_TERMS = [
    ("À réception", "On receipt", 0, "none", None),
    ("30 jours nets*", "Net 30 days", 30, "none", None),
    ("45 jours nets", "Net 45 days", 45, "none", None),
    ("60 jours nets", "Net 60 days", 60, "none", None),
    ("30 jours fin de mois", "30 days, end of month", 30, "after", None),
    ("30 jours fin de mois le 10", "30 days, end of month, on the 10th", 30, "after", 10),
    ("45 jours puis fin de mois", "45 days, then end of month", 45, "after", None),
    ("Fin de mois puis 45 jours", "End of month, then 45 days", 45, "before", None),
]


def _fold(label: str) -> str:
    """The key of a label as it is made today; a migration keeps its own copy."""
    plain = unicodedata.normalize("NFKD", label.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())


def _insert(table: str, rows: list[tuple[Any, ...]], more: tuple[str, ...] = ()) -> None:
    columns = ("label", "label_en", *more)
    made = []
    for position, row in enumerate(rows, 1):
        values = dict(zip(columns, row, strict=True))
        label = values["label"].rstrip("*")
        made.append(
            values
            | {
                "label": label,
                "label_key": _fold(label),
                "position": position,
                "is_active": True,
                "is_default": values["label"].endswith("*"),
                "version": 1,
            }
        )
    op.bulk_insert(sa.table(table, *(sa.column(name) for name in made[0])), made)


def _ship_rows() -> None:
    for table, rows in _ROWS.items():
        _insert(table, list(rows))
    _insert("language", list(_LANGUAGES), ("code",))
    _insert("payment_term", list(_PAYMENT_TERMS), ("days", "end_of_month", "day_of_month"))
    settings = {"id": 1, "default_country": "FR", "account_prefix": "411", "country": "FR", "version": 1}
    op.bulk_insert(sa.table("office_settings", *(sa.column(name) for name in settings)), [settings])


def upgrade() -> None:
    _create_civility()
    _create_company_type()
    _create_language()
    _create_office_settings()
    _create_payment_term()
    _create_source()
    _ship_rows()


def downgrade() -> None:
    op.drop_table("source")
    op.drop_table("payment_term")
    op.drop_table("office_settings")
    op.drop_table("language")
    op.drop_table("company_type")
    op.drop_table("civility")
