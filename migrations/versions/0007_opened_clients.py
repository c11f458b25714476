"""Opened clients, what a list of records to complete is found by, and the hosts of web sites.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _one_of(codes: str) -> str:
    return f"'{codes}' LIKE '%' || country || '%'"


_IN_SIRENE = _one_of("BL FR GF GP MF MQ PM RE YT")
_NO_SIREN = f"coalesce(siren, '') = '' AND {_IN_SIRENE}"
_HAS_VAT_NUMBERS = _one_of(
    "AT BE BG CY CZ DE DK EE ES FI FR GP GR HR HU IE IT LT LU LV MC MQ MT NL PL PT RE RO SE SI SK"
)
_NO_VAT_NUMBER = f"coalesce(vat_number, '') = '' AND {_HAS_VAT_NUMBERS}"
_HAS_POSTAL_CODES = _one_of(
    "AS AT AU AX BE BL BR CA CH CN CZ DE DK EE ES FI FK FM FR GB GF GG GL GP GR GS GU HU IM IN IO IT JE JP KR LI "
    "LT LU LV MF MH MP MQ MX MY NC NL NO NZ PF PL PM PN PR PT PW RE RO RU SE SG SH SJ SK SM TC TR TW UA US VI WF "
    "YT ZA"
)
_NO_ADDRESS = (
    "coalesce(street, '') = '' OR coalesce(city, '') = '' "
    f"OR coalesce(postal_code, '') = '' AND {_HAS_POSTAL_CODES}"
)
#: (name, columns, condition) of the indexes of what active clients lack.
_INDEXES = (
    (
        "ix_client_incomplete",
        ["is_active", "name_key", "id", "vat_number", "country"],
        f"{_NO_SIREN} OR {_NO_VAT_NUMBER} OR {_NO_ADDRESS}",
    ),
    ("ix_client_lacks_siren", ["is_active", "name_key", "id"], _NO_SIREN),
    ("ix_client_lacks_address", ["is_active", "name_key", "id"], _NO_ADDRESS),
)


_CHUNK = 5_000


def _host(website: str) -> str | None:
    try:
        return (urlsplit(website).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _keep_hosts() -> None:
    """The host of each web site, by which the form finds likely duplicates."""
    bind, last = op.get_bind(), 0
    client = sa.table("client", sa.column("id"), sa.column("website"), sa.column("website_key"))
    some = sa.select(client.c.id, client.c.website).where(client.c.website.is_not(None)).order_by(client.c.id)
    change = client.update().where(client.c.id == sa.bindparam("of")).values(website_key=sa.bindparam("host"))
    while rows := bind.execute(some.where(client.c.id > last).limit(_CHUNK)).all():
        bind.execute(change, [{"of": row.id, "host": _host(row.website)} for row in rows])
        last = rows[-1].id


def upgrade() -> None:
    op.add_column("client", sa.Column("website_key", sa.String(length=255), nullable=True))
    _keep_hosts()
    op.create_index(op.f("ix_client_website_key"), "client", ["website_key"])
    for name, columns, lacking in _INDEXES:
        op.create_index(
            name,
            "client",
            columns,
            sqlite_where=sa.text(f"is_active = 1 AND ({lacking})"),
            postgresql_where=sa.text(f"is_active AND ({lacking})"),
        )
    op.create_table(
        "client_visit",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_client_visit_client_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_client_visit_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "client_id", name=op.f("pk_client_visit")),
    )
    op.create_index(op.f("ix_client_visit_client_id"), "client_visit", ["client_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_client_website_key"), "client")
    op.drop_column("client", "website_key")
    op.drop_table("client_visit")
    for name, _columns, _lacking in reversed(_INDEXES):
        op.drop_index(name, "client")
