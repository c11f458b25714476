"""Several requests at the same moment, and the points at which one waits for the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from tests.web import Browser

#: SQLite lets only one writer in: those that wait for the others inside go on alone after this many seconds.
PATIENCE = 0.3


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Call all of them at the same moment, each in a thread of its own; their results in order."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result(60) for future in [threads.submit(run, act) for act in acts]]


def submit_at_once(browsers: Sequence[Browser], selector: str = "#record", **changes: Any) -> None:
    """Everybody sends the form that stands before them."""
    at_once(*(lambda browser=browser: browser.submit(selector, **changes) for browser in browsers))


def meet_after(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, parties: int = 2, patience: float = PATIENCE
) -> None:
    """Whoever has called this function waits for the others there: what it said is old by then."""
    meeting, real = threading.Barrier(parties), getattr(owner, name)

    def call(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(patience)
        return result

    monkeypatch.setattr(owner, name, call)
