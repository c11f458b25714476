from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backoffice.ops.serve import address, options
from config import PREFIX, ROOT

START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def flask(*arguments: str, data_dir: Path, **environ: str) -> subprocess.Popen[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={**kept, f"{PREFIX}DATA_DIR": str(data_dir), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def served(data_dir: Path, port: int, **environ: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The product as `flask serve` runs it, from when it says that it is ready, and what it has said."""
    server = flask("serve", "--upgrade", "--workers", "2", data_dir=data_dir, PORT=str(port), **environ)
    said: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        assert server.stdout is not None
        for line in server.stdout:
            said.append(line)
            if line.startswith("Prêt"):
                ready.set()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        assert ready.wait(START_SECONDS), server.poll()
        yield server, said
    finally:
        server.terminate()
        server.wait(START_SECONDS)
        listener.join()
        if server.stdout and server.stderr:
            server.stdout.close()
            server.stderr.close()


def get(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_serve_brings_the_database_up_to_date_says_where_it_is_answers_and_ends_in_order(
    tmp_path: Path,
) -> None:
    port = free_port()

    with served(tmp_path, port) as (server, said):
        answers = [get(port, "/health/ready") for _ in range(5)]
        server.send_signal(signal.SIGTERM)
        assert server.wait(START_SECONDS) == 0
        assert server.stderr is not None
        complaints = [line for line in server.stderr if '"level": "info"' not in line]

    assert [answer.status for answer in answers] == [200] * 5
    assert f"http://127.0.0.1:{port}" in said[-1]
    assert complaints == []


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, list[str]]]:
    """The port of a server that several tests ask, and what it has said."""
    port = free_port()
    with served(tmp_path_factory.mktemp("served"), port) as (_, said):
        yield port, said


def test_the_answer_names_neither_the_server_program_nor_its_version(running: tuple[int, list[str]]) -> None:
    port, _ = running

    assert get(port, "/health/live").headers["Server"] == "backoffice"


def test_a_forwarded_scheme_from_nobody_trusted_changes_nothing(running: tuple[int, list[str]]) -> None:
    port, _ = running
    answer = get(port, "/", **{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"})

    assert answer.status == 302
    assert "evil" not in answer.headers["Location"]
    assert not answer.headers["Location"].startswith("https:")


def test_the_first_start_shows_a_link_for_the_first_administrator(running: tuple[int, list[str]]) -> None:
    port, said = running
    link = said[-2].strip()

    assert link.startswith(f"http://127.0.0.1:{port}/setup?token=")
    assert get(port, link.partition(str(port))[2]).status == 200
    assert get(port, "/setup?token=guessed").status == 403


def test_a_taken_port_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = flask("serve", "--port", str(port), data_dir=tmp_path)
        said, complaint = server.communicate(timeout=START_SECONDS)

    assert server.returncode == 1
    assert said == ""
    assert (
        complaint
        == f"Error: Le port {port} est déjà pris ; choisissez-en un autre, par exemple PORT={port + 1}.\n"
    )


def test_no_forwarded_header_is_read_by_the_server_itself() -> None:
    told = options("127.0.0.1", 5000, 2, "info")

    assert told["forwarded_allow_ips"] == ""
    assert told["secure_scheme_headers"] == {}


def test_a_database_that_was_not_brought_up_to_date_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    server = flask("serve", "--port", str(free_port()), data_dir=tmp_path)
    said, complaint = server.communicate(timeout=START_SECONDS)

    assert (server.returncode, said) == (1, "")
    assert complaint == "Error: La base de données n’est pas à jour ; lancez « flask db upgrade ».\n"


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:80"), ("0.0.0.0", "http://localhost:80"), ("::1", "http://[::1]:80")],  # noqa: S104
)
def test_the_address_shown_is_one_that_a_browser_here_can_open(host: str, shown: str) -> None:
    assert address(host, 80) == shown


@pytest.mark.parametrize(("host", "bind"), [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80")])
def test_either_kind_of_address_can_be_listened_on(host: str, bind: str) -> None:
    assert options(host, 80, 1, "info")["bind"] == bind
