"""Two hundred clients send slowly, send nothing, or never read: other people are answered as always."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from tests.faults.figures import Figures
from tests.faults.processes import eventually
from tests.faults.site import Site
from tests.faults.visitor import Visitor

SLOW = 200
WITHIN = 2.0
#: Without the guard nobody is answered for so long.
NOT_WITHIN = 3.0
_HEAD = b"GET /static/css/card.css HTTP/1.1\r\nHost: 127.0.0.1\r\n"
#: What each does: half a head, nothing at all, or a whole request whose answer it never reads, twenty times over.
_HABITS = (_HEAD, b"", (_HEAD + b"\r\n") * 20, b"POST /login HTTP/1.1\r\n")


@contextmanager
def slow_clients(port: int) -> Iterator[list[socket.socket]]:
    """They are there for as long as the block."""
    with ExitStack() as lines:
        made = []
        for number in range(SLOW):
            line = lines.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            line.settimeout(10)
            line.connect(("127.0.0.1", port))
            line.sendall(_HABITS[number % len(_HABITS)])
            made.append(line)
        yield made


def _trickle(lines: list[socket.socket]) -> None:
    """One more letter each; who has been sent away by now is not held up."""
    for line in lines:
        try:
            line.send(b"x")
        except OSError:
            continue


def test_other_people_are_answered_within_a_second(on_sqlite: Site, figures: Figures) -> None:
    visitor = on_sqlite.visitor(on_sqlite.serve().port)
    visitor.get("/client/")
    with slow_clients(visitor.port) as lines:
        answers = []
        for _time in range(5):
            answers += [visitor.get(path) for path in ("/client/", "/", "/client/new/", "/health/live")]
            _trickle(lines)

    slowest = max(answer.seconds for answer in answers)
    figures.note(f"{SLOW} slow clients", "sqlite", "slowest of 20 pages meanwhile", slowest, "2")
    assert {answer.status for answer in answers} == {200}
    assert slowest < WITHIN


def _is_sent_away(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


def test_half_a_head_is_sent_away_after_its_time_and_a_whole_one_in_pieces_is_answered(
    on_sqlite: Site,
) -> None:
    visitor = on_sqlite.visitor(on_sqlite.serve().port)
    with socket.create_connection(("127.0.0.1", visitor.port), 20) as half:
        half.sendall(_HEAD)
        assert _is_sent_away(half)
    with socket.create_connection(("127.0.0.1", visitor.port), 20) as pieces:
        for letter in (_HEAD + b"\r\n").decode():
            pieces.sendall(letter.encode())
        assert pieces.recv(15) == b"HTTP/1.1 200 OK"
    with socket.create_connection(("127.0.0.1", visitor.port), 20) as leaving:
        leaving.sendall(_HEAD)
        leaving.shutdown(socket.SHUT_WR)
        assert _is_sent_away(leaving)


def test_control_with_the_threads_of_gunicorn_alone_nobody_else_is_answered_in_time(
    on_sqlite: Site, figures: Figures
) -> None:
    """The guard taken out."""
    visitor = on_sqlite.visitor(on_sqlite.serve(without="heads").port)
    visitor.get("/client/")
    with ThreadPoolExecutor(1) as beside:
        with slow_clients(visitor.port):
            waiting = beside.submit(_page, visitor)
            is_late = not _done_within(waiting.done, NOT_WITHIN)
        waiting.result()
    figures.note(
        f"{SLOW} slow clients", "sqlite", "control: no answer after", f"{NOT_WITHIN} s: {is_late}", "True"
    )
    assert is_late


def _page(visitor: Visitor) -> None:
    visitor.get("/client/")


def _done_within(is_so: object, seconds: float) -> bool:
    assert callable(is_so)
    try:
        eventually(is_so, seconds)
    except AssertionError:
        return False
    return True
