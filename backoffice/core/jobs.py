"""Work that is done beside the pages, by the worker: what it is called, how often it is looked for, and whether it is due.

The database is the outbox: a job finds what it has to do in rows that were committed with the change, and claims
each by a guarded UPDATE, so that no two workers do it twice. A bell only says that there is something to do now:
one that is lost costs a minute, one too many costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, event, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from backoffice.core.db import Base, now

#: The worker looks for what is due this often.
LOOKS_EVERY = timedelta(minutes=1)
#: So much earlier than its time a job may begin: the clock that looks is not exact.
_SLACK = timedelta(seconds=20)


@dataclass(frozen=True)
class Job:
    """Something the worker does every so often. `run` commits what it does, in short transactions of its own.

    It acts as the product itself unless it says otherwise, and holds no transaction while it talks to a server.
    """

    name: str
    run: Callable[[], None]
    every: timedelta = LOOKS_EVERY


class JobRun(Base):
    """When a job was last begun, by whichever worker."""

    __tablename__ = "job_run"
    __audited__ = False

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    begun_at: Mapped[datetime]


JOBS: dict[str, Job] = {}
_BELLS = "bells"
_answer: Callable[[str], None] | None = None


def register(job: Job) -> None:
    """Let the worker do this."""
    JOBS[job.name] = job


def ring(session: Any, name: str) -> None:
    """Have a job run at once when what this session has written is committed, and not at all when it is not."""
    session.info.setdefault(_BELLS, set()).add(name)


def answer_bells_with(answer: Callable[[str], None]) -> None:
    """Say who hears the bells: called with the name of a job after the commit. It must not fail."""
    global _answer
    _answer = answer


@event.listens_for(Session, "after_commit")
def _let_ring(session: Session) -> None:
    for name in sorted(session.info.pop(_BELLS, ())):
        if _answer is not None:
            _answer(name)


@event.listens_for(Session, "after_rollback")
def _forget_bells(session: Session) -> None:
    session.info.pop(_BELLS, None)


def claim(session: Any, job: Job) -> bool:
    """Is it time for this job, and is it this worker that does it? Flushes; the edge commits before it runs the job."""
    due = JobRun.begun_at <= now() - job.every + _SLACK
    claimed = session.execute(update(JobRun).where(JobRun.name == job.name, due).values(begun_at=now()))
    if claimed.rowcount:
        return True
    if session.get(JobRun, job.name) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(JobRun(name=job.name, begun_at=now()))
    except IntegrityError:  # another worker has begun its first run at this moment
        return False
    return True


def last_look(session: Any) -> datetime | None:
    """When a worker was last seen to begin something; None when there never was one."""
    found: datetime | None = session.scalar(select(JobRun.begun_at).order_by(JobRun.begun_at.desc()).limit(1))
    return found
