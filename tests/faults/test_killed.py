"""kill -9 while eight people create clients: what they were told is there, and nothing is there by halves."""

from __future__ import annotations

import signal
import time

import pytest

from tests.faults.figures import Figures
from tests.faults.load import Told, halves, load, lost
from tests.faults.processes import eventually, send
from tests.faults.site import Served, Site

#: Each kill comes in the midst of the work.
KILLS = 3


def _kill_a_worker(served: Served) -> None:
    """gunicorn begins another one."""
    before = served.workers()
    send(before[:1], signal.SIGKILL)
    eventually(lambda: set(served.workers()) - set(before), 20, "another worker")


def _kill_all(served: Served) -> None:
    served.kill()
    served.start()


def _worked_on(told: Told) -> None:
    """Somebody has been answered since."""
    after = time.monotonic()
    eventually(lambda: told.since(after), 20, "an answer")
    time.sleep(0.3)


@pytest.mark.parametrize("kill", [_kill_a_worker, _kill_all], ids=["worker", "serve"])
def test_what_was_acknowledged_before_a_kill_is_there_and_whole(
    site: Site, figures: Figures, kill: object
) -> None:
    assert callable(kill)
    served = site.serve()
    with load(site, served.port) as told:
        _worked_on(told)
        for _time in range(KILLS):
            kill(served)
            _worked_on(told)

    missing, broken = lost(site, told), halves(site)
    fault = f"kill -9 of {'a worker' if kill is _kill_a_worker else 'all of serve'}, {KILLS} times"
    figures.note(fault, site.engine, "clients acknowledged", len(told.acknowledged))
    figures.note(fault, site.engine, "requests without an answer", sum(told.refused.values()))
    figures.note(fault, site.engine, "acknowledged and lost", len(missing), "0")
    figures.note(fault, site.engine, "clients by halves", len(broken), "0")
    assert len(told.acknowledged) > 2 * KILLS
    assert missing == []
    assert broken == []
    assert told.refused["500"] == 0, served.complaints()[-6000:]
