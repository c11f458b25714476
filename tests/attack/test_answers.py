"""Every answer of every route, whoever asks and however, carries what keeps a browser safe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from backoffice.admin import headers
from tests.attack.addresses import known_addresses, with_fields
from tests.browser.pages import add_cast
from tests.clients.cast import browser_of
from tests.conftest import AsRole, on_sqlite_only
from tests.users.people import logged_in, make_user

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: What may be kept: files of ours for good, and by the programs that ask for it again what they are given.
KEPT = {
    "static": "public, max-age=31536000, immutable",
    "admin.static": "public, max-age=31536000, immutable",
}
#: A letter from elsewhere stands in a frame of ours, and runs nothing there.
FRAMED = "message.html_view"

pytestmark = on_sqlite_only


def wrong(answer: Response, endpoint: str) -> list[str]:
    """What is missing from an answer."""
    found = [name for name, value in ALWAYS.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    frames = "'self'" if endpoint == FRAMED and answer.status_code == 200 else "'none'"
    for part in ("default-src 'none'", "base-uri 'none'", f"frame-ancestors {frames}"):
        if part not in policy:
            found.append(part)
    if "unsafe-inline" in policy.partition("style-src")[0] or "unsafe-eval" in policy:
        found.append("unsafe script")
    kept = KEPT.get(endpoint, "no-store") if answer.status_code < 400 else "no-store"
    if answer.headers.get("Cache-Control") != kept and endpoint != "agenda.calendar":
        found.append(f"Cache-Control {answer.headers.get('Cache-Control')}")
    if answer.headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        found.append("Referrer-Policy")
    if (answer.mimetype or "").startswith("text/") and "charset" not in answer.headers["Content-Type"]:
        found.append("charset")
    return found + [name for name in ("Access-Control-Allow-Origin", "Server") if name in answer.headers]


def all_answers(app: Flask, client: FlaskClient) -> Iterator[tuple[str, str, Response]]:
    """Endpoint, method and answer of all that is open to somebody; no POST has a token, so that nothing happens."""
    for method in ("GET", "POST"):
        for route, fields in known_addresses(app, method):
            address = with_fields(route.path, fields)
            with client.open(address, method=method, headers={"Origin": "https://evil.example"}) as answer:
                yield route.endpoint, method, answer


@pytest.mark.parametrize("role", ["administrateur", "nobody"])
def test_every_answer_of_every_route_is_safe(app: Flask, as_role: AsRole, role: str) -> None:
    add_cast(app)
    client = app.test_client() if role == "nobody" else as_role(role).client
    found, count = {}, 0
    for endpoint, method, answer in all_answers(app, client):
        count += 1
        if missing := wrong(answer, endpoint):
            found[f"{method} {endpoint} {answer.status_code}"] = missing
    assert found == {}
    assert count > 150


def test_without_the_hook_every_answer_would_lack_them(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = app.after_request_funcs[None]
    monkeypatch.setitem(
        app.after_request_funcs, None, [hook for hook in hooks if hook is not headers._protect]
    )
    with app.test_client().get("/login") as answer:
        assert len(wrong(answer, "security.login")) > 5


def test_an_odd_address_is_answered_as_safely(app: Flask) -> None:
    browser = browser_of(app)
    for address in ("/nulle-part", "/client", "/%00", "/static/../config.py", "/static/css/", "/.git/config"):
        with browser.client.get(address) as answer:
            assert wrong(answer, "") == [], address
            assert answer.status_code in (301, 308, 404), address


def test_the_log_out_empties_what_the_browser_stores(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    answer = browser.client.post("/logout", data={"csrf_token": browser.csrf_token})
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in browser.client.get("/login").headers
