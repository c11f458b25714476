"""The addresses of the product with an id that is there, so that an attack gets as far as it can."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Flask

from tests.browser.pages import LIKE_TYPES, records
from tests.house.routes import Route, all_routes, right_of

#: Whose id each view asks for, where it is not called as in `records`.
_AS = {
    "companytype": "type",
    "paymentterm": "term",
    "email": "message",
    "entry": "note",
    "calendar": "event",
}
#: Views of which several are the same, line by line: one stands for all.
_ALIKE = {"action_view", "ajax_update", "export"}


def known_addresses(app: Flask, method: str) -> Iterator[tuple[Route, dict[str, str]]]:
    """Each route of this method that is open to somebody, with the fields that name a record of the cast."""
    found = records(app)
    for route in all_routes(app):
        view, _dot, name = route.endpoint.rpartition(".")
        if route.method != method or right_of(route.endpoint) == "nobody" or view in LIKE_TYPES:
            continue
        if name not in _ALIKE:
            yield route, {"id": str(found.get(_AS.get(view, view), 1)), "client": str(found["client"])}


def with_fields(path: str, fields: dict[str, str], raw: str = "") -> str:
    """An address with these fields, and behind them what is written as it stands."""
    return f"{path}?{'&'.join(filter(None, [urlencode(fields), raw]))}"
