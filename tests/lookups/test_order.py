"""The order of choices: what moves it, what is refused, and how it is taken back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backoffice.lookups import ordering
from backoffice.lookups.models import CompanyType
from tests.clients.cast import browser_of, facts, notices, rows
from tests.web import Browser

ADA = "Ada Lovelace"
SHIPPED = [1, 2, 3, 4, 5]


@pytest.fixture
def ada(app: Flask) -> Browser:
    browser = browser_of(app, "administrateur", name=ADA)
    browser.get("/companytype/")
    return browser


def order(app: Flask) -> list[int]:
    return [row["id"] for row in sorted(rows(app, CompanyType), key=lambda row: row["position"])]


def send(browser: Browser, *ids: object) -> None:
    browser.post("/companytype/order/", {"id": [str(id_) for id_ in ids]})


def test_the_rows_stand_in_the_order_that_is_sent_and_leave_a_fact_each(app: Flask, ada: Browser) -> None:
    send(ada, 2, 1, 3, 4, 5)
    assert order(app) == [2, 1, 3, 4, 5]
    assert sorted(row["position"] for row in rows(app, CompanyType)) == SHIPPED
    assert sorted(facts(app, "company_type")) == [(ADA, "position", 1, 2), (ADA, "position", 2, 1)]
    assert notices(ada) == ["Ordre enregistré."]
    ada.get("/client/new/")
    options = ada.page.select("select[name=type] option")
    assert [option.get("value") for option in options] == ["", "2", "1", "3", "4", "5"]


def test_the_page_sends_its_rows_without_script_and_its_buttons_move_one(app: Flask, ada: Browser) -> None:
    ids = [str(field["value"]) for field in ada.page.select("input[name=id][form=order]")]
    assert ids == [str(id_) for id_ in SHIPPED]
    assert [
        button["value"] for button in ada.page.select("button[form=order][name=up]:not([disabled])")
    ] == ids[1:]
    assert [
        button["value"] for button in ada.page.select("button[form=order][name=down]:not([disabled])")
    ] == ids[:-1]
    ada.post("/companytype/order/", {"id": ids, "down": "1"})
    assert order(app) == [2, 1, 3, 4, 5]
    ada.post("/companytype/order/", {"id": ["2", "1", "3", "4", "5"], "up": "5"})
    assert order(app) == [2, 1, 3, 5, 4]


def test_it_is_taken_back_by_one_press(app: Flask, ada: Browser) -> None:
    send(ada, 5, 4, 3, 2, 1)
    ada.submit(".notice form")
    assert order(app) == SHIPPED
    assert notices(ada) == ["Ordre enregistré."]


@pytest.mark.parametrize(
    "ids",
    [
        [],
        [2, 1, 4, 5],
        [2, 2, 1, 3, 4, 5],
        [2, 1, 3, 4, 5, 99],
        ["x", 1, 2, 3, 4, 5],
        [-1, 1, 2, 3, 4, 5],
        [5],
    ],
    ids=["none", "one missing", "one doubled", "a foreign one", "no number", "negative", "others missing"],
)
def test_ids_that_are_not_those_of_the_table_are_refused_whole(
    app: Flask, ada: Browser, ids: list[Any]
) -> None:
    before = rows(app, CompanyType)
    send(ada, *ids)
    assert notices(ada) == ["La liste a changé entre-temps : la voici à jour. Vérifiez-la, puis recommencez."]
    assert rows(app, CompanyType) == before
    assert facts(app, "company_type") == []


def test_a_row_added_meanwhile_keeps_its_place_at_the_end(app: Flask, ada: Browser) -> None:
    other = browser_of(app, "administrateur", name="Bob Admin")
    other.get("/companytype/new/")
    other.submit("#record", label="Fournisseur")
    send(ada, 5, 4, 3, 2, 1)
    assert order(app) == [5, 4, 3, 2, 1, 6]


def test_a_row_deleted_meanwhile_refuses_the_old_order(app: Flask, ada: Browser) -> None:
    other = browser_of(app, "administrateur", name="Bob Admin")
    other.get("/companytype/")
    other.post("/companytype/delete/", {"id": "3"})
    send(ada, 5, 4, 3, 2, 1)
    assert "La liste a changé entre-temps" in ada.text
    assert order(app) == [1, 2, 4, 5]


def test_an_order_that_is_already_there_changes_nothing(app: Flask, ada: Browser) -> None:
    before = rows(app, CompanyType)
    send(ada, *SHIPPED)
    assert rows(app, CompanyType) == before
    assert facts(app, "company_type") == []


@pytest.mark.parametrize("address", ["?status=active", "?sort=label", "?sort=position&desc=1"])
def test_a_part_of_the_rows_or_another_order_is_not_to_be_moved(ada: Browser, address: str) -> None:
    ada.get(f"/companytype/{address}")
    assert ada.page.select("[data-move], input[form=order]") == []
    assert "Changer l'ordre" in ada.text


@pytest.mark.parametrize(
    ("row_id", "step", "expected"),
    [(2, -1, [2, 1, 3]), (1, -1, [1, 2, 3]), (3, 1, [1, 2, 3]), (9, 1, [1, 2, 3]), (None, 1, [1, 2, 3])],
)
def test_a_step_beyond_the_ends_stays(row_id: int | None, step: int, expected: list[int]) -> None:
    assert ordering.moved([1, 2, 3], row_id, step) == expected
