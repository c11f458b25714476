"""The worker: does the registered jobs beside the pages, when a bell rings and every minute.

`flask serve` runs one; more on further machines do no harm, since every piece of work is claimed in the database.
The queue only carries bells: in a file of the data folder, or in Redis when several machines share it.
"""

from __future__ import annotations

import hashlib
import logging
import os
from typing import Any

import click
import redis
from flask import Flask, current_app
from flask.cli import with_appcontext
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer, ConsumerStopped

from backoffice.core import jobs
from backoffice.core.audit import SYSTEM, act_as
from backoffice.core.db import db, for_writing
from backoffice.ops.commands import refuse_old_schema
from backoffice.ops.metrics import count_job
from config import Settings

log = logging.getLogger(__name__)

QUEUE_FILE = "jobs.db"
#: A bell is heard within this many seconds.
HEARS_WITHIN = 1.0
#: What is being done when it is asked to stop may take this long: a mail server has ten seconds to answer.
STOP_SECONDS = 12
#: Redis must not keep a page waiting: the next look finds the work anyway.
REDIS_SECONDS = 2
#: Where the pages are when nobody has said so: links in mails need an address.
HERE = "http://127.0.0.1:5000"


class Worker(Consumer):
    """A consumer that ends what it has begun when it is asked to stop, and does not outlive who has started it."""

    def __init__(self, queue: Huey, keeper: int | None) -> None:
        super().__init__(queue, max_delay=HEARS_WITHIN, graceful_signal="TERM", shutdown_timeout=STOP_SECONDS)
        self._keeper = keeper

    def loop(self, health_check_ts: Any = None) -> Any:
        if self._keeper is not None and os.getppid() != self._keeper:
            self.stop(graceful=True)
            raise ConsumerStopped
        return super().loop(health_check_ts)


def new_queue(settings: Settings) -> Huey:
    """The queue of bells that these settings ask for."""
    if not settings.redis_url:
        file = settings.data_dir / QUEUE_FILE
        # Without results it keeps nothing that is done; a bell that is lost in a power cut costs a minute.
        return SqliteHuey("backoffice", filename=str(file), results=False, fsync=False)
    pool = redis.ConnectionPool.from_url(
        settings.redis_url, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS
    )
    # Set-ups that share one Redis hear only their own bells.
    whose = hashlib.sha256(settings.database_url.render_as_string().encode()).hexdigest()[:12]
    return RedisHuey(f"backoffice-{whose}", connection_pool=pool, results=False, blocking=False)


def init_bells(app: Flask) -> None:
    """Let what a page commits be heard by the worker at once."""
    app.extensions["bells"] = None
    jobs.answer_bells_with(_ring)


def _ring(name: str) -> None:
    try:
        _bells(current_app)(name)
    except Exception as error:  # the work is in the database already, and is found within a minute
        log.warning("bell not heard: %s", type(error).__name__)


def _bells(app: Any) -> Any:
    """The bell of an app, made when it is first rung: most commands ring none."""
    if app.extensions["bells"] is None:
        app.extensions["bells"] = _tasks(new_queue(app.extensions["settings"]), app, HERE)
    return app.extensions["bells"]


def _tasks(queue: Huey, app: Flask, here: str) -> Any:
    """Tell the queue what its bells mean. Returns the bell that runs one job."""

    @queue.task(name="ring")  # type: ignore[untyped-decorator]
    def ring(name: str) -> None:
        do(app, name, here)

    @queue.periodic_task(crontab(minute="*"), name="look")  # type: ignore[untyped-decorator]
    def look() -> None:
        do_what_is_due(app, here)

    return ring


def do_what_is_due(app: Flask, here: str = HERE) -> None:
    """Run every job whose time has come and that no other worker has claimed."""
    for job in list(jobs.JOBS.values()):
        if _claimed(app, job):
            do(app, job.name, here)


def _claimed(app: Flask, job: jobs.Job) -> bool:
    with app.app_context(), for_writing():
        claimed = jobs.claim(db.session(), job)
        db.session.commit()
        return claimed


def do(app: Flask, name: str, here: str = HERE, is_tried_again: bool = True) -> None:
    """Run one job as the product itself; whatever fails is logged, if it is tried again at the next look.

    A request of nobody's is pushed, so that the job can name the addresses of pages.
    """
    job = jobs.JOBS.get(name)
    if job is None:  # rung by another version of the product
        log.warning("unknown job: %s", name)
        return
    public = app.extensions["settings"].public_url or here
    with app.test_request_context(base_url=public), for_writing():
        act_as(db.session(), SYSTEM, "worker")
        try:
            job.run()
            count_job(app, name, "done")
        except Exception:
            count_job(app, name, "failed")
            db.session.rollback()
            if not is_tried_again:
                raise
            log.exception("job failed: %s", name)


@click.command(
    "worker", help="Fait le travail de fond (« flask serve » le lance déjà) : courriels, rappels, corbeille."
)
@click.option(
    "--here", default=HERE, show_default=True, help="Adresse des pages, si PUBLIC_URL n’est pas réglé."
)
@click.option("--keeper", type=int, hidden=True, help="Processus qui l’a lancé : il ne lui survit pas.")
@with_appcontext
def worker(here: str, keeper: int | None) -> None:
    refuse_old_schema()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    queue = new_queue(app.extensions["settings"])
    _tasks(queue, app, here)
    db.engine.dispose()
    Worker(queue, keeper).run()
