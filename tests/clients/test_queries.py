"""What a page costs does not grow with what stands on it: rows with choices of all kinds, and refused forms."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.clients.cast import add_client, add_clients, browser_of
from tests.clients.test_query_counts import counted
from tests.web import Browser


def cost(app: Flask, browser: Browser, address: str) -> list[str]:
    browser.get(address)  # once before: what a process asks only once is not the page's
    with counted(app) as sent:
        browser.get(address)
    assert browser.status == 200, address
    return sent


def rich_client(app: Flask, number: int) -> int:
    """A client with this many contacts and addresses, and subsidiaries; choices differ from row to row."""
    contacts = [
        {
            "email": f"c{n}@{number}.example",
            "civility_id": n % 5 + 1,
            "source_id": n % 7 + 1,
            "is_active": n > 1,
        }
        for n in range(number)
    ]
    addresses = [{"label": f"Dépôt {n}", "city": "Lyon"} for n in range(number)]
    group = add_client(app, f"Groupe {number}")
    own: dict[str, Any] = {"contacts": contacts, "addresses": addresses, "type_id": 1, "payment_term_id": 2}
    client_id = add_client(app, f"EDF {number}", parent_id=group, **own)
    daughters = [{"name": f"Filiale {number} {n}", "parent_id": client_id} for n in range(number // 2)]
    add_clients(app, daughters)
    return client_id


@pytest.mark.parametrize(
    "address",
    ["/client/details/?id={}", "/client/edit/?id={}", "/client/deactivate/?id={}", "/client/?flt_parent={}"],
)
def test_rows_with_choices_of_all_kinds_cost_no_more_than_few(app: Flask, address: str) -> None:
    few, many = rich_client(app, 2), rich_client(app, 60)
    browser = browser_of(app)
    small, large = cost(app, browser, address.format(few)), cost(app, browser, address.format(many))
    assert len(large) <= len(small), "\n".join(large)
    assert len(large) <= 12, "\n".join(large)


@pytest.mark.parametrize(
    "query", ["sort=type&desc=1", "sort=main_contact", "flt_type=1&flt_source=1", "search=zzzz"]
)
def test_no_order_filter_or_empty_search_costs_more_than_a_list_may(app: Flask, query: str) -> None:
    add_clients(
        app, [{"name": f"Société {n}", "type_id": n % 5 + 1, "main": {"source_id": 1}} for n in range(30)]
    )
    sent = cost(app, browser_of(app), f"/client/?{query}")
    assert len(sent) <= 8, "\n".join(sent)


def test_a_refused_form_of_many_rows_costs_no_more_than_one_of_few(app: Flask) -> None:
    browser, costs = browser_of(app), []
    for number in (8, 60):
        client_id = rich_client(app, number)
        browser.get(f"/client/edit/?id={client_id}")
        form = browser.fields("#record")
        form["name"] = ""
        with counted(app) as sent:
            browser.post(f"/client/edit/?id={client_id}", form)
        assert (browser.status, browser.path) == (200, f"/client/edit/?id={client_id}")
        costs.append(len(sent))
    assert costs[1] <= costs[0], "\n".join(sent)


@pytest.mark.parametrize("address", ["/companytype/", "/paymentterm/", "/settings/"])
def test_lookups_and_settings_cost_little(app: Flask, address: str) -> None:
    sent = cost(app, browser_of(app, "administrateur"), address)
    # The settings are two requests: their list leads to the one record, whose form notes who has it open.
    assert len(sent) <= 12, "\n".join(sent)
