"""Give the search texts an index: trigrams on PostgreSQL, a full-text table kept by triggers on SQLite.

The full-text table holds no text of its own (`content=''`), only which words begin how, for up to eight letters.
What leaves it must be said with the words it had, which the triggers know. On SQLite a batch migration of
`search_text` loses them: it makes them anew.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLE = (
    "CREATE VIRTUAL TABLE client_words USING fts5(text, content='', columnsize=0, detail=none, "
    "tokenize='ascii', prefix='1 2 3 4 5 6 7 8')"
)
_FILL = "INSERT INTO client_words(rowid, text) SELECT record_id, text FROM search_text WHERE kind = 'client'"
_ADD = "INSERT INTO client_words(rowid, text) VALUES (NEW.record_id, NEW.text);"
_REMOVE = "INSERT INTO client_words(client_words, rowid, text) VALUES ('delete', OLD.record_id, OLD.text);"
_TRIGGERS = {
    "client_words_come": ("AFTER INSERT ON search_text WHEN NEW.kind = 'client'", _ADD),
    "client_words_go": ("AFTER DELETE ON search_text WHEN OLD.kind = 'client'", _REMOVE),
    "client_words_change": (
        "AFTER UPDATE OF text ON search_text WHEN NEW.kind = 'client' AND NEW.text <> OLD.text",
        f"{_REMOVE} {_ADD}",
    ),
}


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    if not _is_sqlite():
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.create_index(
            "ix_search_text_words",
            "search_text",
            ["text"],
            postgresql_using="gin",
            postgresql_ops={"text": "gin_trgm_ops"},
            postgresql_with={
                "fastupdate": "off"
            },  # what waits to be put in order is read through by every search
        )
        return
    op.execute(_TABLE)
    op.execute(_FILL)
    for name, (when, what) in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN {what} END")


def downgrade() -> None:
    if not _is_sqlite():
        op.drop_index("ix_search_text_words", table_name="search_text")
        return  # the extension may serve others
    for name in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    op.execute("DROP TABLE client_words")
