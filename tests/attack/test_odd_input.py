"""Whatever a view asks its request for may hold anything: the answer is a page, an empty list or a refusal, never an
error of ours, and never tells what the database was asked."""

from __future__ import annotations

import logging
import re

import pytest
from flask import Flask

from tests.attack.addresses import known_addresses, with_fields
from tests.attack.asked import listening
from tests.attack.tables import changed, tables
from tests.browser.pages import add_cast
from tests.conftest import AsRole, on_sqlite_only
from tests.web import Browser

#: As they stand in an address.
ODD = (
    "",
    "abc",
    "-1",
    "%00",
    "1%00",
    "1" + "0" * 24,
    "2147483648",
    "%27%20OR%201%3D1%20--",
    "%EF%BC%91",  # a full-width 1, which Python takes for a digit
    "%C2%B2",  # a superscript 2, a digit that is no number
    "%ED%A0%80",  # half of a surrogate pair
    "%FF%FE",  # no UTF-8
    "%E2%80%AE%22%27%3E%3Cscript%3E",
    "[1,2]",
    "{%22$ne%22:1}",
    "1e999",
    "NaN",
    "9999-99-99",
    "0001-01-01T00:00",
    "..%2F..%2Fetc%2Fpasswd",
    "javascript:alert(1)",
    "%2F%2Fevil.example",
    "a" * 3_000,
)
#: How many of them each field of each address is given. They go round: each name meets all of them somewhere.
EACH = {"sqlite": 1, "postgresql": 2}
#: What is noted of who looks at a page: who has a form open, and which card was opened.
LOOKS = {"client_visit", "open_form"}
#: What would tell of the inside.
INSIDE = re.compile(r"\bSELECT\b|sqlalchemy|psycopg|sqlite3|OperationalError|DataError|Traceback \(most")
ABROAD = re.compile(r"^(?:\w+:|[/\\]{2})(?!//localhost/)|evil\.example$", re.ASCII)


