"""Pages as a browser sees and sends them: forms are read out of the page, changed, and posted whole.

A `Browser` is one person in one browser. Nothing is made up: a field that the page does not show cannot
be sent by `submit` (attacks and scripts use `post`, which sends what it is given plus the page's token).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.local import LocalProxy
from werkzeug.test import TestResponse

#: Controls that a browser sends only when they are pressed or ticked, or never.
_BUTTONS = ("submit", "button", "image", "reset", "file")
_CONTROLS = ["input", "select", "textarea", "button"]
_BOXES = ("checkbox", "radio")
_REDIRECTS = 5


class Browser:
    """One person in one browser: cookies, the page that is shown, and where it is."""

    def __init__(self, app: Flask, base_url: str = "http://localhost") -> None:
        self.client = app.test_client()
        self._base = base_url
        self.path = "/"
        self.response: TestResponse
        self._parsed: Callable[[], BeautifulSoup] = lambda: self.get("/")

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
        tag = self.form(form) if isinstance(form, str) else form
        fields = fill(tag, changes)
        for name in without:
            fields.pop(name)
        if pressed := _button(tag, press):
            fields.add(*pressed)
        action = urljoin(self.path, str(tag.get("action") or self.path))
        method = str(tag.get("method") or "get").upper()
        if method == "GET":
            return self._show("GET", urlsplit(action).path, query_string=fields)
        return self._show("POST", action, data=fields)

    def go_back(self, page: BeautifulSoup, path: str) -> None:
        """Show a page again that was kept, as it was then."""
        self._parsed, self.path = (lambda: page), path

    def log_in(self, email: str, password: str) -> BeautifulSoup:
        self.get("/login")
        return self.submit("form:has([name=password])", email=email, password=password)

    # -- what the page says

    @property
    def page(self) -> BeautifulSoup:
        """The page that is shown; the first page, before anything was opened."""
        return self._parsed()

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """The words of the page, with single spaces."""
        return " ".join(self.page.get_text(" ").split())

    @property
    def csrf_token(self) -> str:
        tag = self.page.select_one("[name=csrf_token], meta[name=csrf-token]")
        return str(tag.get("value") or tag.get("content") or "") if tag else ""

    def form(self, selector: str = "form") -> Tag:
        tag = self.page.select_one(selector)
        assert tag is not None, f"no form {selector} on {self.path} ({self.status}): {self.text[:500]}"
        return tag

    def fields(self, selector: str = "form") -> MultiDict[str, Any]:
        """What the form holds now, as it would be sent."""
        return fill(self.form(selector), {})

    def error_of(self, field: str) -> str:
        """The sentences beside a field, found by what the field is described by; "" when there is none."""
        control = self.page.select_one(f'[name="{field}"]:not([type=hidden])')
        assert control is not None, f"no field {field} on {self.path}"
        ids = f"{control.get('aria-errormessage') or ''} {control.get('aria-describedby') or ''}".split()
        wrong = control.get("aria-invalid") == "true"
        found = [tag.get_text(" ", strip=True) for id_ in ids if (tag := self.page.find(id=id_))]
        return " ".join(found) if wrong else ""

    def _show(self, method: str, path: str, **options: Any) -> BeautifulSoup:
        self.response = self.client.open(path, method=method, base_url=self._base, **options)
        self.path = path
        for _ in range(_REDIRECTS):
            if self.response.status_code not in (301, 302, 303, 307, 308):
                break
            self.path = _local(urljoin(self.path, self.response.headers["Location"]))
            self.response = self.client.get(self.path, base_url=self._base)
        html = self.response.get_data(as_text=True) if self.response.mimetype == "text/html" else ""
        # Most answers are only sent for their status or their traces: a page is read once somebody looks at it.
        self._parsed = cache(lambda: BeautifulSoup(html, "lxml"))
        return cast(BeautifulSoup, LocalProxy(self._parsed))


def fill(form: Tag, changes: Mapping[str, Any]) -> MultiDict[str, Any]:
    """The fields that a browser would send for this form after these changes."""
    fields: MultiDict[str, Any] = MultiDict()
    named = [tag for tag in controls(form) if tag.has_attr("name")]
    for control in named:
        if control.name != "button" and not control.has_attr("disabled"):
            for value in _values(control, changes):
                fields.add(str(control["name"]), value)
    known = {str(control["name"]) for control in named}
    boxes = {str(control["name"]) for control in named if control.get("type") in _BOXES}
    for name, value in changes.items():
        if name not in known:
            raise KeyError(f"the form has no field {name}; it has {', '.join(sorted(known))}")
        if name not in boxes:
            fields.setlist(name, value if isinstance(value, list) else [str(value)])
    return fields


def controls(form: Tag) -> Iterator[Tag]:
    """The controls of a form: those inside it, and those elsewhere that name it."""
    yield from (tag for tag in form.find_all(_CONTROLS) if isinstance(tag, Tag))
    parents, id_ = form.find_parents(), form.get("id")
    for tag in parents[-1].find_all(_CONTROLS, form=id_) if id_ and parents else ():
        if isinstance(tag, Tag) and form not in tag.parents:
            yield tag


def _values(control: Tag, changes: Mapping[str, Any]) -> list[str]:
    kind = str(control.get("type") or "text").lower()
    if control.name == "textarea":
        return [control.get_text().removeprefix("\n")]
    if control.name == "select":
        return _selected(control)
    if kind in _BUTTONS:
        return []
    value = str(control.get("value", "on" if kind in _BOXES else ""))
    if kind not in _BOXES:
        return [value]
    ticked = changes.get(str(control["name"]), control.has_attr("checked"))
    if isinstance(ticked, list):  # of several boxes with one name, those with these values
        ticked = value in map(str, ticked)
    if kind == "radio" and not isinstance(ticked, bool):
        ticked = str(ticked) == value
    return [value] if ticked else []


def _selected(select: Tag) -> list[str]:
    options = [option for option in select.find_all("option") if isinstance(option, Tag)]
    chosen = [option for option in options if option.has_attr("selected")]
    if not chosen and options and not select.has_attr("multiple"):
        chosen = options[:1]
    return [str(option.get("value", option.get_text(strip=True))) for option in chosen]


def _button(form: Tag, name: str | None) -> tuple[str, str] | None:
    for button in controls(form):
        if not _sends(button) or name not in (None, button.get("name")):
            continue
        return (str(button["name"]), str(button.get("value", ""))) if button.has_attr("name") else None
    assert name is None, f"the form has no button {name}"
    return None


def _sends(control: Tag) -> bool:
    kind = control.get("type", "submit" if control.name == "button" else "text")
    return control.name in ("button", "input") and kind == "submit"


def _local(address: str) -> str:
    url = urlsplit(address)
    return f"{url.path}?{url.query}" if url.query else url.path
