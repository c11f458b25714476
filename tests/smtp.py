"""A real mail server on this machine for tests: keeps what it takes, and refuses what it is told to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


class MailServer:
    """The letters it has taken, and what it answers to the next ones (a line such as "550 no such user")."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: list[str] = []
        self.url = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 OK"


@contextmanager
def listening() -> Iterator[MailServer]:
    """A server that listens on a port of its own."""
    kept = MailServer()
    with socket.socket() as probe:  # it looks itself up under its port, so that 0 is none
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        kept.url = f"smtp://127.0.0.1:{port}"
        yield kept
    finally:
        controller.stop()
