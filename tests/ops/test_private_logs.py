"""The canary: whatever the program does, at the most talkative level too, no line of its log says who or what about."""

from __future__ import annotations

import json
import logging
import re
import socket
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backoffice.emails.models import Email
from backoffice.ops.logs import configure_logging
from tests.agenda.cast import make_address, read
from tests.clients.cast import add_client, browser_of, contact_ids, rows
from tests.conftest import Work
from tests.emails.cast import write
from tests.emails.letters import drop, letter
from tests.ops.test_serve import free_port, served
from tests.smtp import Post
from tests.smtp import post as post
from tests.users.people import PASSWORD, logged_in
from tests.web import Browser

#: What nobody else is called, writes, dials or types.
NAME, FIRST, COMPANY = "Zwanzigerova", "Xanthippe", "Xylophagia"
EMAIL, PHONE, STREET = "xanthippe@xylophagia.example", "06 99 88 77 66", "Impasse Quetzalcoatl"
TEXT, SUBJECT, SEARCHED = "perroquet confidentiel", "Ouistiti", "cacatoes"
WRONG, STRANGER, BROWSER = "mauvais ara bleu qui parle", "personne@nulle-part.example", "Axolotl/7.0"
ADDRESS = "203.0.113.77"
#: The mail server that the tests run.
_SERVER = "mail.log"
CANARIES = (
    NAME, FIRST, COMPANY, EMAIL, "xanthippe", "xylophagia", PHONE, "699887766", STREET, "Quetzalcoatl", TEXT,
    "perroquet", SUBJECT, SEARCHED, WRONG, "mauvais", STRANGER, "nulle-part", BROWSER, "Axolotl", ADDRESS, PASSWORD,
    "cheval",
)  # fmt: skip


Said = Callable[[], str]


@pytest.fixture
def said(app: Flask, capsys: pytest.CaptureFixture[str]) -> Iterator[Said]:
    """All that the program has logged since, at the most talkative level."""
    configure_logging("debug")
    yield lambda: capsys.readouterr().err
    configure_logging("info")


def leaks(written: str, *more: str) -> list[str]:
    """The lines that name one of them, however it is written. The mail server of the tests is none of ours."""
    lines = [found for line in written.splitlines() if (found := json.loads(line))["logger"] != _SERVER]
    readable = [json.dumps(line, ensure_ascii=False) for line in lines]
    unquoted = [urllib.parse.unquote_plus(line) for line in readable]
    digits = [re.sub(r"\D", "", line) for line in readable]
    return [
        f"{canary}: {line}"
        for line, open_, number in zip(readable, unquoted, digits, strict=True)
        for canary in (*CANARIES, *more)
        if canary.casefold() in f"{line} {open_} {number}".casefold()
    ]


