"""The measure of the main pages: a table, and nothing changed."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from backoffice.core.db import Base, db, for_writing
from backoffice.ops.bench import measure
from backoffice.ops.bench_pages import PAGES
from backoffice.ops.seed import fill


def rows(app: Flask) -> dict[str, Any]:
    with app.app_context():
        return {
            name: db.session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }


def test_the_bench_times_every_page_and_changes_nothing(app: Flask) -> None:
    with app.app_context():
        fill(db.engine, 200)
    before = rows(app)

    result = app.test_cli_runner().invoke(args=["bench", "--rounds", "1"])

    assert result.exit_code == 0, result.output
    assert [line.split("  ")[0] for line in result.stdout.splitlines()[1:]] == list(PAGES)
    assert rows(app) == before


def test_pages_keep_to_their_number_of_queries_whatever_there_is(app: Flask) -> None:
    with app.app_context():
        fill(db.engine, 200)
        timings = {timing.name: timing.queries for timing in measure(app, 3)}

    first_time = {"Fiche": 16, "Fiche, activité": 16}  # an opened card is remembered, in its own transaction
    kinds = {"Liste": 8, "Palette": 15}
    most = {name: first_time.get(name, kinds.get(re.split("[, ]", name)[0], 12)) for name in timings}
    assert {name: number for name, number in timings.items() if not 0 < number <= most[name]} == {}


def test_an_empty_database_is_one_sentence(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["bench"])

    assert result.exit_code == 1
    assert "flask seed" in result.stderr


def test_after_the_bench_the_database_can_be_written_again(app: Flask) -> None:
    with app.app_context():
        fill(db.engine, 20)
        app.test_cli_runner().invoke(args=["bench", "--rounds", "1"])
        with for_writing():
            assert fill(db.engine, 20).clients == 20


def test_each_page_is_a_request_with_a_session_of_its_own(app: Flask) -> None:
    with app.app_context():
        fill(db.engine, 20)
        measure(app, 1)

        assert not db.session.registry.has()
