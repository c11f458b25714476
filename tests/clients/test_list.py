"""The list of clients: filters, order, pages by key, and what stands around them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pytest
from flask import Flask

from backoffice.admin import pager
from backoffice.clients.admin import ClientView
from backoffice.clients.models import Client
from backoffice.lookups.models import CompanyType
from tests.clients.cast import add_client, add_clients, browser_of, change, contact_ids
from tests.clients.test_search import found
from tests.web import Browser

NEW_YEAR = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # already the first of January in Paris


def listed(browser: Browser, **arguments: Any) -> list[str]:
    browser.get("/client/", query_string=arguments)
    assert browser.status == 200, arguments
    return found(browser)


# --------------------------------------------------------------------------------------------- filters


@pytest.fixture
def cast(app: Flask) -> dict[str, int]:
    ids = add_clients(
        app,
        [
            {"name": "Alpha", "city": "Saint-Étienne", "type_id": 2, "vat_regime": "export"},
            {"name": "Bêta", "city": "Bruxelles", "country": "BE", "language_id": 2},
            {"name": "Gamma", "city": "Étampes", "contacts": [{"email": "g@g.example", "source_id": 3}]},
            {"name": "Delta", "created_at": NEW_YEAR},
            {"name": "Epsilon", "type_id": 2, "is_active": False},
        ],
    )
    made = dict(zip(("Alpha", "Bêta", "Gamma", "Delta", "Epsilon"), ids, strict=True))
    change(app, Client, made["Gamma"], parent_id=made["Alpha"])
    return made


def filters_of(cast: dict[str, int]) -> list[tuple[dict[str, Any], list[str]]]:
    return [
        ({}, ["Alpha", "Bêta", "Delta", "Gamma"]),
        ({"status": "inactive"}, ["Epsilon"]),
        ({"status": "all"}, ["Alpha", "Bêta", "Delta", "Epsilon", "Gamma"]),
        ({"flt_type": 2}, ["Alpha"]),
        ({"flt_type": 2, "status": "all"}, ["Alpha", "Epsilon"]),
        ({"flt_city": "saint etienne"}, ["Alpha"]),
        ({"flt_city": "ETAMP"}, ["Gamma"]),
        ({"flt_city": "%"}, []),
        ({"flt_country": "BE"}, ["Bêta"]),
        ({"flt_country": "Belgique"}, ["Bêta"]),
        ({"flt_vat_regime": "export"}, ["Alpha"]),
        ({"flt_language": 2}, ["Bêta"]),
        ({"flt_parent": cast["Alpha"]}, ["Gamma"]),
        ({"flt_source": 3}, ["Gamma"]),
        ({"flt_created_from": "01/01/2026"}, ["Alpha", "Bêta", "Delta", "Gamma"]),
        ({"flt_created_to": "01/01/2026"}, ["Delta"]),
        ({"flt_created_to": "2025-12-31"}, []),
        ({"flt_created_from": "01/01/2026", "flt_created_to": "01/01/2026"}, ["Delta"]),
        ({"flt_country": "FR", "flt_type": 2}, ["Alpha"]),
        ({"flt_type": 2, "search": "gamma"}, []),
        ({"country": "BE"}, ["Bêta"]),
        ({"flt3_country": "BE"}, ["Bêta"]),
        ({"flt_country": "Atlantide"}, []),
    ]


def test_each_filter_leaves_what_it_names(app: Flask, cast: dict[str, int]) -> None:
    browser = browser_of(app)
    surprises = {}
    for arguments, expected in filters_of(cast):
        if (names := listed(browser, **arguments)) != expected:
            surprises[str(arguments)] = names
    assert surprises == {}


def test_a_filter_in_use_can_be_taken_away_by_its_chip(app: Flask, cast: dict[str, int]) -> None:
    browser = browser_of(app)
    listed(browser, flt_type=2, flt_country="FR", search="alpha")
    crosses = browser.page.select(".chips .chip.on a.cross")
    assert [cross.get_text(" ", strip=True) for cross in crosses] == [
        "Enlever le filtre Actives ✕",
        "Enlever le filtre « alpha » ✕",
        "Enlever le filtre Type : Prospect ✕",
        "Enlever le filtre Pays : France ✕",
    ]
    browser.get(str(crosses[1]["href"]))
    assert "search=" not in browser.path
    assert "flt_type=2" in browser.path


def test_an_inactive_choice_still_filters_the_records_that_use_it(app: Flask, cast: dict[str, int]) -> None:
    change(app, CompanyType, 2, is_active=False)
    assert listed(browser_of(app), flt_type=2) == ["Alpha"]


# ------------------------------------------------------------------------------------- order and pages


@pytest.fixture
def many(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Eleven clients with equal keys and empty values, on pages of three."""
    monkeypatch.setattr(ClientView, "page_size_options", (3, 20, 50))
    wanted: list[dict[str, Any]] = [
        {"name": "Même nom", "email": f"m{number}@meme.example", "created_at": NEW_YEAR}
        for number in range(5)
    ]
    wanted += [
        {"name": "Zèbre", "city": "Lyon", "type_id": 2},
        {"name": "ábaque", "city": "Lyon", "siren": "552081317", "siret": "55208131766522"},
        {"name": "Abaque", "city": "Éze", "type_id": 1, "main": {"last_name": "Zola"}},
        {"name": "!!!", "main": {"last_name": "Été"}},
        {"name": "100 000", "is_active": False},
        {"name": "Œuf", "is_active": False, "city": "Paris"},
    ]
    return add_clients(app, [{"email": f"c{number}@x.example"} | one for number, one in enumerate(wanted)])


