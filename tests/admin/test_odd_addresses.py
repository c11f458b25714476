"""Ids, sorts, filters and pages that nobody offers: 404 or an ordinary list, on either engine never an error."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from backoffice.admin.records import RecordView
from tests.clients.cast import add_client, state
from tests.conftest import AsRole
from tests.web import Browser

ODD_IDS = (
    "",
    "abc",
    "0",
    "-1",
    "1.0",
    "1,2",
    "1e3",
    "%00",
    "1%00",
    "%EF%BC%91",  # a full-width 1, which Python takes for a digit
    "2147483648",
    "9" * 19,
    "1" + "0" * 24,
    "' OR 1=1 --",
    "9999999",
)
#: One of each kind, for the addresses that take an id.
SOME_ODD_IDS = ("abc", "1%00", "%EF%BC%91", "1" + "0" * 24, "9999999")
#: Endpoints of record views that answer without an id.
WITHOUT_ID = {
    "index_view",
    "create_view",
    "ajax_lookup",
    "choices_view",
    "columns_view",
    "count_view",
    "countries_view",
    "likely_view",
    "logo_view",
    "order_view",
    "proposals_view",
}


def record_views(app: Flask) -> list[RecordView]:
    return [view for view in app.extensions["admin"][0]._views if isinstance(view, RecordView)]


def addresses_with_an_id(app: Flask) -> Iterator[tuple[str, str]]:
    """(method, address) of all that acts on one record and is open to somebody."""
    views = {view.endpoint: view for view in record_views(app)}
    for rule in app.url_map.iter_rules():
        endpoint, _dot, name = rule.endpoint.rpartition(".")
        if endpoint in views and name in views[endpoint].rights and name not in WITHOUT_ID:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, rule.rule


def answer(browser: Browser, method: str, address: str) -> int:
    data = {"csrf_token": browser.csrf_token} if method == "POST" else None
    return browser.client.open(address, method=method, data=data).status_code


def test_an_odd_id_is_a_page_that_does_not_exist(app: Flask, as_role: AsRole) -> None:
    add_client(app, "Atelier Lefèvre")
    browser = as_role("administrateur")
    before = state(app)
    asked = [
        (method, f"{address}?id={odd}")
        for method, address in addresses_with_an_id(app)
        for odd in SOME_ODD_IDS
    ] + [("GET", f"/client/details/?id={odd}") for odd in ODD_IDS]

    wrong = {
        f"{method} {address}": status
        for method, address in asked
        if (status := answer(browser, method, address)) != 404
    }

    assert wrong == {}
    assert len(asked) > 150
    assert state(app) == before


def test_an_id_that_is_missing_is_a_page_that_does_not_exist(app: Flask, as_role: AsRole) -> None:
    browser = as_role("administrateur")

    assert {
        f"{method} {address}": status
        for method, address in addresses_with_an_id(app)
        if address != "/address/default/" and (status := answer(browser, method, address)) != 404
    } == {}


def test_a_contact_or_an_address_is_added_to_a_client_that_exists(as_role: AsRole) -> None:
    browser = as_role("gestionnaire")

    for address in ("/contact/new/", "/address/new/", "/address/default/"):
        for odd in SOME_ODD_IDS:
            assert answer(browser, "POST", f"{address}?client={odd}") == 404, (address, odd)


ODD_ARGUMENTS = (
    "page=-1",
    f"page={10**24}",
    "page=abc",
    "page_size=0",
    "page_size=-5",
    f"page_size={10**24}",
    "sort=password",
    "sort=999999",
    "sort=%00",
    "sort=-1",
    "sort=1;drop",
    "sort=%C2%B2",  # a superscript 2, a digit that is no number
    "desc=%00",
    "status=%00",
    "status=deleted",
    "after=%00",
    "after=!!!",
    "after=W10",  # []
    "after=WyJhIiwgMV0",  # ["a", 1]
    "before=W251bGwsIG51bGxd",  # [null, null]
    "after=WzFlOTk5LCAxZTk5OV0",  # [1e999, 1e999]
    "after=WyJcdTAwMDAiLCAxXQ",  # ["\0", 1]
    f"after={'W' * 5000}",
    "search=%00",
    "search=%25",
    "search=%5C",
    "search=%ED%A0%80",  # half of a surrogate pair
    f"search={'%F0%9F%8D%9E' * 3000}",
    "flt_type=abc",
    f"flt_type={10**24}",
    "flt_type=%C2%B2",
    "flt_country=%00",
    "flt_city=%25",
    "flt_parent=%C2%B2",
    f"flt_parent={10**24}",
    "flt_created_from=31/02/2026",
    "flt_created_from=0001-01-01",
    "flt_created_to=9999-12-31",
    "flt_created_to=31/12/9999",
    "flt_vat_regime=%00",
    "flt_unknown=1",
    "flt0_0=1",
    "flt=1",
)


def test_whatever_a_list_is_asked_for_it_is_a_list(app: Flask, as_role: AsRole) -> None:
    add_client(app, "Atelier Lefèvre")
    browser = as_role("administrateur")

    wrong = {
        f"{address}?{argument}": status
        for address, arguments in (
            ("/client/", ODD_ARGUMENTS),
            ("/contact/", ODD_ARGUMENTS[::3]),
            ("/source/", ODD_ARGUMENTS[1::3]),
            ("/user/", ODD_ARGUMENTS[2::3]),
        )
        for argument in arguments
        if (status := answer(browser, "GET", f"{address}?{argument}")) != 200
    }

    assert wrong == {}


def test_a_search_of_200_kilobytes_is_an_answer(as_role: AsRole) -> None:
    browser = as_role("lecture")

    assert answer(browser, "GET", f"/client/?search={'a' * 200_000}") in (200, 400, 414)
