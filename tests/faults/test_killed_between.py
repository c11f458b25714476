"""kill -9 between two things that must go together: a file and its row, a mail and the note that it is sent."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from backoffice.emails.jobs import SWEEPING
from backoffice.ops import worker
from tests.emails.letters import letter
from tests.faults.conftest import prepared
from tests.faults.figures import Figures
from tests.faults.letters import make_reader, states, write
from tests.faults.post import Post, post
from tests.faults.processes import eventually, send
from tests.faults.site import Site
from tests.faults.test_full_disk import drop, files
from tests.faults.visitor import NoAnswer, Visitor

_KILLS = 3


def _drop_many(visitor: Visitor, mark: int, taken: list[str], over: threading.Event) -> None:
    number = 0
    while not over.is_set():
        number += 1
        id_ = f"<{mark}.{number}@edf.example>"
        raw = letter(Message_ID=id_).as_bytes() + b"Bonjour\r\n" * 20_000
        with suppress(NoAnswer, AssertionError):
            if drop(visitor, raw).status == 302:
                taken.append(id_)


def _has_more(found: list[str], than: int) -> bool:
    return len(found) > than


def _takes_another(mails: Post, than: int) -> bool:
    """In the midst of a mail that is not one of the first so many."""
    return mails.is_taking.is_set() and len(mails.arrived) > than


def _kill_while_dropping(site: Site) -> list[str]:
    """Four people drop messages while everything is killed; which messages were acknowledged."""
    served = site.serve()
    make_reader(site.visitor(served.port))
    taken: list[str] = []
    over = threading.Event()
    people = [
        threading.Thread(target=_drop_many, args=(site.visitor(served.port), mark, taken, over))
        for mark in range(4)
    ]
    for each in people:
        each.start()
    try:
        for turn in range(_KILLS):
            eventually(partial(_has_more, taken, len(taken) + 1), 40, "a message that is taken")
            time.sleep(0.013 * turn)
            served.kill()
            served.start()
    finally:
        over.set()
        for each in people:
            each.join()
    return taken


def _sweep(site: Site) -> None:
    """An hour later the worker looks after what was left."""
    for path in (site.data / "mails").rglob("*.*"):
        os.utime(path, (time.time() - 7200,) * 2)
    worker.do(site.app, SWEEPING.name, is_tried_again=False)
    site.let_go()


def test_an_upload_that_dies_leaves_no_row_without_its_file_and_no_file_without_its_row(
    site: Site, figures: Figures
) -> None:
    taken = _kill_while_dropping(site)
    left = files(site)
    _sweep(site)

    rows = dict(site.rows("SELECT message_id, raw_name FROM entry WHERE kind = 'email'"))
    lost, fault = (
        [id_ for id_ in taken if id_ not in rows],
        f"kill -9 while messages are dropped, {_KILLS} times",
    )
    figures.note(fault, site.engine, "messages acknowledged", len(taken))
    figures.note(fault, site.engine, "acknowledged and lost", len(lost), "0")
    figures.note(fault, site.engine, "files left between, before the worker looks", len(left) - len(rows))
    figures.note(
        fault,
        site.engine,
        "files without a row, rows without a file",
        len(set(files(site)) ^ set(rows.values())),
        "0",
    )
    assert lost == []
    assert files(site) == sorted(rows.values())


def test_no_mail_is_sent_twice_when_the_worker_is_killed_and_the_others_are_sent_by_the_next_one(
    home: Path, figures: Figures
) -> None:
    with post(0.4) as mails, prepared(home, MAIL_URL=mails.url) as site:
        served = site.serve()
        visitor = site.visitor(served.port)
        make_reader(visitor)
        for number in range(8):
            write(visitor, f"Objet {number}")
        for _time in range(2):
            eventually(partial(_takes_another, mails, len(mails.arrived)), 80, "a mail")
            send(served.background(), signal.SIGKILL)
        eventually(lambda: "queued" not in states(site), 80, "the last mail")
        eventually(lambda: states(site).get("sending", 0) <= 2, 20, "the end")
        found, twice = states(site), [subject for subject, times in mails.arrived.items() if times > 1]

    figures.note(
        "worker killed while it sends, 2 times",
        "sqlite",
        "mails arrived of 8",
        sum(mails.arrived.values()),
        "8",
    )
    figures.note("worker killed while it sends, 2 times", "sqlite", "arrived twice", len(twice), "0")
    figures.note(
        "worker killed while it sends, 2 times",
        "sqlite",
        "sent / not known",
        f"{found.get('sent')} / {found.get('sending')}",
    )
    assert twice == []
    assert sorted(mails.arrived) == [f"Objet {number}" for number in range(8)]
    assert found == {"sent": 6, "sending": 2}
