"""PostgreSQL is stopped, killed or frozen: a page says so within three seconds, and all works again by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.cluster import Server
from tests.faults.conftest import prepared
from tests.faults.figures import Figures
from tests.faults.processes import eventually
from tests.faults.site import Site
from tests.faults.test_locked_sqlite import AGAIN, TYPED, kept
from tests.faults.visitor import Answer, Visitor

#: What happens to the server, and how it comes back.
FAULTS: dict[str, tuple[Callable[[Server], None], Callable[[Server], None]]] = {
    "stopped": (Server.stop, Server.start),
    "killed": (Server.kill, Server.start),
    "frozen": (Server.freeze, Server.thaw),
}
WITHIN = 3.0
#: Somebody else's page each time: twice as many as there are threads to answer.
CROWD = 16


def _back_after(visitor: Visitor) -> float:
    """Seconds until ten pages in a row are there: each of the two processes has answered some of them."""
    began = time.monotonic()
    eventually(lambda: all(visitor.get("/client/").status == 200 for _ in range(10)), 20, "the database")
    return time.monotonic() - began


def _crowd(visitor: Visitor) -> list[Answer]:
    """Many pages asked for at once."""
    with ThreadPoolExecutor(CROWD) as people:
        return list(people.map(visitor.get, ["/client/"] * CROWD))


@pytest.mark.parametrize("fault", FAULTS)
def test_pages_and_forms_answer_503_in_time_and_the_server_needs_no_restart(
    on_postgres: Site, postgres: Server, figures: Figures, fault: str
) -> None:
    served = on_postgres.serve()
    visitor = on_postgres.visitor(served.port)
    page = visitor.get("/client/new/")
    begin, end = FAULTS[fault]

    begin(postgres)
    refused = visitor.submit(page, "#record", "/client/new/", **TYPED)
    time.sleep(1.1)  # what was found out by that has been forgotten
    answers = _crowd(visitor)
    live, ready = visitor.get("/health/live"), visitor.get("/health/ready")
    end(postgres)
    back = _back_after(visitor)

    slowest = max(answer.seconds for answer in answers)
    figures.note(f"PostgreSQL {fault}", "postgresql", "seconds to 503 of a form", refused.seconds, "3")
    figures.note(f"PostgreSQL {fault}", "postgresql", f"slowest 503 of {CROWD} pages at once", slowest, "3")
    figures.note(f"PostgreSQL {fault}", "postgresql", "seconds until all is back", back)
    assert {(answer.status, answer.headers["Retry-After"]) for answer in [refused, *answers]} == {(503, "5")}
    assert max(refused.seconds, slowest, ready.seconds) < WITHIN
    assert (live.status, ready.status) == (200, 503)
    assert kept(refused) == TYPED
    assert served.process.poll() is None
    assert visitor.submit(refused, AGAIN, "/client/new/").status == 302
    assert on_postgres.rows("SELECT name, city FROM client") == [("Atelier Lefèvre", "Lyon")]


def test_a_statement_that_takes_long_is_not_taken_for_silence(
    on_postgres: Site, postgres: Server, figures: Figures
) -> None:
    """Somebody holds the row for longer than a silent server is waited for; the form is then saved all the same."""
    visitor = on_postgres.visitor(on_postgres.serve().port)
    visitor.submit(visitor.get("/client/new/"), "#record", "/client/new/", **TYPED)
    page = visitor.get("/client/edit/?id=1")
    with postgres.connect() as holder, ThreadPoolExecutor(1) as beside:
        with holder.transaction():
            holder.execute("SELECT 1 FROM client FOR UPDATE")
            saving = beside.submit(visitor.submit, page, "#record", "/client/edit/?id=1", city="Nice")
            time.sleep(3)
        answer = saving.result()

    figures.note("row held for 3 s", "postgresql", "seconds to the answer, which is no 503", answer.seconds)
    assert answer.status == 302
    assert answer.seconds > 2
    assert on_postgres.rows("SELECT city FROM client") == [("Nice",)]


def test_control_without_the_look_at_the_server_a_frozen_one_is_waited_for(
    home: Path, postgres: Server, figures: Figures
) -> None:
    """The guard taken out: the page is not there when the time is over."""
    with prepared(home, postgres.url()) as site:
        visitor = site.visitor(site.serve(without="patience").port)
        _crowd(
            visitor
        )  # each process has connections now: a new one is given up in time by the driver itself
        postgres.freeze()
        with ThreadPoolExecutor(CROWD) as people:
            waiting = [people.submit(visitor.get, "/client/") for _ in range(CROWD)]
            time.sleep(2 * WITHIN)
            late = sum(not answer.done() for answer in waiting)
            postgres.thaw()
        what = f"control without the deadline: of {CROWD} pages not there after {2 * WITHIN:.0f} s"
        figures.note("PostgreSQL frozen", "postgresql", what, late, "> 0")
        assert late
