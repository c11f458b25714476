"""A mail server on this machine, slow on purpose, that remembers what it has taken."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller

from tests.faults.site import free_port


class Post:
    """What has arrived, by subject; each mail takes some time to be taken."""

    def __init__(self, seconds: float) -> None:
        self.port, self.arrived, self.ids = free_port(), Counter[str](), Counter[str]()
        self.is_taking = threading.Event()
        self._seconds = seconds

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.arrived[str(message["Subject"])] += 1
        self.ids[str(message["Message-ID"])] += 1
        self.is_taking.set()
        await asyncio.sleep(self._seconds)
        self.is_taking.clear()
        return "250 OK"


@contextmanager
def post(seconds: float = 0.1) -> Iterator[Post]:
    """The server, for as long as the block."""
    made = Post(seconds)
    server = Controller(made, hostname="127.0.0.1", port=made.port)
    server.start()
    try:
        yield made
    finally:
        server.stop()
