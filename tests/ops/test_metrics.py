"""/metrics is off, costs nothing then, and on opens for its token alone; what it says of all processes names nobody."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backoffice.core import jobs
from backoffice.core.db import db
from backoffice.core.jobs import Job
from backoffice.emails.models import Email
from backoffice.ops import worker
from backoffice.users import mail
from config import PREFIX, ROOT
from tests.clients.cast import add_client, browser_of, contact_ids
from tests.conftest import MakeApp, on_sqlite_only
from tests.emails.cast import write
from tests.ops.test_config import settings as settings_with
from tests.ops.test_serve import free_port, served
from tests.web import Browser

TOKEN = "jeton-de-mesure-9f8e7d6c5b4a3210"
BEARER = {"Authorization": f"Bearer {TOKEN}"}

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: str) -> Samples:
    """Each value by its name and labels, read by the parser of the library.

    It is loaded here and not above: the product says first where its processes meet.
    """
    from prometheus_client.parser import text_string_to_metric_families

    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(found: Samples, name: str, **labels: str) -> float:
    return found.get((name, tuple(sorted(labels.items()))), 0.0)


def scraped(app: Flask) -> Samples:
    answer = app.test_client().get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    return samples(answer.text)


@pytest.fixture
def measured(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(mail, "on_outcome", None)
    return make_app(METRICS_TOKEN=TOKEN)


def test_it_is_off_until_a_token_is_set(client: FlaskClient) -> None:
    for headers in ({}, BEARER, {"Authorization": "Bearer "}):
        assert client.get("/metrics", headers=headers).status_code == 404


@on_sqlite_only
@pytest.mark.parametrize(
    "offered",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer é",
    ],
)
def test_only_its_token_opens_it_and_neither_a_session_nor_a_cookie_is_begun(
    measured: Flask, offered: str | None
) -> None:
    administrator = browser_of(measured, "administrateur")
    administrator.get("/account/")
    headers = {} if offered is None else {"Authorization": offered}
    for client in (measured.test_client(), administrator.client):
        answer = client.get("/metrics", headers=headers)
        assert (answer.status_code, answer.text) == (401, "")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        right = client.get("/metrics", headers=BEARER)
        assert right.status_code == 200
        for each in (answer, right):
            assert each.headers["Cache-Control"] == "no-store"
            assert "Set-Cookie" not in each.headers


def test_requests_are_counted_by_endpoint_method_and_status_and_name_nobody(measured: Flask) -> None:
    before = scraped(measured)
    ada = browser_of(measured, name="Ada Perroquet")
    client = add_client(measured, "Xylophagia", "zora@xylophagia.example")
    for path in (
        f"/client/details/?id={client}",
        "/client/?search=Xylophagia",
        "/nowhere/Perroquet",
        "/health/live",
    ):
        ada.get(path)
    ada.client.open("/client/", method="BREW")
    text = measured.test_client().get("/metrics", headers=BEARER).text
    after = samples(text)

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    requests = "backoffice_requests_total"
    assert more(requests, endpoint="client.details_view", method="GET", status="200") == 1
    assert more(requests, endpoint="client.index_view", method="GET", status="200") == 1
    assert more(requests, endpoint="none", method="GET", status="404") == 1
    assert more(requests, endpoint="none", method="other", status="405") == 1
    assert more("backoffice_request_seconds_count", endpoint="client.index_view", method="GET") == 1
    assert 0 < more("backoffice_request_seconds_sum", endpoint="client.index_view", method="GET") < 20
    assert value(after, "backoffice_database_up") == 1
    assert not re.search("perroquet|xylophagia|zora|search|nowhere", text, re.IGNORECASE)
    endpoints = {dict(labels)["endpoint"] for name, labels in after if name == requests}
    assert endpoints <= {*measured.view_functions, "none"}


def test_jobs_mails_and_connections_are_counted(measured: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = add_client(measured, "EDF")
    (jeanne,) = contact_ids(measured, client)
    write(browser_of(measured, name="Ada Martin"), client, jeanne)
    before = scraped(measured)
    assert value(before, "backoffice_mails_waiting") == 1

    def fail() -> None:
        raise ValueError

    monkeypatch.setitem(jobs.JOBS, "bad", Job("bad", fail))
    worker.do(measured, "bad")
    worker.do(measured, "mails")
    with measured.app_context():
        assert {email.state for email in db.session.query(Email)} == {"sent"}
        inside = scraped(measured)  # of this page one connection is in use already
    after = scraped(measured)

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert more("backoffice_jobs_total", job="bad", outcome="failed") == 1
    assert more("backoffice_jobs_total", job="mails", outcome="done") == 1
    assert more("backoffice_mails_total", outcome="sent") == 1
    assert value(after, "backoffice_mails_waiting") == 0
    used = "backoffice_database_connections_in_use"
    assert (value(inside, used), value(after, used)) == (1, 0)


@on_sqlite_only
def test_a_database_that_does_not_answer_is_said_and_counted(
    measured: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    from backoffice.ops import measures

    def gone() -> Any:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(measures, "short_read", gone)
    found = scraped(measured)
    assert value(found, "backoffice_database_up") == 0
    assert "backoffice_mails_waiting" not in {name for name, _labels in found}
    ada = browser_of(measured)

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setitem(measured.view_functions, "client.index_view", fail)
    ada.get("/client/")
    labels = {"endpoint": "client.index_view", "method": "GET", "status": "503"}
    assert value(scraped(measured), "backoffice_requests_total", **labels) >= 1


def test_while_it_is_off_nothing_is_loaded_and_nothing_listens(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom flask import request_finished\nfrom backoffice import create_app\n"
        "app = create_app()\napp.test_client().get('/health/live')\n"
        "assert 'prometheus_client' not in sys.modules and 'backoffice.ops.measures' not in sys.modules\n"
        "import os; assert 'PROMETHEUS_MULTIPROC_DIR' not in os.environ"
    )
    subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={f"{PREFIX}DATA_DIR": str(tmp_path)}, check=True
    )


def test_any_process_tells_what_all_have_counted(tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path, port, BACKOFFICE_METRICS_TOKEN=TOKEN) as (server, _said):
        for _ in range(20):
            _get(port, "/health/live")
        told = {
            value(
                samples(_get(port, "/metrics", **BEARER)),
                "backoffice_requests_total",
                endpoint="health.live",
                method="GET",
                status="200",
            )
            for _ in range(10)
        }
        folder = _shared_folder(server.pid)
        assert folder.is_dir()
    assert told == {20.0}
    assert not folder.exists()


def _shared_folder(pid: int) -> Path:
    import psutil

    (child, *_others) = psutil.Process(pid).children()
    found = [Path(each.path).parent for each in child.memory_maps() if "backoffice-metrics-" in each.path]
    return found[0]


def _get(port: int, path: str, **headers: str) -> str:
    """On a connection of its own: whichever process takes it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    with connection.getresponse() as answer:
        text = answer.read().decode()
    connection.close()
    return text


@pytest.mark.parametrize("typed", ["court", "avec espace dedans le jeton", "é" * 30])
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(tmp_path: Path, typed: str) -> None:
    with pytest.raises(ValueError, match="METRICS_TOKEN : il faut au moins 24 caractères"):
        settings_with(tmp_path, METRICS_TOKEN=typed)


def test_browsers_never_get_it(measured: Flask) -> None:
    assert "backoffice_requests" not in Browser(measured).get("/metrics").get_text()
