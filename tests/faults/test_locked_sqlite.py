"""Another process holds SQLite's lock: reading goes on, writing says so in time and keeps what was typed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.faults.figures import Figures
from tests.faults.load import load, lost
from tests.faults.processes import eventually
from tests.faults.site import Site
from tests.faults.visitor import Answer, Visitor

TYPED = {"name": "Atelier Lefèvre", "contacts-0-email": "luc@lefevre.example", "city": "Lyon"}
AGAIN = "form:has([name=idempotency_key])"


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """This process, which is not the one that serves, holds the lock for as long as the block."""
    holder = sqlite3.connect(site.data / "backoffice.db", isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        holder.close()


def kept(answer: Answer) -> dict[str, str]:
    """What the page of the refusal would send again."""
    fields = answer.form(AGAIN).fields({})
    return {name: fields[name] for name in TYPED}


def _while_locked(site: Site, visitor: Visitor) -> tuple[Answer, list[Answer]]:
    """One write, and reads beside it, while the lock is held."""
    page = visitor.get("/client/new/")
    with locked(site), ThreadPoolExecutor(1) as beside:
        writing = beside.submit(visitor.submit, page, "#record", "/client/new/", **TYPED)
        reads = [visitor.get(path) for path in ("/client/", "/", "/client/new/", "/event/") * 3]
        return writing.result(), reads


def test_reading_goes_on_writing_answers_503_and_keeps_what_was_typed_and_all_works_afterwards(
    on_sqlite: Site, figures: Figures
) -> None:
    visitor = on_sqlite.visitor(on_sqlite.serve().port)
    refused, reads = _while_locked(on_sqlite, visitor)
    slowest = max(answer.seconds for answer in reads)
    figures.note("database locked", "sqlite", "seconds to 503", refused.seconds, "6")
    figures.note("database locked", "sqlite", "slowest of 12 pages read meanwhile", slowest, "2")

    assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
    assert refused.seconds < 6
    assert {answer.status for answer in reads} == {200}
    assert slowest < 2
    assert kept(refused) == TYPED
    assert on_sqlite.rows("SELECT name FROM client") == []

    again = visitor.submit(refused, AGAIN, "/client/new/")
    assert again.status == 302
    visitor.submit(refused, AGAIN, "/client/new/")
    assert on_sqlite.rows("SELECT name, city FROM client") == [("Atelier Lefèvre", "Lyon")]


def test_control_without_the_log_of_writes_reading_waits_as_well(on_sqlite: Site, figures: Figures) -> None:
    """The guard taken out: SQLite as it comes."""
    visitor = on_sqlite.visitor(0)
    with sqlite3.connect(on_sqlite.data / "backoffice.db") as made:
        made.execute("PRAGMA journal_mode=DELETE")
    made.close()
    visitor.port = on_sqlite.serve(without="wal").port
    visitor.get("/client/")
    with locked(on_sqlite):
        answer = visitor.get("/client/")

    figures.note(
        "database locked",
        "sqlite",
        "control without WAL: a page read",
        f"{answer.status} {answer.seconds:.2f}",
    )
    assert answer.status == 503 or answer.seconds > 2


@pytest.mark.parametrize("without", ["", "waiting"], ids=["guard", "control"])
def test_eight_people_who_write_at_once_wait_for_one_another(
    on_sqlite: Site, figures: Figures, without: str
) -> None:
    """None is refused; with the time to wait taken out, some are."""
    served = on_sqlite.serve(without)
    with load(on_sqlite, served.port) as told:
        eventually(lambda: len(told.acknowledged) + told.refused["503"] >= 60, 50, "the load")

    what = "control without the time to wait: refused" if without else "eight people write at once: refused"
    figures.note("two writers", "sqlite", what, told.refused["503"], "> 0" if without else "0")
    assert lost(on_sqlite, told) == []
    assert bool(told.refused["503"]) == bool(without)
