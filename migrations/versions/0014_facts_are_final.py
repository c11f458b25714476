"""Facts are final: the database itself refuses to change or remove what the history holds.

Whoever gets at the tables with the product's own account is refused as well. On SQLite a rebuilt table (a batch
migration) loses its triggers: a later migration of `fact` makes them anew.

The journal reads all facts from the newest one, narrowed by person, kind of record or way in: each has its index.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_fact_at_id", ["at", "id"]),
    ("ix_fact_actor_id_at_id", ["actor_id", "at", "id"]),
    ("ix_fact_entity_at_id", ["entity", "at", "id"]),
    ("ix_fact_via_at_id", ["via", "at", "id"]),
)
_REFUSED = "the facts of the history are final"
#: REPLACE removes the row that is in its way without asking the trigger of DELETE.
_SQLITE = {
    "fact_is_not_changed": "BEFORE UPDATE ON fact",
    "fact_is_not_removed": "BEFORE DELETE ON fact",
    "fact_is_not_replaced": "BEFORE INSERT ON fact WHEN EXISTS (SELECT 1 FROM fact WHERE id = NEW.id)",
}


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    for name, columns in _INDEXES:
        op.create_index(name, "fact", columns)
    if _is_sqlite():
        for name, when in _SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END")
        return
    op.execute(
        "CREATE FUNCTION refuse_change_of_fact() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER fact_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON fact "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_fact()"
    )


def downgrade() -> None:
    if _is_sqlite():
        for name in _SQLITE:
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP TRIGGER fact_is_final ON fact")
        op.execute("DROP FUNCTION refuse_change_of_fact()")
    for name, _columns in _INDEXES:
        op.drop_index(name, table_name="fact")
