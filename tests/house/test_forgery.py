"""No address that changes something answers a request without our token, whatever is added to the product."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import Client

from tests.conftest import AsRole, on_sqlite_only

SAFE = {"GET", "HEAD", "OPTIONS"}
REFUSED = "The CSRF token is missing."

pytestmark = on_sqlite_only


def unsafe_routes(app: Flask) -> list[tuple[str, str]]:
    """(method, address) of everything that may change something."""
    adapter = app.url_map.bind("localhost")
    return [
        (method, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, "x"), method=method))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - SAFE)
    ]


def forged(client: Client, method: str, address: str, caplog: pytest.LogCaptureFixture) -> bool:
    """Was the request refused for want of a token?"""
    caplog.clear()
    answer = client.open(address, method=method, data={"id": "1", "email": "alice@exemple.fr"})
    return answer.status_code == 400 and REFUSED in caplog.messages


def test_every_unsafe_address_refuses_a_request_without_a_token(
    app: Flask, as_role: AsRole, caplog: pytest.LogCaptureFixture
) -> None:
    client = as_role("administrateur").client
    routes = unsafe_routes(app)

    assert [route for route in routes if not forged(client, *route, caplog)] == []
    assert len(routes) > 20


def test_without_the_guard_the_same_requests_would_get_through(
    app: Flask, as_role: AsRole, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_role("administrateur").client
    monkeypatch.setitem(app.config, "WTF_CSRF_CHECK_DEFAULT", False)

    assert not forged(client, "POST", "/client/delete/", caplog)


def test_a_token_in_the_header_counts_as_one_in_the_form(
    as_role: AsRole, caplog: pytest.LogCaptureFixture
) -> None:
    browser = as_role("administrateur")
    browser.get("/client/new/")
    browser.client.post("/client/delete/", data={"id": "1"}, headers={"X-CSRFToken": browser.csrf_token})

    assert REFUSED not in caplog.messages