def walk(browser: Browser, sort: str, descending: int) -> tuple[list[str], list[list[str]], list[list[str]]]:
    """All on one page; then page by page to the end, and back to the beginning."""
    arguments = {"sort": sort, "desc": descending, "status": "all"}
    whole = rows_on(browser, "/client/", arguments | {"page_size": 50})
    forwards = [rows_on(browser, "/client/", arguments | {"page_size": 3})]
    while link := browser.page.select_one("a[rel=next]"):
        forwards.append(rows_on(browser, str(link["href"])))
    backwards = [forwards[-1]]
    while link := browser.page.select_one("a[rel=prev]"):
        backwards.insert(0, rows_on(browser, str(link["href"])))
    return whole, forwards, backwards


def rows_on(browser: Browser, path: str, arguments: dict[str, Any] | None = None) -> list[str]:
    """The addresses of the cards that a page links to, in order."""
    browser.get(path, **({"query_string": arguments} if arguments else {}))
    assert browser.status == 200
    return [str(link["href"]).partition("&")[0] for link in browser.page.select("table.list tbody th a")]


@pytest.mark.parametrize("descending", [0, 1])
def test_every_order_pages_through_each_row_exactly_once_and_back(
    app: Flask, many: list[int], descending: int
) -> None:
    browser = browser_of(app)
    for sort in ClientView.orders:
        whole, forwards, backwards = walk(browser, sort, descending)
        assert sorted(whole) == sorted(f"/client/details/?id={id_}" for id_ in many), sort
        assert list(chain(*forwards)) == whole, sort
        # Going back, the first page may be a shorter one: it is what stands before the second.
        assert list(chain(*backwards)) == whole, sort
        assert len(forwards) == 4, sort


def test_the_two_directions_of_an_order_are_each_other_s_reverse(app: Flask, many: list[int]) -> None:
    browser = browser_of(app)
    for sort in ClientView.orders:
        up = rows_on(browser, "/client/", {"sort": sort, "status": "all"})
        down = rows_on(browser, "/client/", {"sort": sort, "status": "all", "desc": 1})
        assert down == up[::-1], sort


def test_names_are_sorted_without_case_and_accents(app: Flask, many: list[int]) -> None:
    names = listed(browser_of(app), status="all")
    assert names == ["!!!", "100 000", "ábaque", "Abaque", *["Même nom"] * 5, "Œuf", "Zèbre"]


def test_a_row_that_vanishes_between_two_pages_makes_no_other_vanish(app: Flask, many: list[int]) -> None:
    browser = browser_of(app)
    first = rows_on(browser, "/client/", {"page_size": 3, "status": "all"})
    following = str(browser.page.select_one("a[rel=next]")["href"])  # type: ignore[index]
    whole = rows_on(browser, "/client/", {"page_size": 50, "status": "all"})
    browser.get(first[-1])
    browser.submit("form[action='/client/delete/']")
    assert rows_on(browser, following) == whole[3:6]


