"""What happens with a client: notes, calls and tasks, and whom they mention.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_IN_FEED = "removed_at IS NULL AND pinned_at IS NULL"
_OPEN = "due_on IS NOT NULL AND done_at IS NULL AND removed_at IS NULL"
_DONE = "done_at IS NOT NULL AND removed_at IS NULL"
#: (name, columns, condition) of the indexes: a feed, or what is to do, is read from one without sorting.
_INDEXES = (
    ("ix_entry_client", ["client_id", "at", "id"], _IN_FEED),
    ("ix_entry_client_kind", ["client_id", "kind", "at", "id"], _IN_FEED),
    ("ix_entry_client_author", ["client_id", "author_id", "at", "id"], _IN_FEED),
    ("ix_entry_contact", ["contact_id", "at", "id"], _IN_FEED),
    ("ix_entry_event", ["event_id", "at", "id"], _IN_FEED),
    ("ix_entry_pinned", ["client_id", "pinned_at"], "removed_at IS NULL AND pinned_at IS NOT NULL"),
    ("ix_entry_removed", ["client_id", "removed_at"], "removed_at IS NOT NULL"),
    ("ix_entry_open_of_client", ["client_id", "due_on", "id"], _OPEN),
    ("ix_entry_open_of_owner", ["owner_id", "due_on", "id"], _OPEN),
    ("ix_entry_open", ["due_on", "id"], _OPEN),
    ("ix_entry_done_of_owner", ["owner_id", "done_at", "id"], _DONE),
    ("ix_entry_done", ["done_at", "id"], _DONE),
    ("ix_entry_client_id", ["client_id"], None),
    ("ix_entry_contact_id", ["contact_id"], None),
    ("ix_entry_event_id", ["event_id"], None),
)


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_time", sa.Time(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.String(length=8), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('note', 'call', 'task')", name=op.f("ck_entry_known_kind")),
        sa.CheckConstraint(
            "kind = 'task' OR body IS NOT NULL AND trim(body) <> ''", name=op.f("ck_entry_says_something")
        ),
        sa.CheckConstraint(
            "kind <> 'task' OR title IS NOT NULL AND trim(title) <> '' AND due_on IS NOT NULL "
            "AND owner_id IS NOT NULL AND priority IN ('high', 'normal', 'low')",
            name=op.f("ck_entry_task_is_whole"),
        ),
        sa.CheckConstraint(
            "kind = 'task' OR due_on IS NULL AND done_at IS NULL", name=op.f("ck_entry_only_tasks_are_due")
        ),
        sa.CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_entry_done_by_somebody")
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)", name=op.f("ck_entry_removed_by_somebody")
        ),
        _foreign("entry", "client_id", "client.id"),
        _foreign("entry", "contact_id", "contact.id"),
        _foreign("entry", "event_id", "event.id"),
        _foreign("entry", "author_id", "user.id"),
        _foreign("entry", "removed_by_id", "user.id"),
        _foreign("entry", "owner_id", "user.id"),
        _foreign("entry", "done_by_id", "user.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sqlite_autoincrement=True,
    )
    for name, columns, where in _INDEXES:
        condition = sa.text(where) if where else None
        op.create_index(name, "entry", columns, sqlite_where=condition, postgresql_where=condition)
    op.create_table(
        "mention",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        _foreign("mention", "entry_id", "entry.id"),
        _foreign("mention", "user_id", "user.id"),
        sa.PrimaryKeyConstraint("entry_id", "user_id", name=op.f("pk_mention")),
    )
    op.create_index("ix_mention_user", "mention", ["user_id", "entry_id"])
    unread = sa.text("read_at IS NULL")
    op.create_index("ix_mention_unread", "mention", ["user_id"], sqlite_where=unread, postgresql_where=unread)


def downgrade() -> None:
    op.drop_table("mention")
    op.drop_table("entry")
