"""What a test of faults can ask for. Everything is real: gunicorn, sockets, files, PostgreSQL; only this machine is used.

figures     where a test notes what it has measured
home        a folder of its own, gone afterwards
postgres    a server of PostgreSQL, which the test may stop, kill and freeze
site        a set-up of the product on each engine in turn; its `serve` runs `flask serve`
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import cluster
from tests.faults.figures import Figures
from tests.faults.processes import eventually, left_over, mounts
from tests.faults.site import Site, folder_of_its_own

_FIGURES = Figures()


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    """Set up first, and so asked last: no process and no mount of this run is there any more."""
    yield
    eventually(lambda: not left_over(), 15, f"the end of {left_over()}")
    assert mounts() == []


@pytest.fixture
def figures() -> Figures:
    return _FIGURES


@pytest.fixture
def home() -> Iterator[Path]:
    with folder_of_its_own() as made:
        yield made


@pytest.fixture
def postgres(home: Path) -> Iterator[cluster.Server]:
    with cluster.server(home) as made:
        yield made


@pytest.fixture(params=("sqlite", "postgresql"))
def site(request: pytest.FixtureRequest, home: Path) -> Iterator[Site]:
    url = request.getfixturevalue("postgres").url() if request.param == "postgresql" else ""
    with prepared(home, url) as made:
        yield made


@pytest.fixture
def on_sqlite(home: Path) -> Iterator[Site]:
    with prepared(home) as made:
        yield made


@pytest.fixture
def on_postgres(home: Path, postgres: cluster.Server) -> Iterator[Site]:
    with prepared(home, postgres.url()) as made:
        yield made


@contextmanager
def prepared(home: Path, url: str = "", **settings: str) -> Iterator[Site]:
    """A set-up that is there for a test, and ended with it."""
    made = Site(home, url, **settings)
    try:
        yield made.prepare()
    finally:
        made.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _FIGURES.lines:
        terminalreporter.section("faults")
        terminalreporter.write_line("\n".join(_FIGURES.table()))
        _FIGURES.keep()