def test_no_line_names_a_person_a_word_that_was_typed_or_a_secret(
    app: Flask, said: Said, post: Post, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = _sign_in(app)
    ada = browser_of(app, "administrateur", f"{FIRST} {NAME}")
    ada.client.environ_base |= {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": BROWSER}
    _keep_clients(ada)
    _write_mails(app, ada, post, work)
    calendar = make_address(ada)
    read(app, calendar)
    secrets |= {calendar.rpartition("/")[2].partition(".")[0]}
    _go_wrong(app, ada, monkeypatch)
    for job in ("reminders", "trash", "mails"):
        work(job)
    secrets |= {cookie.value for cookie in (ada.client._cookies or {}).values()} | {ada.csrf_token}
    ada.post("/logout")

    ada.get("/health/live")  # told at the most talkative level only
    assert {row["state"] for row in rows(app, Email)} == {"sent", "failed", "queued", "logged"}
    written = said()
    lines = [found for line in written.splitlines() if (found := json.loads(line))["logger"] != _SERVER]
    assert leaks(written, *secrets) == []
    assert {line["status"] for line in lines if line["event"] == "request"} >= {
        200,
        302,
        400,
        403,
        404,
        405,
        500,
    }
    assert {"debug", "info", "error"} <= {line["level"] for line in lines}
    assert any("mail not sent" in line["event"] for line in lines)


def _sign_in(app: Flask) -> set[str]:
    """Right, wrong, as nobody, and by a link that is mailed. Returns what must stay secret."""
    browser_of(app, "gestionnaire", f"{NAME} {FIRST}")
    email = f"{NAME}.{FIRST}@office.example".lower()
    logged_in(app, email)
    for who, password in ((email, WRONG), (STRANGER, WRONG)):
        Browser(app).log_in(who, password)
    browser = Browser(app)
    browser.get("/reset")
    with browser.client.post("/reset", data={"email": email, "csrf_token": browser.csrf_token}):
        pass  # the mail goes out after the answer
    return {email, browser.csrf_token}


def _keep_clients(ada: Browser) -> None:
    """Made, refused, changed, found."""
    ada.get("/client/new/")
    fields = {"name": COMPANY, "street": STREET, "contacts-0-last_name": NAME, "contacts-0-first_name": FIRST}
    phone = {"contacts-0-mobile_phone": PHONE}
    ada.submit("#record", **fields, **phone, **{"contacts-0-email": f"{EMAIL} {WRONG}"})
    assert ada.error_of("contacts-0-email")
    ada.submit("#record", **fields, **phone, **{"contacts-0-email": EMAIL})
    assert ada.path.startswith("/client/details/"), ada.text
    ada.get("/client/new/")
    ada.submit("#record", name=COMPANY, **{"contacts-0-email": EMAIL})
    for path in ("/client/", "/contact/", "/event/", "/search/", "/history/"):
        ada.get(path, query_string={"search": SEARCHED, "q": SEARCHED})
    ada.get("/client/", query_string={"search": COMPANY, "after": f"{COMPANY},{NAME}", "sort": NAME})


def _write_mails(app: Flask, ada: Browser, post: Post, work: Work) -> None:
    """A note, a mail that goes, one that is refused, one that waits; a message that is kept, one that is not."""
    client = add_client(app, f"{COMPANY} {NAME}", f"2{EMAIL}", main={"last_name": NAME})
    (contact,) = contact_ids(app, client)
    for answers in ([], ["550 no such person as you said"], ["451 later"]):
        post.answers = list(answers)
        write(ada, client, contact, subject=f"{SUBJECT} {NAME}", body=TEXT)
        work("mails")
    post.unknown = {f"2{EMAIL}"}
    write(ada, client, contact, subject=f"{SUBJECT} {NAME}", body=TEXT)
    work("mails")
    drop(ada, client, letter(TEXT, Subject=SUBJECT, From=f"{NAME} <{EMAIL}>").as_bytes())
    drop(ada, client, f"{TEXT}\0".encode(), name=f"{NAME}.exe")


def _go_wrong(app: Flask, ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses that are none, a token that is none, a right that is none, an error that nobody has expected."""
    for path in (f"/client/{NAME}", f"/{EMAIL}", f"/reset/{NAME}", f"/client/details/?id={NAME}"):
        ada.get(path)
    ada.client.put("/client/", query_string={"search": NAME}, headers={"X-CSRFToken": ada.csrf_token})
    ada.client.post("/client/new/", data={"name": COMPANY, "csrf_token": NAME})
    browser_of(app, "lecture").post("/client/new/", {"name": COMPANY})

    def fail(*args: Any, **kwargs: Any) -> None:
        raise LookupError(f"no {COMPANY} for {EMAIL} at {STREET}, '{NAME}' was asked") from KeyError(PHONE)

    monkeypatch.setattr("backoffice.clients.services.begin", fail)
    ada.get("/client/new/")
    number = ada.fields("#record")
    ada.post("/client/new/", {**number, "name": COMPANY, "street": STREET, "contacts-0-email": f"9{EMAIL}"})
    assert ada.status == 500
    logging.getLogger("some.library").error("about %s", "nobody", exc_info=ValueError(f'"{NAME}" {EMAIL}'))


def test_the_number_on_an_error_page_leads_to_the_lines_of_the_request(
    app: Flask, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = browser_of(app)
    add_client(app, "EDF")

    def fail(*args: Any, **kwargs: Any) -> None:
        raise LookupError("odd")

    monkeypatch.setitem(app.view_functions, "client.index_view", fail)
    ada.get("/client/")
    (shown,) = re.findall(r"\b[0-9a-f]{32}\b", ada.text)

    assert ada.response.headers["X-Request-ID"] == shown
    lines = [json.loads(line) for line in said().splitlines()]
    mine = [line for line in lines if line.get("request_id") == shown]
    assert [line["event"] for line in mine] == ["unexpected error", "request"]
    assert mine[0]["exception"][0]["message"] == "odd"
    assert mine[0]["exception"][0]["frames"][-1].endswith(" fail")
    assert (mine[1]["path"], mine[1]["status"]) == ("/client/", 500)


def test_gunicorn_and_the_worker_are_as_discreet_at_the_most_talkative_level(tmp_path: Path) -> None:
    port = free_port()
    hostile = [
        f"GET /{NAME}?search={SEARCHED} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: session={WRONG}\r\n",
        f"POST /login?next={EMAIL} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {BROWSER}\r\nContent-Length: 0\r\n",
        f"{NAME} {EMAIL}\r\n",
        f"GET / HTTP/1.1\r\n{NAME}\r\n",
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{NAME} {FIRST}: x\r\n",
        f"GET / HTTP/9.{NAME}\r\nHost: {NAME}\r\n",
        f"GET /?{NAME}={'x' * 9000} HTTP/1.1\r\nHost: {EMAIL}\r\n",
    ]
    with served(tmp_path, port, BACKOFFICE_LOG_LEVEL="debug") as (server, _said):
        for request in hostile:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(f"{request}Connection: close\r\n\r\n".encode())
                while connection.recv(65536):
                    pass
        server.terminate()
        assert server.stderr is not None
        written = server.stderr.read()
    lines = [line for line in written.splitlines() if line.startswith("{")]
    assert leaks("\n".join(lines)) == []
    assert [canary for canary in CANARIES if canary.casefold() in written.casefold()] == []
    assert any('"debug"' in line for line in lines)
    assert sum('"event": "request"' in line for line in lines) >= 2
