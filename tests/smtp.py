"""A mail server on this machine: it keeps what it is given, and answers as a test tells it to.

post        the server; the app of the test hands its mails over to it
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask


@dataclass
class Post:
    """What has arrived, and what the next mails are answered instead of being taken."""

    mails: list[EmailMessage] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    #: Called while a mail is handed over.
    meanwhile: Callable[[], Any] | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.meanwhile is not None:
            self.meanwhile()
        if self.answers:
            return self.answers.pop(0)
        parsed: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(parsed)
        self.readers += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    made, port = Post(), _free_port()
    server = Controller(made, hostname="127.0.0.1", port=port)
    server.start()
    settings = replace(app.extensions["settings"], mail_url=f"smtp://127.0.0.1:{port}")
    monkeypatch.setitem(app.extensions, "settings", settings)
    yield made
    server.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
