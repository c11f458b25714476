"""What proxies in front say counts from as many as are trusted, and from nobody else."""

from __future__ import annotations

import pytest
from flask import request

from tests.conftest import MakeApp, on_sqlite_only

#: A visitor has made up the first of each; the proxy has added the second.
SAID = {
    "X-Forwarded-For": "198.51.100.9, 203.0.113.7",
    "X-Forwarded-Proto": "http, https",
    "X-Forwarded-Host": "evil.example, clients.exemple.fr",
}


@pytest.mark.parametrize(
    ("proxies", "found"),
    [
        ("0", ("127.0.0.1", "http", "clients.exemple.fr:8000")),
        ("1", ("203.0.113.7", "https", "clients.exemple.fr")),
    ],
)
@on_sqlite_only
def test_who_asks_by_which_scheme_is_what_the_trusted_proxy_says(
    make_app: MakeApp, proxies: str, found: tuple[str, ...]
) -> None:
    app = make_app(TRUSTED_PROXIES=proxies, PUBLIC_URL="https://clients.exemple.fr")
    with app.test_client() as client:
        client.get("/login", headers=SAID, base_url="http://clients.exemple.fr:8000")
        assert (request.remote_addr, request.scheme, request.host) == found


@on_sqlite_only
def test_a_host_that_is_not_ours_is_refused_though_the_proxy_hands_it_on(make_app: MakeApp) -> None:
    app = make_app(TRUSTED_PROXIES="1", PUBLIC_URL="https://clients.exemple.fr")
    answer = app.test_client().get("/login", headers={"X-Forwarded-Host": "evil.example"})

    assert answer.status_code == 400
