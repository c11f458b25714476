"""What every test can ask for.

engine      "sqlite" and "postgresql": a test that uses it, or anything below, runs once on each
app         the whole product on a fresh, migrated database; no context is pushed
session     a database session inside an app context, for tests of models, queries and services
client      Flask's test client, for single requests
work        work("purge"): the worker does this job now, as it does when its time has come
as_role     as_role("support"): somebody with that role, logged in, in a browser of theirs (tests/web.py)
make_app    an app with settings of your own: make_app(PUBLIC_URL="https://…")
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import scoped_session

from backoffice import create_app
from backoffice.core.audit import SYSTEM, act_as
from backoffice.core.db import db, for_writing
from backoffice.ops import worker
from config import PREFIX, load_settings
from tests import postgres
from tests.databases import Databases, PostgresDatabases, SqliteDatabases, migrate_to_head
from tests.users.people import make_user, signed_in
from tests.web import Browser

ENGINES = ("sqlite", "postgresql")

#: For what is the same on both engines and need not be shown twice.
on_sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

MakeApp = Callable[..., Flask]
AsRole = Callable[[str], Browser]
Work = Callable[[str], None]


#: New objects until Python looks for circles among them. Each page that is drawn and read again makes tens of
#: thousands, and the usual 700 cost a tenth of all the time.
_OBJECTS = 50_000


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: it is not gone through again and again for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS, 10, 10)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing may be missing: a test that is skipped there fails."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
    return report


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    folder = postgres.binaries()
    if folder is None:
        pytest.skip("no PostgreSQL binaries on this machine (Debian: apt install postgresql)")
    with postgres.Postgres(folder) as server:
        yield server


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def databases(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    if engine == "postgresql":
        return PostgresDatabases(request.getfixturevalue("postgres_server"))
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def app_on_engine(databases: Databases, data_dir: Path) -> Flask:
    """The app that all tests on one engine share: only its database is renewed."""
    app = _app(databases, data_dir)
    migrate_to_head(app)
    databases.keep_as_template()
    return app


@pytest.fixture
def app(app_on_engine: Flask, databases: Databases) -> Iterator[Flask]:
    databases.renew()
    yield app_on_engine
    _disconnect(app_on_engine)


@pytest.fixture
def make_app(app: Flask, databases: Databases, data_dir: Path) -> Iterator[MakeApp]:
    """Apps with settings of their own, on the same fresh database as `app`."""
    made: list[Flask] = []

    def make(**settings: str) -> Flask:
        made.append(_app(databases, data_dir, **settings))
        return made[-1]

    yield make
    for each in made:
        _disconnect(each)


@pytest.fixture
def client(app: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    if "session" in request.fixturenames:
        # The requests would share the pushed context, and with it who is logged in.
        pytest.fail("a test asks for `client` or for `session`, never for both")
    return app.test_client()


@pytest.fixture
def work(app: Flask) -> Work:
    """What fails in the job fails the test: the worker itself would log it and go on."""
    return partial(worker.do, app, is_tried_again=False)


@pytest.fixture
def as_role(app: Flask) -> AsRole:
    """One account for each role, made when it is first asked for."""
    made: set[str] = set()

    def log_in(role: str) -> Browser:
        email = f"{role}@exemple.fr"
        if role not in made:
            made.add(role)
            make_user(app, email, role)
        return signed_in(app, email)

    return log_in


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Any]]:
    """Writes are allowed, and traced to the product itself unless the test says who acts."""
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        yield db.session


def _app(databases: Databases, data_dir: Path, **settings: str) -> Flask:
    environ: dict[str, Any] = {
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": databases.url.render_as_string(hide_password=False),
        **settings,
    }
    return create_app(load_settings({PREFIX + name: typed for name, typed in environ.items()}))


def _disconnect(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
