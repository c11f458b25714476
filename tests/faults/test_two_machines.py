"""Two machines serve one PostgreSQL, each with a data folder of its own: who is in, limits and work are shared."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from tests.emails.letters import full
from tests.faults.cluster import Server
from tests.faults.conftest import prepared
from tests.faults.figures import Figures
from tests.faults.letters import make_reader, states, write
from tests.faults.load import Told, halves, load, lost
from tests.faults.post import post
from tests.faults.processes import environment, eventually
from tests.faults.site import SOMEBODY, Site, free_port
from tests.faults.test_full_disk import drop
from tests.faults.visitor import Visitor
from tests.users.people import OTHER_PASSWORD, PASSWORD

SECRET = "une-cle-partagee-par-les-deux-machines-0123456789"
MAILS = 20


@pytest.fixture
def bells(home: Path) -> Iterator[str]:
    """A Redis of the test's own; its address."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine (Debian: apt install redis-server)")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(
        [program, *options, "--dir", str(home)], env=environment(), stdout=subprocess.DEVNULL
    )
    with redis.Redis(port=port) as asked:
        eventually(lambda: _is_there(asked), 20, "Redis")
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(20)


def _is_there(asked: redis.Redis) -> bool:
    try:
        return bool(asked.ping())
    except redis.ConnectionError:
        return False


@contextmanager
def machines(home: Path, url: str, **settings: str) -> Iterator[tuple[Site, Site]]:
    """Two set-ups, as two machines have them: one database, one key, a folder each."""
    with prepared(home, url, SECRET_KEY=SECRET, **settings) as first:
        second = Site(home, url, SECRET_KEY=SECRET, data_dir=str(home / "other"), **settings)
        try:
            yield first, second
        finally:
            second.close()


def _is_in(visitor: Visitor, port: int) -> bool:
    visitor.port = port
    return visitor.get("/account/").status == 200


def test_who_logs_in_on_one_is_in_on_the_other_and_out_of_both_at_once(home: Path, postgres: Server) -> None:
    with machines(home, postgres.url()) as (first, second):
        one, other = first.serve().port, second.serve().port
        visitor = Visitor(one)
        assert visitor.log_in(SOMEBODY, PASSWORD).status == 302
        assert (_is_in(visitor, one), _is_in(visitor, other)) == (True, True)
        copied = Visitor(one)
        copied.cookies = dict(visitor.cookies)

        visitor.port = other
        assert visitor.submit(visitor.get("/"), "form[action='/logout']", "/logout").status == 302
        assert (_is_in(copied, one), _is_in(copied, other)) == (False, False)


def test_wrong_tries_on_both_count_together(home: Path, postgres: Server, figures: Figures) -> None:
    with machines(home, postgres.url()) as (first, second):
        ports = [first.serve().port, second.serve().port]
        tries = [Visitor(ports[number % 2]).log_in(SOMEBODY, OTHER_PASSWORD).status for number in range(5)]
        refused = [Visitor(port).log_in(SOMEBODY, PASSWORD) for port in ports]

    figures.note("two machines", "postgresql", "wrong tries before 429 on both", len(tries), "5")
    assert tries == [200] * 5
    assert [(answer.status, int(answer.headers["Retry-After"]) > 0) for answer in refused] == [
        (429, True)
    ] * 2


@pytest.mark.parametrize("has_redis", [True, False], ids=["redis", "alone"])
def test_each_mail_is_sent_once_with_two_workers(
    home: Path, postgres: Server, request: pytest.FixtureRequest, figures: Figures, has_redis: bool
) -> None:
    """With bells in Redis, and where each worker hears those of its own machine only."""
    bells = request.getfixturevalue("bells") if has_redis else ""
    with (
        post(0.05) as mails,
        machines(home, postgres.url(), MAIL_URL=mails.url, REDIS_URL=bells) as (first, second),
    ):
        servers = [first.serve(), second.serve()]
        visitors = [first.visitor(server.port) for server in servers]
        make_reader(visitors[0])
        began = time.monotonic()
        for number in range(MAILS):
            write(visitors[number % 2], f"Objet {number}")
        eventually(lambda: states(first) == {"sent": MAILS}, 80, "the last mail")
        seconds = time.monotonic() - began
        twice = [subject for subject, times in mails.arrived.items() if times > 1]

    fault = f"two workers, {'bells in Redis' if has_redis else 'no Redis'}"
    figures.note(fault, "postgresql", "mails written and arrived", len(mails.arrived), MAILS)
    figures.note(fault, "postgresql", "arrived twice", len(twice), "0")
    figures.note(fault, "postgresql", "seconds for all", seconds)
    assert dict(mails.arrived) == {f"Objet {number}": 1 for number in range(MAILS)}


def test_either_may_be_killed_under_load_and_the_other_goes_on(
    home: Path, postgres: Server, figures: Figures
) -> None:
    with machines(home, postgres.url()) as (first, second):
        servers = [first.serve(), second.serve()]
        waits = []
        with load(first, *(server.port for server in servers)) as told:
            for server in servers:
                _at_work(told)
                server.kill()
                waits.append(_at_work(told))
                server.start()
            _at_work(told)
        missing, broken = lost(first, told), halves(first)

    fault = "two machines, each killed in turn"
    figures.note(fault, "postgresql", "clients acknowledged", len(told.acknowledged))
    figures.note(fault, "postgresql", "acknowledged and lost", len(missing), "0")
    figures.note(fault, "postgresql", "seconds from the kill to the next client", max(waits), "5")
    assert missing == []
    assert broken == []
    assert max(waits) < 5
    assert told.refused["500"] == 0


def _at_work(told: Told) -> float:
    """Seconds until three more clients are acknowledged."""
    began = time.monotonic()
    eventually(lambda: len(told.since(began)) >= 3, 30, "the work of the other machine")
    return told.since(began)[0] - began


def test_the_file_of_a_message_that_another_machine_keeps_is_missed_in_words(
    home: Path, postgres: Server
) -> None:
    """Its text is in the database and stays to be read; only what the file holds is not there."""
    with machines(home, postgres.url()) as (first, second):
        here, there = (first.visitor(site.serve().port) for site in (first, second))
        make_reader(here)
        assert drop(here, full().as_bytes()).status == 302
        pages = [visitor.get("/email/message/?id=1") for visitor in (here, there)]
        files = [visitor.get("/email/raw/?id=1").status for visitor in (here, there)]
        shutil.rmtree(second.data / "mails")
        (second.data / "mails").symlink_to(first.data / "mails")  # as a folder of the network is mounted
        shared = there.get("/email/raw/?id=1").status

    assert [page.status for page in pages] == [200, 200]
    assert all("En texte" in page.text for page in pages)
    assert ["n’est plus dans le dossier" in page.text for page in pages] == [False, True]
    assert files == [200, 404]
    assert shared == 200