def test_a_click_on_a_title_sorts_and_a_second_one_turns_it_round(app: Flask, many: list[int]) -> None:
    browser = browser_of(app)
    listed(browser, status="all")
    for order in ("ascending", "descending"):
        browser.get(str(_title(browser)["href"]))
        assert _title(browser).parent["aria-sort"] == order


def _title(browser: Browser) -> Any:
    return next(
        link for link in browser.page.select("th[scope=col] a") if "Pays" in link.text or "Ville" in link.text
    )


# ---------------------------------------------------------------------------------- what stands around


def test_the_page_size_is_one_of_those_offered(app: Flask) -> None:
    add_clients(app, [{"name": f"Société {number:02}"} for number in range(22)])
    browser = browser_of(app)
    assert len(listed(browser, page_size=20)) == 20
    assert (
        len(listed(browser, page_size=50)) == len(listed(browser, page_size=7)) == len(listed(browser)) == 22
    )
    offered = [button.text for button in browser.page.select(".pager .sizes button")]
    assert offered == ["20", "50", "100"]


def test_rows_are_counted_no_further_than_the_cap(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    add_clients(app, [{"name": f"Société {number}"} for number in range(5)])
    browser = browser_of(app)
    listed(browser)
    assert browser.page.select_one(".head [role=status]").get_text(" ", strip=True) == "5 sociétés"  # type: ignore[union-attr]
    monkeypatch.setattr(pager, "COUNT_CAP", 3)
    listed(browser)
    assert "plus de" in browser.page.select_one(".head [role=status]").text  # type: ignore[union-attr]
    assert len(found(browser)) == 5


@pytest.mark.parametrize(
    ("role", "creates", "switches"),
    [("lecture", 0, 0), ("support", 0, 2), ("gestionnaire", 1, 2), ("administrateur", 1, 2)],
)
def test_the_list_offers_what_one_may_do(app: Flask, role: str, creates: int, switches: int) -> None:
    add_clients(app, [{"name": "EDF"}, {"name": "Engie", "is_active": False}])
    browser = browser_of(app, role)
    assert len(listed(browser, status="all")) == 2
    assert len(browser.page.select("a.plus")) == creates
    offered = browser.page.select("table.list td button")
    assert [button["form"] for button in offered] == ["off", "on"][:switches]
    assert len(browser.page.select("#ticked th input[name=id]")) == switches
    assert len(browser.page.select("form#ticked")) == min(switches, 1)


def test_an_empty_list_says_what_to_do_next(app: Flask) -> None:
    browser = browser_of(app)
    assert listed(browser) == []
    assert "Rien ici pour l’instant." in browser.text
    assert browser.page.select_one(".nothing a[href='/client/new/']") is not None
    listed(browser, flt_country="BE")
    assert "Effacer la recherche et les filtres" in browser.text
    edf = add_client(app, "EDF", is_active=False)
    listed(browser)
    assert "Rien d’actif ici pour l’instant." in browser.text
    change(app, Client, edf, is_active=True)
    listed(browser, status="inactive")
    assert "Rien d’inactif ici." in browser.text


def test_a_row_shows_the_columns_of_the_product(app: Flask) -> None:
    client_id = add_client(
        app,
        "EDF",
        "jeanne@edf.fr",
        city="Paris",
        type_id=1,
        siren="552081317",
        siret="55208131766522",
        main={"first_name": "Jeanne", "last_name": "Martin"},
    )
    browser = browser_of(app)
    listed(browser)
    texts = [cell.get_text(" ", strip=True) for cell in browser.page.select("table.list tbody tr > *")]
    cells = [text.replace("@ ", "@") for text in texts]  # an e-mail may break behind its @
    assert cells[:6] == [
        "EDF",
        "Client",
        "Paris France",
        "552 081 317 66522",
        "Jeanne Martin jeanne@edf.fr",
        "Active",
    ]
    assert contact_ids(app, client_id)


def test_a_day_of_a_filter_reads_as_it_is_typed(app: Flask) -> None:
    browser = browser_of(app, "lecture")
    browser.get("/client/", query_string={"created_from": "2026-11-01"})
    assert "Créé à partir du : 01/11/2026" in browser.text
    assert 'value="01/11/2026"' in str(browser.page)
    browser.get("/client/", query_string={"created_from": "hier"})
    assert "Créé à partir du : hier" in browser.text