class Watch:
    """Sends, and keeps what an answer says that it should not."""

    def __init__(self, browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
        self.browser, self.log, self.wrong, self.count = browser, caplog, list[str](), 0

    def send(self, method: str, address: str, **options: object) -> None:
        self.count += 1
        self.log.clear()
        if method == "POST" and "json" in options:
            options["headers"] = {"X-CSRFToken": self.browser.csrf_token}
        answer = self.browser.client.open(address, method=method, **options)  # type: ignore[arg-type]
        text, way = answer.get_data(as_text=True), answer.headers.get("Location", "")
        loud = [record.getMessage() for record in self.log.records if record.levelno >= logging.ERROR]
        answer.close()
        if answer.status_code >= 500 or INSIDE.search(text) or ABROAD.match(way) or loud:
            self.wrong.append(f"{method} {address[:200]}: {answer.status_code} {way} {loud}")


@pytest.fixture
def watch(app: Flask, as_role: AsRole, caplog: pytest.LogCaptureFixture) -> Watch:
    add_cast(app)
    browser = as_role("administrateur")
    browser.get("/account/password/")
    return Watch(browser, caplog)


def test_no_field_of_any_address_makes_an_error(app: Flask, watch: Watch, engine: str) -> None:
    turn, names = 0, set[str]()
    for route, fields in known_addresses(app, "GET"):
        if route.endpoint.partition(".")[0] in ("security", "static"):
            continue
        with listening(app) as asked:
            watch.send("GET", with_fields(route.path, fields))
        for name in sorted(asked | set(fields)):
            names.add(name)
            others = {key: value for key, value in fields.items() if key != name}
            for _ in range(EACH[engine]):
                turn += 1
                watch.send("GET", with_fields(route.path, others, f"{name}={ODD[turn % len(ODD)]}"))
            if name in fields:
                watch.send("GET", with_fields(route.path, fields, f"{name}=2&{name}[]=3"))
    assert watch.wrong == []
    assert watch.count > 300
    assert {"id", "sort", "search", "after", "tab", "name", "q"} <= names


def test_no_field_of_any_form_makes_an_error(app: Flask, watch: Watch, engine: str) -> None:
    """All fields at once: each is read and checked by itself, whatever is wrong with the others."""
    turn = 0
    for route, fields in known_addresses(app, "POST"):
        if route.endpoint in ("security.logout", "second_factor.confirm"):
            continue
        watch.browser.get("/account/password/")
        token = {"csrf_token": watch.browser.csrf_token}
        with listening(app) as asked:
            watch.send("POST", with_fields(route.path, fields), data=token)
        for _ in range(EACH[engine]):
            turn += 1
            body = "&".join(f"{name}={ODD[(turn + at) % len(ODD)]}" for at, name in enumerate(sorted(asked)))
            watch.send(
                "POST",
                with_fields(route.path, fields),
                data=f"csrf_token={watch.browser.csrf_token}&{body}".encode(),
                content_type="application/x-www-form-urlencoded",
            )
    assert watch.wrong == []


@on_sqlite_only
def test_a_body_that_is_no_form_makes_no_error_and_changes_nothing(app: Flask, watch: Watch) -> None:
    before = tables(app)
    odd = (
        "client.edit_view",
        "contact.create_view",
        "settings.edit_view",
        "user.create_view",
        "task.done_view",
    )
    bodies = (
        {"json": {"name": {"a": 1}, "id": [1]}},
        {"json": [1, 2]},
        {"data": b"\x00\xff" * 50, "content_type": "application/octet-stream"},
        {"data": b"<a/>", "content_type": "application/xml"},
        {
            "data": b"name=x&csrf_token=%FF",
            "content_type": "application/x-www-form-urlencoded; charset=utf-7",
        },
        {"data": b"--x\r\nContent-Disposition: form-data", "content_type": "multipart/form-data; boundary=x"},
        {"data": b"name=x", "content_type": "multipart/form-data"},
        {"data": b"&".join(b"a%d=1" % number for number in range(5_000))},
    )
    for route, fields in known_addresses(app, "POST"):
        if route.endpoint in odd:
            for body in bodies:
                watch.send("POST", with_fields(route.path, fields), **dict(body))
    assert watch.wrong == []
    assert watch.count == len(odd) * len(bodies)
    assert changed(before, tables(app)) == {}


@on_sqlite_only
@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_and_no_field_turns_one_method_into_another(app: Flask, watch: Watch, header: str) -> None:
    before = tables(app)
    for method in ("POST", "DELETE", "PUT"):
        for address in ("/client/delete/?id=1", "/client/edit/?id=1&_method=POST", "/user/deactivate/?id=2"):
            watch.send("GET", address, headers={header: method})
    assert watch.wrong == []
    assert set(changed(before, tables(app))) <= LOOKS


@on_sqlite_only
def test_a_huge_header_cookie_or_search_is_an_answer(app: Flask, watch: Watch) -> None:
    for address in ("/client/", "/search/", "/contact/", "/event/", "/history/"):
        for name in ("search", "q"):
            watch.send("GET", f"{address}?{name}={'a' * 200_000}")
    for headers in (
        {"Accept-Language": "fr-" * 30_000},
        {"Cookie": "session=" + "A" * 60_000},
        {"Cookie": "session=\u00ff; session=.."},
        {"User-Agent": "\u00ff" * 5_000},
        {"X-Forwarded-For": "1.2.3.4, " * 5_000, "X-Forwarded-Host": "evil.example"},
        {"Referer": "javascript:alert(1)", "Origin": "null"},
        {"Range": "bytes=0-0,-1"},
        {"If-Modified-Since": "x" * 100, "If-None-Match": "x" * 10_000},
        {"HX-Request": "true", "HX-Target": "' OR 1=1 --", "HX-Current-URL": "//evil.example"},
    ):
        watch.send("GET", "/client/", headers=headers)
    assert watch.wrong == []


@on_sqlite_only
def test_without_its_check_an_odd_id_would_be_an_error_that_the_walk_sees(
    app: Flask, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.admin.records.read_id", lambda text: int(text))
    watch.send("GET", "/client/details/?id=1")
    assert watch.wrong == []
    watch.send("GET", f"/client/details/?id={10**24}")
    assert len(watch.wrong) == 1
