"""What `/metrics` counts. Loaded only when it is switched on: see metrics.py.

Labels are names of our own (endpoints, jobs, outcomes), never an address, a person or a word that somebody has typed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core.jobs import JOBS, JobRun
from backoffice.emails.models import QUEUED, SENDING, Email
from backoffice.users.mail import Outcome
from backoffice.users.transactions import short_read

CONTENT_TYPE = CONTENT_TYPE_LATEST

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_requests = Counter(
    "backoffice_requests",
    "Requests that were answered; status 503 is the database that does not answer.",
    ["endpoint", "method", "status"],
    registry=None,
)
_seconds = Histogram(
    "backoffice_request_seconds",
    "How long answers took.",
    ["endpoint", "method"],
    buckets=_BUCKETS,
    registry=None,
)
_jobs = Counter(
    "backoffice_jobs", "Runs of the jobs of the background work.", ["job", "outcome"], registry=None
)
_mails = Counter(
    "backoffice_mails",
    "Mails that were sent, put off until later, or have failed.",
    ["outcome"],
    registry=None,
)
_connections = Gauge(
    "backoffice_database_connections_in_use",
    "Connections to the database that are in use.",
    multiprocess_mode="livesum",
    registry=None,
)


def count_request(app: Flask, response: Response, **_: object) -> None:
    """Note an answer and how long it took."""
    endpoint, method = request.endpoint or "none", request.method if request.method in _METHODS else "other"
    _requests.labels(endpoint, method, str(response.status_code)).inc()
    _seconds.labels(endpoint, method).observe(time.perf_counter() - g.request_began)


def count_job(name: str, outcome: str) -> None:
    """Note a run of a job."""
    _jobs.labels(name, outcome).inc()


def count_mail(outcome: Outcome) -> None:
    """Note what became of a mail."""
    _mails.labels("sent" if outcome.is_sent else "later" if outcome.is_temporary else "failed").inc()


def connection_taken(*_: object) -> None:
    """A connection of the pool is in use."""
    _connections.inc()


def connection_given_back(*_: object) -> None:
    """It is free again."""
    _connections.dec()


class _Database(Collector):
    """What stands in the database, and so is the same whichever machine is asked."""

    def collect(self) -> Iterator[Any]:
        up = GaugeMetricFamily("backoffice_database_up", "Whether the database answers.")
        try:
            with short_read() as session:
                waiting = session.scalar(
                    select(func.count()).select_from(Email).where(Email.state.in_((QUEUED, SENDING)))
                )
                begun = {row.name: row.begun_at for row in session.scalars(select(JobRun))}
        except SQLAlchemyError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield GaugeMetricFamily(
            "backoffice_mails_waiting", "E-mails that wait to be sent.", value=waiting or 0
        )
        last = GaugeMetricFamily(
            "backoffice_job_begun_timestamp_seconds",
            "When a job was last begun, by any worker.",
            labels=["job"],
        )
        for name in sorted(begun.keys() & JOBS.keys()):
            last.add_metric([name], begun[name].timestamp())
        yield last


def text() -> bytes:
    """What all processes of this `flask serve` have counted, and what the database says."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(_Database())
    return generate_latest(registry)
