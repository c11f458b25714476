"""Somebody in front of a real browser, as far as a server can tell: HTTP over a socket, cookies, forms out of pages."""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from lxml.html import HtmlElement, document_fromstring

from tests.forms import Form, find

PATIENCE = 30


class NoAnswer(Exception):
    """The server did not answer: nobody listens, or the connection broke."""


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    headers: http.client.HTTPMessage
    text: str
    seconds: float

    @property
    def tree(self) -> HtmlElement:
        return document_fromstring(self.text or "<p>")

    @property
    def goes_to(self) -> str:
        return self.headers.get("Location", "")

    def form(self, selector: str) -> Form:
        found = find(self.tree, selector)
        assert found is not None, f"no form {selector} ({self.status}): {self.text[:600]}"
        return found


class Visitor:
    """One person at one address. Redirects are not followed: what is sent there is the acknowledgement."""

    def __init__(self, port: int, *cookie: str) -> None:
        self.port = port
        self.cookies = {cookie[0]: cookie[1]} if cookie else {}

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, fields: Any) -> Answer:
        pairs = fields.items(multi=True) if hasattr(fields, "getlist") else fields.items()
        body = urlencode([(name, str(value)) for name, value in pairs]).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request on a connection of its own. Raises NoAnswer."""
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body, {"Connection": "close", **self._kept(), **(headers or {})})
            response = line.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(repr(error)) from None
        finally:
            line.close()
        self._keep(response.headers)
        return Answer(response.status, response.headers, text, time.monotonic() - began)

    def submit(self, page: Answer, selector: str, path: str, /, **changes: Any) -> Answer:
        """Fill in a form of a page and send it to its address, by default that of the page."""
        form = page.form(selector)
        return self.post(str(form.attributes.get("action") or path), form.fields(changes))

    def log_in(self, email: str, password: str) -> Answer:
        page = self.get("/login")
        return self.submit(page, "form:has([name=password])", "/login", email=email, password=password)

    def _kept(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _keep(self, headers: http.client.HTTPMessage) -> None:
        for sent in headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(sent).items():
                self.cookies[name] = morsel.value
