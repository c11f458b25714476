from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
import structlog
from flask import Flask, g, request
from flask.testing import FlaskClient

from backoffice.ops.logs import configure_logging, init_logs
from backoffice.ops.private_errors import describe, scrub


@pytest.fixture
def small_app() -> Flask:
    app = Flask("small")
    init_logs(app, "info")

    @app.get("/reset/<token>")
    def reset(token: str) -> str:
        return str(g.request_id)

    @app.get("/typed/<token>")
    def typed(token: str) -> str:
        raise ValueError(f"no {token} of {request.args['search']} in stock, ask for 3")

    @app.get("/broken/<token>")
    def broken(token: str) -> str:
        raise ValueError("no account 'marie@exemple.fr' here")

    return app


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_one_line_with_its_id_route_status_and_duration(
    small_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    response = small_app.test_client().get("/reset/abc?page=2")

    (line,) = lines(capsys)
    assert line["event"] == "request"
    assert line["request_id"] == response.text == response.headers["X-Request-ID"]
    assert (line["method"], line["status"], line["user"]) == ("GET", 200, None)
    assert 0 <= line["ms"] < 5000
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", line["at"])


def test_neither_a_token_in_the_address_nor_a_search_reaches_the_log(
    small_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    small_app.test_client().get("/reset/secret-token?search=Durand")
    small_app.test_client().get("/broken/secret-token?search=Durand")

    written = capsys.readouterr().err
    assert "/reset/<token>" in written
    assert "/broken/<token>" in written
    assert "secret-token" not in written
    assert "Durand" not in written


def test_an_address_that_no_route_knows_is_logged_without_what_may_be_a_token(
    small_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    token = "Zk3-uA_" * 6
    small_app.test_client().post(f"/reset/{token}")
    small_app.test_client().get(f"/reste/{token}.ics")
    logging.getLogger("werkzeug").info(f'127.0.0.1 - - [now] "GET /reset/{token} HTTP/1.1" 200 -')  # noqa: G004

    first, second = lines(capsys)
    assert (first["path"], first["status"]) == ("/reset/…", 405)
    assert (second["path"], second["status"]) == ("/…/…", 404)


def test_an_error_is_logged_with_its_place_but_without_what_people_typed(
    small_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    response = small_app.test_client().get("/broken/x")

    error, request = lines(capsys)
    assert error["level"] == request["level"] == "error"
    assert error["request_id"] == request["request_id"] == response.headers["X-Request-ID"]
    assert error["exception"][0]["type"] == "builtins.ValueError"
    assert error["exception"][0]["frames"][-1].endswith(" broken")
    assert error["exception"][0]["message"] == "no account … here"


def test_what_somebody_has_typed_is_in_no_line_even_when_an_error_says_it_without_quotes(
    small_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    small_app.test_client().get("/typed/Perroquet?search=Cacatoès bleu&page=3")

    error, _request = lines(capsys)
    assert error["exception"][0]["message"] == "no … of … in stock, ask for 3"


@pytest.mark.parametrize("offered", ["0123-abcd-4567", "a" * 64])
def test_a_well_formed_id_from_a_proxy_is_kept(small_app: Flask, offered: str) -> None:
    response = small_app.test_client().get("/reset/x", headers={"X-Request-ID": offered})

    assert response.text == response.headers["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["short", "a" * 65, "with space in it", '"}{"forged":1', "é" * 10, ""])
def test_any_other_id_is_replaced_by_our_own(small_app: Flask, offered: str) -> None:
    response = small_app.test_client().get("/reset/x", headers={"X-Request-ID": offered})

    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_an_address_cannot_forge_a_second_line(small_app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    small_app.test_client().get('/x%0A{"event":"forged"}%0D%E2%80%A8')

    (line,) = lines(capsys)
    assert line["event"] == "request"
    assert line["status"] == 404


def test_what_libraries_log_takes_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    configure_logging("info")  # a second app in the same process does not double the lines

    logging.getLogger("some.library").warning("two\nlines about %s", "x")
    logging.getLogger("some.library").debug("not asked for")
    structlog.get_logger("ours").info("counted", rows=3)

    theirs, ours = lines(capsys)
    assert (theirs["logger"], theirs["event"], theirs["level"]) == (
        "some.library",
        "two\nlines about x",
        "warning",
    )
    assert (ours["event"], ours["rows"]) == ("counted", 3)


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (
            'duplicate key value violates unique constraint "uq_contact_email_key"\n'
            "DETAIL:  Key (email_key)=(marie@exemple.fr) already exists.",
            'duplicate key value violates unique constraint "uq_contact_email_key"',
        ),
        ("invalid literal for int() with base 10: 'Durand'", "invalid literal for int() with base 10: …"),
        ("Key (email)=(marie@exemple.fr) already exists", "Key … already exists"),
        ("cannot write to marie@exemple.fr", "cannot write to …"),
        ("no phone 01 23 45 67 89", "no phone …"),
        ("[Errno 28] No space left on device", "[Errno 28] No space left on device"),
    ],
)
def test_a_message_is_kept_without_the_values_that_it_quotes(message: str, kept: str) -> None:
    assert scrub(message) == kept


def test_the_cause_of_an_error_is_told_with_it() -> None:
    error = RuntimeError("outer")
    error.__cause__ = KeyError("x")

    assert [link["type"] for link in describe(error)] == ["builtins.RuntimeError", "builtins.KeyError"]


def test_the_whole_product_gives_every_answer_an_id(client: FlaskClient) -> None:
    for path in ("/health/live", "/login", "/nowhere", "/static/nothing.css"):
        assert client.get(path).headers["X-Request-ID"]


def test_a_refused_host_has_an_id_as_well(client: FlaskClient) -> None:
    response = client.get("/login", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert response.headers["X-Request-ID"]
