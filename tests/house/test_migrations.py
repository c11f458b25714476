"""Migrations make what the models say, and go down and up again without hurting what people have typed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, MetaData, Table, UniqueConstraint, inspect, select
from sqlalchemy.orm import scoped_session

from backoffice.clients.models import Address, Client, Contact
from backoffice.core.db import Base, db
from backoffice.events.models import Event
from backoffice.users.models import User
from tests.databases import Databases

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def migrated(session: scoped_session[Any], databases: Databases) -> Iterator[Flask]:
    """The app in its context, with some rows of every kind; its tables may be taken away."""
    session.add(User(email="alice@exemple.fr", role="administrateur"))
    for name, email in (("Boulangerie Müller", "bob@exemple.fr"), ("Café <b>", "charlie@exemple.fr")):
        contact, elsewhere = Contact(email=email), Address(label="Dépôt", city="Lyon", country="FR")
        client = Client(name=name, country="FR", contacts=[contact], addresses=[elsewhere])
        client.main_contact, client.billing_address = contact, elsewhere
        session.add(client)
        session.flush()  # SQLAlchemy cannot point two clients at their contacts in one statement
        day = date(2026, 12, 12)
        planned = {
            "starts_on": day,
            "ends_on": day,
            "starts_time": time(9),
            "amount_excl_tax": Decimal("12.50"),
        }
        session.add(Event(client=client, contact=contact, status_id=1, name="Soirée", **planned))
    session.commit()
    session.remove()
    yield current_app._get_current_object()  # type: ignore[attr-defined]
    db.engine.dispose()
    databases.recreate()


def rows() -> Rows:
    """Everything that the database holds, by table; an index of texts that looks like tables is none."""
    there = MetaData()
    with db.engine.connect() as connection:
        there.reflect(connection)
        return {
            table.name: [dict(row._mapping) for row in connection.execute(_in_order(table))]
            for table in there.sorted_tables
            if table.name != "alembic_version" and not table.name.startswith("client_words")
        }


def _in_order(table: Table) -> Any:
    return select(table).order_by(*(table.primary_key.columns or table.columns))


def assert_kept(before: Rows, after: Rows) -> None:
    """What both know is equal: rows of tables that are in both, in the columns that are in both."""
    for name in before.keys() & after.keys():
        shared = (before[name][0].keys() & after[name][0].keys()) if before[name] and after[name] else set()
        assert [{column: row[column] for column in shared} for row in after[name]] == [
            {column: row[column] for column in shared} for row in before[name]
        ], name


def newest_first() -> list[Any]:
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    return list(scripts.walk_revisions())


@pytest.mark.filterwarnings(
    "ignore:Cannot correctly sort tables:sqlalchemy.exc.SAWarning"
)  # clients and contacts
def test_every_migration_goes_down_and_up_again_with_data(migrated: Flask) -> None:
    for script in newest_first():
        before = rows()
        downgrade(revision=script.down_revision or "base")
        lower = rows()
        assert_kept(before, lower)
        upgrade(revision=script.revision)
        assert_kept(lower, rows())
        downgrade(revision=script.down_revision or "base")

    assert rows() == {}


@pytest.mark.filterwarnings("ignore:Cannot correctly sort tables:sqlalchemy.exc.SAWarning")
def test_after_all_the_way_down_and_up_the_shipped_rows_are_there_again(
    app: Flask, databases: Databases
) -> None:
    with app.app_context():
        shipped = rows()
        downgrade(revision="base")
        upgrade()

        again = rows()
        command.check(current_app.extensions["migrate"].migrate.get_config())
        db.engine.dispose()
    databases.recreate()
    assert again == shipped
    assert shipped["civility"]


def test_the_migrations_make_the_tables_of_the_models(app: Flask) -> None:
    with app.app_context():
        command.check(current_app.extensions["migrate"].migrate.get_config())  # raises when they differ


def test_the_migrations_make_the_constraints_of_the_models(app: Flask) -> None:
    """Names of checks and keys, and which keys are deferred: the comparison above does not look at these."""
    with app.app_context():
        inspector = inspect(db.engine)
        for name, table in Base.metadata.tables.items():
            assert _checks(inspector, name) == {
                check.name for check in table.constraints if isinstance(check, CheckConstraint)
            }, name
            assert {
                key["name"]: key["options"].get("initially") for key in inspector.get_foreign_keys(name)
            } == {key.name: key.initially for key in table.foreign_key_constraints}, name
            assert {unique["name"] for unique in inspector.get_unique_constraints(name)} == {
                unique.name for unique in table.constraints if isinstance(unique, UniqueConstraint)
            }, name


def _checks(inspector: Any, table: str) -> set[str | None]:
    return {check["name"] for check in inspector.get_check_constraints(table)}
