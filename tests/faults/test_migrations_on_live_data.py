"""Migrations go down and up again on the data of a demonstration, and leave it equal, row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, select, text
from sqlalchemy.exc import DBAPIError

from backoffice.core.db import db
from tests.faults.figures import Figures
from tests.faults.site import Site

Rows = dict[str, list[dict[str, Any]]]

#: What a step has brought into a table that was there before goes when it is undone: there is no place for it below.
GOES: dict[str, Callable[[dict[str, Any]], bool]] = {"0012": lambda row: row.get("kind") == "email"}

pytestmark = pytest.mark.filterwarnings("ignore:Cannot correctly sort tables:sqlalchemy.exc.SAWarning")


def _live(site: Site) -> Rows:
    """The demonstration's data; all that the database holds then, by table."""
    done = site.app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 0, done.output
    return _rows(site)


def _move(site: Site, how: Callable[..., None], revision: str = "head") -> None:
    """One or several steps, as `flask db upgrade` and `flask db downgrade` do them."""
    with site.app.app_context():
        how(revision=revision)
    site.let_go()


def _rows(site: Site) -> Rows:
    """All that the database holds, by table; an index of texts that looks like tables is none."""
    there = MetaData()
    with site.app.app_context(), db.engine.connect() as connection:
        there.reflect(connection)
        found = {
            table.name: connection.execute(select(table)).mappings().all()
            for table in there.sorted_tables
            if table.name != "alembic_version" and not table.name.startswith("client_words")
        }
    site.let_go()
    return {name: sorted((dict(row) for row in rows), key=str) for name, rows in found.items()}


def _revisions(site: Site) -> list[tuple[str, str]]:
    """From the newest on: each, and the one below it."""
    found = ScriptDirectory(site.app.extensions["migrate"].directory).walk_revisions()
    return [(script.revision, str(script.down_revision or "base")) for script in found]


def _differing(before: Rows, after: Rows) -> list[str]:
    """The tables of both that differ in what both know."""
    found = []
    for name in before.keys() & after.keys():
        shared = (
            set.intersection(*(set(row) for row in (*before[name], *after[name]))) if before[name] else set()
        )
        if _narrowed(before[name], shared) != _narrowed(after[name], shared):
            found.append(name)
    return found


def _stays(row: dict[str, Any]) -> bool:
    return False


def _narrowed(rows: list[dict[str, Any]], columns: set[str]) -> list[str]:
    return sorted(str({column: row[column] for column in sorted(columns)}) for row in rows)


def _is_final(site: Site) -> bool:
    """Does the database refuse to change and to remove facts?"""
    refusals = [
        _refusal(site, statement) for statement in ("UPDATE fact SET field = 'x'", "DELETE FROM fact")
    ]
    return all("final" in refusal for refusal in refusals)


def _refusal(site: Site, statement: str) -> str:
    with site.app.app_context(), db.engine.connect() as connection:
        try:
            connection.execute(text(statement))
        except DBAPIError as error:
            return str(error)
        finally:
            connection.rollback()
    return ""


def test_each_step_down_and_up_leaves_what_both_sides_know_equal(site: Site, figures: Figures) -> None:
    """The newest step is undone and done again on all that the demonstration holds; then each below it in turn.

    What a step adds is gone once it is undone, by design; all else is compared, table by table.
    """
    whole, revisions = _live(site), _revisions(site)
    assert _is_final(site)
    differing: list[str] = []
    before = whole
    for revision, below in revisions[:-1]:
        goes = GOES.get(revision, _stays)
        before = {name: [row for row in rows if not goes(row)] for name, rows in before.items()}
        _move(site, downgrade, below)
        after = _rows(site)
        differing += [f"down to {below}: {name}" for name in _differing(before, after)]
        before = after
    _move(site, upgrade)
    again = _rows(site)
    differing += [f"up again: {name}" for name in _differing(before, again)]

    rows = sum(map(len, whole.values()))
    fault = f"{len(revisions)} migrations down and up"
    figures.note(fault, site.engine, "rows and tables", f"{rows} in {len(whole)}")
    figures.note(fault, site.engine, "tables that differ", len(differing), "0")
    assert differing == []
    assert again.keys() == whole.keys()
    assert _is_final(site)


def test_the_newest_step_down_and_up_keeps_every_client_and_every_fact(site: Site) -> None:
    whole = _live(site)
    (newest, below), *_ = _revisions(site)
    _move(site, downgrade, below)
    _move(site, upgrade, newest)
    again = _rows(site)

    for table in ("client", "contact", "address", "fact", "search_text", "user"):
        assert _differing({table: whole[table]}, {table: again[table]}) == [], table
    assert _is_final(site)
