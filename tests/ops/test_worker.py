from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from flask import Flask

from backoffice.core import jobs
from backoffice.core.db import db, for_writing, now
from backoffice.core.jobs import Job, JobRun
from backoffice.ops import worker
from tests.conftest import MakeApp, on_sqlite_only
from tests.ops.test_serve import free_port, get, served

START_SECONDS = 60


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done by the only job there is, which is called `probe` and is due every hour."""
    found: list[str] = []
    probe = Job("probe", lambda: found.append("probe"), timedelta(hours=1))
    monkeypatch.setattr(jobs, "JOBS", {"probe": probe})
    return found


def eventually(is_so: Callable[[], Any], seconds: float = START_SECONDS) -> Any:
    """What the question answers once it is true."""
    until = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)
    return found


def test_a_job_is_done_when_it_is_due_and_not_again_before_its_time(app: Flask, done: list[str]) -> None:
    worker.do_what_is_due(app)
    worker.do_what_is_due(app)
    assert done == ["probe"]
    with app.app_context(), for_writing():
        db.session.get_one(JobRun, "probe").begun_at = now() - timedelta(hours=1)
        db.session.commit()
    worker.do_what_is_due(app)
    assert done == ["probe", "probe"]


def test_of_workers_that_look_at_the_same_moment_one_does_the_job(app: Flask, done: list[str]) -> None:
    start = threading.Barrier(4)

    def look() -> None:
        start.wait()
        worker.do_what_is_due(app)

    workers = [threading.Thread(target=look) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert done == ["probe"]


@on_sqlite_only
def test_a_job_that_fails_is_logged_and_leaves_the_others_to_be_done(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def fail() -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr(
        jobs, "JOBS", {"bad": Job("bad", fail), "good": Job("good", lambda: done.append("good"))}
    )
    worker.do_what_is_due(app)
    assert done == ["good"]
    assert "job failed: bad" in caplog.text


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bells that were rung."""
    found: list[str] = []
    monkeypatch.setattr(jobs, "_answer", found.append)
    return found


def test_a_bell_rings_once_what_it_is_about_is_committed_and_never_when_it_is_not(
    session: Any, rung: list[str]
) -> None:
    session.add(JobRun(name="probe", begun_at=now()))
    session.flush()
    jobs.ring(session(), "probe")
    session.rollback()
    session.commit()
    assert rung == []
    jobs.ring(session(), "probe")
    jobs.ring(session(), "probe")
    session.add(JobRun(name="probe", begun_at=now()))
    assert rung == []
    session.commit()
    session.commit()
    assert rung == ["probe"]


@on_sqlite_only
def test_a_queue_that_does_not_answer_keeps_nobody_from_saving(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    with app.app_context(), for_writing():
        jobs.ring(db.session(), "probe")
        db.session.add(JobRun(name="probe", begun_at=now()))
        db.session.commit()
        assert db.session.get(JobRun, "probe") is not None
    assert "bell not heard" in caplog.text


@on_sqlite_only
def test_a_bell_rung_in_a_page_is_heard_by_the_worker_through_the_file_of_the_data_folder(
    app: Flask, done: list[str], data_dir: Path
) -> None:
    queue = worker.new_queue(app.extensions["settings"])
    queue.flush()  # of bells that other tests have rung
    with app.app_context():
        worker._ring("probe")
    worker._tasks(queue, app, worker.HERE)
    queue.execute(queue.dequeue())
    assert done == ["probe"]
    assert queue.dequeue() is None
    assert (data_dir / worker.QUEUE_FILE).exists()


def _workers(of: int) -> list[int]:
    return [child.pid for child in psutil.Process(of).children() if "worker" in _words(child)]


def _words(process: psutil.Process) -> list[str]:
    """Its command line; none when it has just died."""
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


def _is_alive(pid: int) -> bool:
    """Whether it still works: one that is dead but not yet buried does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_serve_runs_the_worker_begins_it_again_when_it_dies_and_ends_it_with_itself(tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path, port) as (server, _said):
        first = eventually(lambda: _workers(server.pid))[0]
        os.kill(first, signal.SIGKILL)
        second = eventually(lambda: [pid for pid in _workers(server.pid) if pid != first])[0]
        assert get(port, "/health/live").status == 200
    assert not _is_alive(second)


def test_the_worker_does_not_outlive_a_server_that_was_killed(tmp_path: Path) -> None:
    with served(tmp_path, free_port()) as (server, _said):
        pid = eventually(lambda: _workers(server.pid))[0]
        eventually(lambda: (tmp_path / worker.QUEUE_FILE).exists())
        server.kill()
        eventually(lambda: not _is_alive(pid))
