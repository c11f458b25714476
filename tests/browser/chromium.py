"""Chromium of the system, and the product served for it: for journeys and for pictures."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

#: By the names that it has on Debian, Fedora and macOS.
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
#: How often the server looks whether it is to end; the usual half a second is waited for by every single test.
_LOOK_SECONDS = 0.02
#: It asks nobody anything beyond this machine.
_QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
MISSING = "no Chromium on this machine (Debian: apt install chromium)"


def program() -> str | None:
    """Where Chromium is; None when there is none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


@contextmanager
def started(path: str) -> Iterator[Browser]:
    """A Chromium that runs for as long as the block."""
    # Chromium's own cage does not work for root.
    cage = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_QUIET, *cage])
        yield browser
        browser.close()


class _Gate:
    """Lets requests in until it is shut, and then waits for those that are inside.

    A page that is closed says goodbye: a request that came later would open the database of the test before, and
    leave its connection to the next one.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._moved = threading.Condition()
        self._inside = 0
        self._is_shut = False

    def __call__(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        with self._moved:
            if self._is_shut:
                start_response("503 Service Unavailable", [("Content-Length", "0")])
                return
            self._inside += 1
        try:
            answer = self._app(environ, start_response)
            try:
                yield from answer
            finally:
                if hasattr(answer, "close"):
                    answer.close()
        finally:
            with self._moved:
                self._inside -= 1
                self._moved.notify_all()

    def shut(self) -> None:
        with self._moved:
            self._is_shut = True
            assert self._moved.wait_for(lambda: self._inside == 0, timeout=20)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the product answers for as long as the block."""
    gate = _Gate(app)
    server = make_server("127.0.0.1", 0, gate, threaded=True)
    serving = threading.Thread(target=server.serve_forever, args=(_LOOK_SECONDS,))
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        serving.join()
        gate.shut()
        server.server_close()
