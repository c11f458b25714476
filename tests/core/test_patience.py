"""A server that gives no sign of life is not waited for, one that does is; commands wait as long as it takes."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from backoffice.core import patience
from tests.postgres import Postgres

FOR_COMMANDS = "SELECT pg_sleep(1)"


@pytest.fixture
def silent() -> Iterator[tuple[str, int]]:
    """A server as the system leaves it that is frozen: connections are taken, and nobody answers."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen()
        yield made.getsockname()


@pytest.fixture
def hurried() -> Iterator[None]:
    token = patience.hurried.set(True)
    yield
    patience.hurried.reset(token)


def _params(server: Postgres, *before: tuple[str, int]) -> dict[str, Any]:
    """Where this server is, behind others in the list."""
    found = urlsplit(server.url("postgres"))
    hosts = [*before, ("127.0.0.1", found.port)]
    return {
        "host": ",".join(host for host, _ in hosts),
        "port": ",".join(str(port) for _, port in hosts),
        "user": found.username,
        "dbname": "postgres",
    }


def test_a_silent_server_is_found_out_within_a_second_and_then_at_once(silent: tuple[str, int]) -> None:
    began = time.monotonic()
    assert not patience.answers(*silent)
    first = time.monotonic() - began
    assert not patience.answers(*silent)

    assert first < 2 * patience.ANSWERS_WITHIN
    assert time.monotonic() - began - first < 0.1


def test_of_two_servers_the_silent_one_is_left_out(
    postgres_server: Postgres, silent: tuple[str, int]
) -> None:
    left = patience._those_that_answer(_params(postgres_server, silent))

    assert left == _params(postgres_server)


def test_none_that_answers_is_a_failure_of_the_database(silent: tuple[str, int]) -> None:
    with pytest.raises(psycopg.OperationalError, match="no server gives a sign of life"):
        patience._those_that_answer({"host": silent[0], "port": silent[1]})


def test_a_statement_is_given_up_once_its_server_falls_silent_and_not_before(
    postgres_server: Postgres, hurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with patience.PatientConnection.connect(**_params(postgres_server)) as connection:
        connection.execute(FOR_COMMANDS)  # slower than one asks: it is well
        monkeypatch.setattr(patience, "answers", lambda host, port: False)
        with pytest.raises(psycopg.OperationalError, match="no sign of life"):
            connection.execute("SELECT pg_sleep(20)")
        assert connection.closed


def test_a_command_waits_as_long_as_it_takes(
    postgres_server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "answers", lambda host, port: False)
    with patience.PatientConnection.connect(**_params(postgres_server)) as connection:
        assert connection.execute(FOR_COMMANDS).fetchone() is not None
