"""The server of the database dies under load and its synchronous standby takes over: no acknowledged client is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.cluster import STANDBY, Server, pair, set_synchronous
from tests.faults.conftest import prepared
from tests.faults.figures import Figures
from tests.faults.load import Told, halves, load, lost
from tests.faults.processes import eventually
from tests.faults.site import Site

#: What is done by then is a fair sample.
ENOUGH = 40


@contextmanager
def two_servers(home: Path) -> Iterator[tuple[Site, Server, Server]]:
    """A set-up whose address names both servers."""
    with pair(home) as (primary, standby), prepared(home, primary.url(standby)) as site:
        yield site, primary, standby


def _fail_over(primary: Server, standby: Server, told: Told) -> tuple[float, float]:
    """Kill one server and promote the other; seconds until that and until the first client acknowledged after it."""
    eventually(lambda: len(told.acknowledged) >= ENOUGH, 60, "the load")
    killed = time.monotonic()
    primary.kill()
    standby.promote()
    promoted = time.monotonic() - killed
    first = eventually(lambda: told.since(killed + promoted), 30, "a client after the failover")[0]
    time.sleep(1)
    return promoted, first - killed


def test_no_acknowledged_client_is_lost_and_work_goes_on_without_a_restart(
    home: Path, figures: Figures
) -> None:
    with two_servers(home) as (site, primary, standby):
        served = site.serve()
        with load(site, served.port) as told:
            promoted, first = _fail_over(primary, standby, told)
        missing, broken = lost(site, told), halves(site)

    fault = "failover to the synchronous standby"
    figures.note(fault, "postgresql", "clients acknowledged", len(told.acknowledged))
    figures.note(fault, "postgresql", "acknowledged and lost", len(missing), "0")
    figures.note(fault, "postgresql", "clients by halves", len(broken), "0")
    figures.note(fault, "postgresql", "seconds from the kill until the standby is promoted", promoted)
    figures.note(fault, "postgresql", "seconds from the kill to the first client acknowledged", first, "10")
    figures.note(fault, "postgresql", "slowest answer of all", told.slowest, "7")
    assert missing == []
    assert broken == []
    assert told.refused["500"] == 0, served.complaints()[-6000:]
    assert first < 10
    assert told.slowest < 7


def _stop_following(primary: Server, standby: Server) -> None:
    """The standby no longer gets what is written."""
    standby.execute("ALTER SYSTEM SET primary_conninfo = ''", "postgres")
    standby.execute("SELECT pg_reload_conf()", "postgres")
    question = "SELECT count(*) FROM pg_stat_replication"
    eventually(lambda: primary.execute(question, "postgres") == [(0,)], 20, "the end of the replication")


def test_control_when_nobody_waits_for_the_standby_clients_are_lost(home: Path, figures: Figures) -> None:
    """The guard taken out: the same failover loses what was acknowledged, and the look at it finds that."""
    with two_servers(home) as (site, primary, standby):
        set_synchronous(primary, "")
        served = site.serve()
        with load(site, served.port) as told:
            eventually(lambda: len(told.acknowledged) >= ENOUGH // 2, 60, "the load")
            _stop_following(primary, standby)
            _fail_over(primary, standby, told)
        missing = lost(site, told)

    figures.note("failover", "postgresql", "control without a synchronous standby: lost", len(missing), "> 0")
    assert missing


def test_a_standby_that_confirms_nothing_is_said_in_time_and_nothing_is_made_twice(
    home: Path, figures: Figures
) -> None:
    """The commit waits; what was sent again afterwards, as the page offers it, is one client."""
    with two_servers(home) as (site, _primary, standby):
        visitor = site.visitor(site.serve().port)
        page = visitor.get("/client/new/")
        standby.freeze()
        typed = {"name": "Charge zéro", "contacts-0-email": "zero@charge.example"}
        refused = visitor.submit(page, "#record", "/client/new/", **typed)
        read = visitor.get("/client/")
        standby.thaw()
        again = visitor.submit(refused, "form:has([name=idempotency_key])", "/client/new/")
        made, broken = site.rows("SELECT name FROM client"), halves(site)

    figures.note("standby frozen", "postgresql", "seconds to 503 of a form", refused.seconds, "8")
    assert (refused.status, read.status) == (503, 200)
    assert refused.seconds < 8
    assert again.status in (200, 302)
    assert made == [("Charge zéro",)]
    assert broken == []


def test_the_standby_takes_no_writes_and_is_not_mistaken_for_the_server_that_does(home: Path) -> None:
    """Its address first in the list: the product works all the same."""
    with pair(home) as (primary, standby), prepared(home, standby.url(primary)) as site:
        visitor = site.visitor(site.serve().port)
        typed = {"name": "Charge une", "contacts-0-email": "une@charge.example"}
        made = visitor.submit(visitor.get("/client/new/"), "#record", "/client/new/", **typed)
        assert made.status == 302
        assert STANDBY in {
            name for (name,) in primary.execute("SELECT application_name FROM pg_stat_replication")
        }


pytestmark = pytest.mark.slow
