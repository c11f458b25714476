"""The making of rows shared among processes, while this one fills the tables."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator
from contextlib import ExitStack
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from backoffice.ops.seeding.plan import Plan
from backoffice.ops.seeding.rows import rows_of
from backoffice.ops.seeding.tables import PREPARE

#: A process of one's own takes seconds to start: below so many chunks it is not worth it.
_WORTH_SHARING = 5
_MOST_PROCESSES = 4

Prepared = dict[str, Any]


def processes_for(plan: Plan) -> int:
    """How many processes make the rows of this plan beside this one."""
    return min(os.cpu_count() or 1, _MOST_PROCESSES) if len(plan.starts) >= _WORTH_SHARING else 0


def chunks(plan: Plan, processes: int) -> Generator[Prepared, None, None]:
    """All chunks in their order, prepared for the engine.

    Each process works ahead by one chunk and then waits until it is fetched, so memory stays bounded. Raises EOFError
    when one of them ends before its work is done.
    """
    if not processes:
        yield from (_prepared(plan, start) for start in plan.starts)
        return
    context = get_context("spawn")
    with ExitStack() as ends:
        receivers = []
        for number in range(processes):
            receiver, sender = context.Pipe(duplex=False)
            worker = context.Process(target=_make, args=(sender, plan, number, processes), daemon=True)
            worker.start()
            sender.close()
            ends.callback(worker.join)
            ends.callback(receiver.close)  # comes first: a worker that still sends then ends
            receivers.append(receiver)
        for number in range(len(plan.starts)):
            yield receivers[number % processes].recv()


def _make(sender: Connection[Any, Any], plan: Plan, number: int, processes: int) -> None:
    """What one process does: its share of the chunks, until all are made or nobody fetches them any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which then hangs up
    gc.disable()  # rows hold no cycles, and looking for some in them takes a third of the time
    try:
        for start in plan.starts[number::processes]:
            sender.send(_prepared(plan, start))
    except BrokenPipeError:
        return


def _prepared(plan: Plan, start: int) -> Prepared:
    prepare = PREPARE[plan.engine]
    return {table: prepare(rows) for table, rows in rows_of(plan, start).items()}
