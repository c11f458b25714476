"""Every answer tells the browser to be strict, whatever it shows."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.clients.cast import browser_of
from tests.conftest import MakeApp, on_sqlite_only
from tests.users.people import make_user
from tests.web import Browser

pytestmark = on_sqlite_only

PAGES = (
    "/",
    "/client/",
    "/client/new/",
    "/client/ajax/lookup/?name=parent&q=a",
    "/contact/",
    "/companytype/",
    "/settings/",
    "/user/",
    "/account/",
    "/account/password/",
    "/login",
    "/reset",
    "/nulle-part",
    "/client/delete/",
    "/health/live",
    "/static/css/base.css",
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy_of(header: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in header.split(";")}


def test_every_answer_carries_the_headers_that_keep_a_browser_safe(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    for path in PAGES:
        with browser.client.get(path) as response:
            sent = {name: response.headers.get(name) for name in FIXED}
            policy = policy_of(response.headers["Content-Security-Policy"])

        assert sent == FIXED, path
        assert policy["default-src"] == ["'none'"], path
        assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"], path
        assert policy["form-action"] == policy["style-src"] == policy["connect-src"] == ["'self'"], path
        assert re.fullmatch(r"'nonce-[\w-]{20,}'", " ".join(policy["script-src"])), path
        assert "unsafe" not in response.headers["Content-Security-Policy"], path
        assert "Strict-Transport-Security" not in response.headers, path


def test_pages_are_never_kept_and_files_of_ours_for_a_year(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    for path in PAGES:
        with browser.client.get(path) as response:
            kept = response.headers["Cache-Control"]
        expected = "public, max-age=31536000, immutable" if path.startswith("/static/") else "no-store"
        assert kept == expected, path


def test_a_file_that_is_not_there_is_not_kept_either(app: Flask) -> None:
    response = app.test_client().get("/static/absent.css")

    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"


def test_each_answer_has_a_nonce_of_its_own_and_its_scripts_carry_it(app: Flask) -> None:
    browser = browser_of(app, "lecture")
    nonces = set()
    for _ in range(3):
        page = browser.get("/client/")
        policy = policy_of(browser.response.headers["Content-Security-Policy"])
        nonce = policy["script-src"][0].removeprefix("'nonce-").removesuffix("'")
        assert {str(script["nonce"]) for script in page.select("script")} == {nonce}
        nonces.add(nonce)

    assert len(nonces) == 3


# ---------------------------------------------------------------------------------------- behind TLS


@pytest.fixture
def behind_tls(make_app: MakeApp) -> Flask:
    return make_app(PUBLIC_URL="https://bureau.exemple.fr")


def test_behind_tls_browsers_are_told_to_stay_there(behind_tls: Flask) -> None:
    response = behind_tls.test_client().get("/login", base_url="https://bureau.exemple.fr")

    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_behind_tls_cookies_are_bound_to_this_host_and_to_tls(behind_tls: Flask) -> None:
    make_user(behind_tls, "alice@exemple.fr")
    browser = Browser(behind_tls, "https://bureau.exemple.fr")
    browser.get("/login")

    cookies = browser.response.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-"), cookie
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie


def test_without_tls_cookies_are_still_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)
    browser.get("/login")

    cookies = browser.response.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
