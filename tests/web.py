"""Pages as a browser sees and sends them: forms are read out of the page, changed, and posted whole.

A `Browser` is one person in one browser. Nothing is made up: a field that the page does not show cannot
be sent by `submit` (attacks and scripts use `post`, which sends what it is given plus the page's token).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from lxml.html import HtmlElement, document_fromstring
from werkzeug.datastructures import MultiDict
from werkzeug.local import LocalProxy
from werkzeug.test import TestResponse

from tests.forms import Form, find, form_of

_REDIRECTS = 5


class Shown:
    """A page that came. Most are only sent for their status or their traces, and of many the forms alone are wanted:
    each is read once somebody looks at it, and no further than that asks for."""

    def __init__(self, html: str) -> None:
        self._html = html

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self._html, "lxml")

    @cached_property
    def tree(self) -> HtmlElement:
        """The same page, read ten times as fast."""
        return document_fromstring(self._html or "<p>")

    def form(self, selector: str) -> Form | None:
        if "soup" in vars(self):  # somebody has looked at the page, and may have changed it
            tag = self.soup.select_one(selector)
            return form_of(tag) if tag else None
        return find(self.tree, selector)


class Browser:
    """One person in one browser: cookies, the page that is shown, and where it is."""

    def __init__(self, app: Flask, base_url: str = "http://localhost") -> None:
        self.client = app.test_client()
        self._base = base_url
        self.path = "/"
        self.response: TestResponse
        self._shown: Shown | None = None

    # -- moving about

    def get(self, path: str, **options: Any) -> BeautifulSoup:
        """Open an address and follow where it leads. The answer's status is in `status`."""
        return self._show("GET", path, **options)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> BeautifulSoup:
        """Send fields of one's own choosing, with the CSRF token of the page that is shown."""
        fields: MultiDict[str, Any] = MultiDict(data or {})
        fields.setdefault("csrf_token", self.csrf_token)
        return self._show("POST", path, data=fields, **options)

    def submit(
        self,
        form: Tag | str = "form",
        press: str | None = None,
        without: Any = (),
        **changes: Any,
    ) -> BeautifulSoup:
        """Fill in and send a form of the page, as a browser does.

        `form` is the tag or its CSS selector; `press` the name of the button, the first one by default;
        `changes` the fields that are filled in (a list for several values, a boolean for a box);
        `without` names of fields to leave out. Raises KeyError for a field that the form does not have.
        """
        found = self._found(form) if isinstance(form, str) else form_of(form)
        fields = found.fields(changes)
        for name in without:
            fields.pop(name)
        if pressed := found.button(press):
            fields.add(*pressed)
        action = urljoin(self.path, found.attributes.get("action") or self.path)
        method = found.attributes.get("method", "get").upper()
        if method == "GET":
            return self._show("GET", urlsplit(action).path, query_string=fields)
        return self._show("POST", action, data=fields)

    def go_back(self, page: BeautifulSoup, path: str) -> None:
        """Show a page again that was kept, as it was then."""
        self._shown, self.path = Shown(str(page)), path

    def log_in(self, email: str, password: str) -> BeautifulSoup:
        self.get("/login")
        return self.submit("form:has([name=password])", email=email, password=password)

    # -- what the page says

    @property
    def page(self) -> BeautifulSoup:
        """The page that is shown; the first page, before anything was opened."""
        return self._now.soup

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """The words of the page, with single spaces."""
        return " ".join(self.page.get_text(" ").split())

    @property
    def csrf_token(self) -> str:
        found = self._now.tree.xpath("//*[@name='csrf_token']/@value | //meta[@name='csrf-token']/@content")
        return str(found[0]) if found else ""

    def form(self, selector: str = "form") -> Tag:
        tag = self.page.select_one(selector)
        assert tag is not None, f"no form {selector} on {self.path} ({self.status}): {self.text[:500]}"
        return tag

    def fields(self, selector: str = "form") -> MultiDict[str, Any]:
        """What the form holds now, as it would be sent."""
        return self._found(selector).fields({})

    def error_of(self, field: str) -> str:
        """The sentences beside a field, found by what the field is described by; "" when there is none."""
        tree = self._now.tree
        found = tree.xpath("//*[@name=$name and not(@type='hidden')]", name=field)
        assert found, f"no field {field} on {self.path}"
        ids = f"{found[0].get('aria-errormessage', '')} {found[0].get('aria-describedby', '')}".split()
        beside = [tag for id_ in ids for tag in tree.xpath("//*[@id=$id]", id=id_)[:1]]
        said = [text for tag in beside for piece in tag.itertext() if (text := piece.strip())]
        return " ".join(said) if found[0].get("aria-invalid") == "true" else ""

    @property
    def _now(self) -> Shown:
        if self._shown is None:
            self.get("/")
        return cast(Shown, self._shown)

    def _found(self, selector: str) -> Form:
        form = self._now.form(selector)
        assert form is not None, f"no form {selector} on {self.path} ({self.status}): {self.text[:500]}"
        return form

    def _show(self, method: str, path: str, **options: Any) -> BeautifulSoup:
        self.response = self.client.open(path, method=method, base_url=self._base, **options)
        self.response.request.environ["wsgi.input"].close()  # a large one is a file that nobody closes
        self.path = path
        for _ in range(_REDIRECTS):
            if self.response.status_code not in (301, 302, 303, 307, 308):
                break
            self.path = _local(urljoin(self.path, self.response.headers["Location"]))
            self.response = self.client.get(self.path, base_url=self._base)
        html = self.response.get_data(as_text=True) if self.response.mimetype == "text/html" else ""
        self._shown = shown = Shown(html)
        return cast(BeautifulSoup, LocalProxy(lambda: shown.soup))


def fill(form: Tag, changes: Mapping[str, Any]) -> MultiDict[str, Any]:
    """The fields that a browser would send for this form after these changes."""
    return form_of(form).fields(changes)


def _local(address: str) -> str:
    url = urlsplit(address)
    return f"{url.path}?{url.query}" if url.query else url.path
