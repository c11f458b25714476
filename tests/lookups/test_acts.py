"""What one press does to a choice, the way back to a form, and what a form may offer now."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.lookups.models import LOOKUPS, CompanyType, Source
from tests.clients.cast import add_client, browser_of, facts, notices, row, rows
from tests.web import Browser

ADA = "Ada Lovelace"


@pytest.fixture
def ada(app: Flask) -> Browser:
    browser = browser_of(app, "administrateur", name=ADA)
    browser.get("/companytype/")
    return browser


def actions_of(browser: Browser, row_id: int) -> str:
    tag = browser.page.select_one(f"#choice-{row_id} .acts")
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def test_a_choice_is_switched_off_and_on_by_one_press_each(app: Flask, ada: Browser) -> None:
    ada.submit("#choice-2 form[action^='/companytype/deactivate/']")
    assert row(app, CompanyType, 2)["is_active"] is False
    assert notices(ada) == ["« Prospect » n'est plus proposé. Il reste visible là où il sert."]
    assert actions_of(ada, 2).startswith("Activer")
    ada.submit("#choice-2 form[action^='/companytype/activate/']")
    assert notices(ada) == ["« Prospect » est de nouveau proposé."]
    assert facts(app, "company_type", 2) == [(ADA, "is_active", True, False), (ADA, "is_active", False, True)]


def test_a_switch_is_taken_back_from_its_message(app: Flask, ada: Browser) -> None:
    before = row(app, CompanyType, 2)["is_active"]
    ada.submit("#choice-2 form[action^='/companytype/deactivate/']")
    ada.submit(".notice form")
    assert row(app, CompanyType, 2)["is_active"] is before


def test_a_switch_to_what_is_already_so_changes_nothing(app: Flask, ada: Browser) -> None:
    before = rows(app, CompanyType)
    ada.post("/companytype/activate/", {"id": "2"})
    assert rows(app, CompanyType) == before
    assert facts(app, "company_type") == []
    assert ada.page.select(".notice form") == []


def test_the_default_is_not_switched_off(app: Flask, ada: Browser) -> None:
    before = rows(app, CompanyType)
    ada.submit("#choice-1 form[action^='/companytype/deactivate/']")
    (said,) = notices(ada)
    assert said.startswith("Un choix inactif ne peut pas être celui par défaut")
    assert rows(app, CompanyType) == before


def test_the_star_makes_the_default_and_its_message_takes_it_back(app: Flask, ada: Browser) -> None:
    ada.submit("#choice-2 form[action^='/companytype/default/']")
    assert notices(ada) == ["« Prospect » est proposé par défaut."]
    assert [found["id"] for found in rows(app, CompanyType, is_default=True)] == [2]
    ada.submit(".notice form")
    assert [found["id"] for found in rows(app, CompanyType, is_default=True)] == [1]


def test_a_default_taken_back_gives_way_to_what_was_chosen_since(app: Flask, ada: Browser) -> None:
    for first in ("2", "3"):
        ada.post("/companytype/default/", {"id": first})
        undo = ada.fields(".notice form").to_dict()
        ada.submit("#choice-3 form[action^='/companytype/default/']")  # another, or none at all
        before = rows(app, CompanyType)
        ada.post("/companytype/default/", undo)
        assert notices(ada) == ["Le choix par défaut a changé entre-temps : rien n'a été annulé."]
        assert rows(app, CompanyType) == before
        ada.post("/companytype/default/", {"id": "1"})


def test_the_pressed_star_leaves_the_table_without_a_default(app: Flask, ada: Browser) -> None:
    ada.submit("#choice-1 form[action^='/companytype/default/']")
    assert rows(app, CompanyType, is_default=True) == []
    ada.submit(".notice form")
    assert [found["id"] for found in rows(app, CompanyType, is_default=True)] == [1]
    ada.get("/source/")
    ada.submit("#choice-3 form[action^='/source/default/']")
    ada.submit(".notice form")
    assert rows(app, Source, is_default=True) == []


def test_an_inactive_choice_has_no_star_and_is_not_made_the_default(app: Flask, ada: Browser) -> None:
    ada.post("/companytype/deactivate/", {"id": "2"})
    assert ada.page.select("#choice-2 form[action^='/companytype/default/']") == []
    before = rows(app, CompanyType)
    ada.post("/companytype/default/", {"id": "2"})
    assert notices(ada)[0].startswith("Un choix inactif ne peut pas être celui par défaut")
    assert rows(app, CompanyType) == before


def test_what_is_used_can_be_replaced_and_what_is_not_can_go(app: Flask, ada: Browser) -> None:
    add_client(app, "EDF", type_id=2)
    ada.get("/companytype/")
    assert "Remplacer par…" in actions_of(ada, 2)
    assert "Supprimer" not in actions_of(ada, 2)
    assert "Remplacer par…" not in actions_of(ada, 3)
    assert "Supprimer" in actions_of(ada, 3)


@pytest.mark.parametrize("act", ["activate", "deactivate", "default", "delete"])
def test_an_act_on_a_choice_that_is_gone_is_a_404(app: Flask, ada: Browser, act: str) -> None:
    before = rows(app, CompanyType)
    for odd in ("99", "x", ""):
        ada.get("/companytype/")
        ada.post(f"/companytype/{act}/", {"id": odd})
        assert ada.status == 404
    assert rows(app, CompanyType) == before


def test_from_a_form_every_page_keeps_the_way_back(app: Flask, ada: Browser) -> None:
    said = "Vous venez d'un formulaire en cours"
    ada.get("/companytype/")
    assert said not in ada.text
    ada.get("/companytype/?from=form")
    assert said in ada.text
    assert "Fermez cet onglet pour y revenir." in ada.text
    add = ada.page.select_one("a.plus")
    assert add is not None
    ada.get(str(add["href"]))
    assert said in ada.text
    ada.submit("#record", label="Fournisseur")
    assert ada.path == "/companytype/?from=form"
    assert {"Choix ajouté : Fournisseur."} < set(notices(ada))
    ada.submit("#choice-6 form[action^='/companytype/deactivate/']")
    assert said in ada.text
    ada.submit("#order", press=None)
    assert said in ada.text


@pytest.mark.parametrize("odd", ["?from=elsewhere", "?from=", "?from=Form"])
def test_any_other_origin_is_none(ada: Browser, odd: str) -> None:
    ada.get(f"/companytype/{odd}")
    assert "formulaire en cours" not in ada.text
    assert "from=form" not in str(ada.page.select_one("main"))


@pytest.mark.parametrize("model", LOOKUPS)
def test_a_form_asks_what_it_may_offer_now(app: Flask, ada: Browser, model: type) -> None:
    table = model.__name__.lower()
    ada.get(f"/{table}/")
    ada.post(f"/{table}/deactivate/", {"id": "3"})
    manager = browser_of(app)
    manager.get(f"/{table}/choices/")
    expected = sorted((row for row in rows(app, model) if row["is_active"]), key=lambda row: row["position"])
    assert manager.response.get_json() == [[row["id"], row["label"], row["is_default"]] for row in expected]


def test_it_offers_them_in_the_reader_s_language(app: Flask) -> None:
    reader = browser_of(app, "gestionnaire", locale="en")
    reader.get("/companytype/choices/")
    assert [4, "Public body", False] in reader.response.get_json()
