"""Addresses that somebody has tampered with, or that a program has made badly, are answered all the same."""

from __future__ import annotations

import base64
import json
from itertools import product
from typing import Any

from flask import Flask

from tests.clients.cast import add_client, add_clients, browser_of
from tests.clients.test_list import listed


def position(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


ODD: list[dict[str, Any]] = [
    *({"page": value} for value in ("-1", "0", "abc", str(10**24))),
    *(
        {"sort": value}
        for value in ("zzz", "-1", "99", "²", "id", "name; DROP TABLE client", str(10**24), "\x00")
    ),
    *({"page_size": value} for value in ("-1", "0", "7", "abc", str(10**24), "²")),
    *({"desc": value} for value in ("2", "x", "\x00")),
    *({"status": value} for value in ("", "zzz", "\x00")),
    *(
        {key: value}
        for key in ("after", "before")
        for value in (
            "garbage",
            "\x00",
            "é",
            "=" * 50,
            "A" * 5000,
            position(),
            position("x"),
            position("x", "y"),
            position(1, 1),
            position(None, None),
            position("\ud800", 1),
            position("a\x00b", 1),
            position("x", 10**24),
            position("x", 2**63 - 1),
            position("x", -(2**63)),
            position({"a": 1}, [2]),
            position("x", True),
        )
    ),
    *(
        {"sort": "created_at", "after": position(value, 1)}
        for value in (
            "2026-01-01",
            "2026-01-01T00:00:00",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-12:00",
            "x",
        )
    ),
    *({"sort": "is_active", "after": position(value, "a", 1)} for value in (True, 1, "true", None)),
    *(
        {f"flt_{name}": value}
        for name in ("type", "language", "source", "parent")
        for value in ("-1", "0", "abc", "²", str(10**24), "999", "\x00", "1 OR 1=1")
    ),
    *(
        {f"flt_created_{name}": value}
        for name in ("from", "to")
        for value in ("31/02/2026", "0001-01-01", "9999-12-31", "2026-13-01", "x", "\x00", "²")
    ),
    *({"flt_city": value} for value in ("\x00", "a" * 5000, "\\", "'")),
    {"flt_vat_regime": "zzz"},
    {"flt_country": "\x00"},
    {"flt_zzz": "1"},
    {"flt": "1"},
    {"flt0_": "1"},
    {"search": "a" * 200_000},
    {"search": "é " * 100_000},
    {"search": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
    {"search": "\\%_" * 50},
]


def test_odd_arguments_never_break_the_list(app: Flask) -> None:
    add_clients(app, [{"name": "EDF"}, {"name": "Engie"}])
    browser = browser_of(app, "lecture")
    for arguments in ODD:
        answer = browser.client.get("/client/", query_string=arguments)
        assert answer.status_code in (200, 400), {key: str(value)[:80] for key, value in arguments.items()}
        assert "SELECT" not in answer.text


def test_a_position_that_cannot_be_read_is_the_beginning(app: Flask) -> None:
    add_clients(app, [{"name": "EDF"}, {"name": "Engie"}])
    browser = browser_of(app)
    for odd in ("garbage", position("x"), position(1, 1), position("\ud800", 1)):
        assert listed(browser, after=odd) == ["EDF", "Engie"], odd
        assert listed(browser, before=odd) == ["EDF", "Engie"], odd


ODD_IDS = ("", "0", "-1", "abc", "1.5", "²", "999", str(10**24), "1 OR 1=1", "1\x00")
PAGES = {
    "id": (
        "client/details",
        "client/edit",
        "client/deactivate",
        "contact/details",
        "contact/edit",
        "address/edit",
    ),
    "client": ("contact/new", "address/new"),
}


def test_odd_ids_find_nothing(app: Flask) -> None:
    add_client(app, "EDF")
    browser = browser_of(app)
    for id_, (name, pages) in product(ODD_IDS, PAGES.items()):
        for page in pages:
            answer = browser.client.get(f"/{page}/", query_string={name: id_})
            assert answer.status_code == 404, (page, id_)
