"""Active and inactive: one click, one confirmation, and all comes back as it was."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.clients.models import Client, Contact
from tests.clients.cast import add_client, browser_of, change, contact_ids, facts, notices, row, rows, state
from tests.web import Browser


@pytest.fixture
def edf(app: Flask) -> int:
    """A client with three contacts, the last of which is inactive already."""
    more = [{"email": "paul@edf.fr"}, {"email": "zoe@edf.fr", "is_active": False}]
    return add_client(app, "EDF", "jeanne@edf.fr", contacts=more)


def active(app: Flask, client_id: int) -> list[str]:
    return [contact["email"] for contact in rows(app, Contact, client_id=client_id) if contact["is_active"]]


def switch_off(browser: Browser, client_id: int, with_contacts: bool) -> None:
    browser.get(f"/client/deactivate/?id={client_id}")
    browser.submit("form[action='/client/deactivate/']", with_contacts=with_contacts)


def switch_on(browser: Browser, client_id: int) -> None:
    browser.get(f"/client/details/?id={client_id}")
    browser.submit("form[action='/client/activate/']")


def test_the_question_names_what_will_disappear_and_changes_nothing(app: Flask, edf: int) -> None:
    browser, before = browser_of(app, "support"), state(app)
    browser.get(f"/client/deactivate/?id={edf}")
    assert "Désactiver EDF ?" in browser.text
    assert "Elle disparaît des listes, des choix et des recherches" in browser.text
    assert "Désactiver aussi ses contacts actifs (2)" in browser.text
    assert state(app) == before


def test_alone_it_leaves_its_contacts_as_they_are(app: Flask, edf: int) -> None:
    browser = browser_of(app, "support", name="Sam Support")
    switch_off(browser, edf, with_contacts=False)
    client = row(app, Client, edf)
    assert (client["is_active"], client["deactivated_by"]) == (False, "Sam Support")
    assert active(app, edf) == ["jeanne@edf.fr", "paul@edf.fr"]
    assert ("Sam Support", "is_active", True, False) in facts(app, "client", edf)
    switch_on(browser, edf)
    assert active(app, edf) == ["jeanne@edf.fr", "paul@edf.fr"]


def test_the_contacts_that_went_along_come_back_and_no_other(app: Flask, edf: int) -> None:
    browser = browser_of(app, "support", name="Sam Support")
    switch_off(browser, edf, with_contacts=True)
    assert "EDF est inactive. Contacts désactivés avec elle : 2." in notices(browser)
    assert active(app, edf) == []
    switch_on(browser, edf)
    assert "EDF est de nouveau active. Contacts revenus : 2." in notices(browser)
    assert active(app, edf) == ["jeanne@edf.fr", "paul@edf.fr"]
    client = row(app, Client, edf)
    assert (client["is_active"], client["deactivated_at"], client["deactivated_by"]) == (True, None, None)
    assert facts(app, "contact")[-1] == ("Sam Support", "is_active", False, True)
    assert {contact["left_with_client"] for contact in rows(app, Contact)} == {False}


def test_a_contact_switched_off_by_hand_meanwhile_stays_off(app: Flask, edf: int) -> None:
    paul = contact_ids(app, edf)[1]
    browser = browser_of(app)
    switch_off(browser, edf, with_contacts=True)
    browser.post("/contact/activate/", {"id": str(paul)})
    browser.post("/contact/deactivate/", {"id": str(paul)})
    switch_on(browser, edf)
    assert active(app, edf) == ["jeanne@edf.fr"]


def test_the_form_brings_a_client_back_with_its_contacts_as_the_switch_does(app: Flask, edf: int) -> None:
    browser = browser_of(app)
    switch_off(browser, edf, with_contacts=True)
    browser.get(f"/client/edit/?id={edf}")
    browser.submit("#record", is_active=True)
    assert browser.path == f"/client/details/?id={edf}", browser.text
    assert row(app, Client, edf)["is_active"] is True
    assert active(app, edf) == ["jeanne@edf.fr", "paul@edf.fr"]


def test_the_form_notes_since_when_and_by_whom(app: Flask, edf: int) -> None:
    browser = browser_of(app, name="Alice Durand")
    browser.get(f"/client/edit/?id={edf}")
    browser.submit("#record", is_active=False)
    assert row(app, Client, edf)["deactivated_by"] == "Alice Durand"
    assert "désactivée par Alice Durand" in browser.text


def test_the_card_of_an_inactive_client_says_so_and_offers_the_way_back(app: Flask, edf: int) -> None:
    browser = browser_of(app, "support", name="Sam Support")
    switch_off(browser, edf, with_contacts=False)
    browser.get(f"/client/details/?id={edf}")
    assert "Société inactive depuis le" in browser.text
    assert "désactivée par Sam Support" in browser.text
    assert browser.page.select_one("form[action='/client/activate/'] button") is not None
    assert not browser.page.select("a[href^='/client/deactivate/']")


def test_twice_is_as_good_as_once(app: Flask, edf: int) -> None:
    browser = browser_of(app, "support")
    switch_off(browser, edf, with_contacts=True)
    once = state(app)
    browser.get("/client/")
    browser.post("/client/deactivate/", {"id": str(edf), "with_contacts": "1"})
    assert state(app) == once
    switch_on(browser, edf)
    once = state(app)
    browser.post("/client/activate/", {"id": str(edf)})
    assert state(app) == once


def test_an_inactive_client_leaves_the_lists_and_the_choices_but_keeps_its_own(app: Flask, edf: int) -> None:
    child = add_client(app, "EDF Énergies", parent_id=edf)
    browser = browser_of(app)
    switch_off(browser, edf, with_contacts=False)
    browser.get("/client/?search=jeanne")
    assert browser.page.select("table.list tbody tr") == []
    browser.get("/contact/")
    assert "jeanne@edf.fr" not in browser.text
    found = browser.client.get("/client/ajax/lookup/?name=parent&query=edf").get_json()
    assert [label for _id, label in found] == ["EDF Énergies"]
    browser.get(f"/client/details/?id={child}")
    assert browser.page.select_one(f"a[href='/client/details/?id={edf}']") is not None
    assert len(contact_ids(app, edf)) == 3


def test_the_switch_leads_back_to_where_one_was(app: Flask, edf: int) -> None:
    change(app, Client, edf, is_active=False)
    browser = browser_of(app, "support")
    browser.get("/client/?status=all&search=edf")
    browser.submit("form[action='/client/activate/']")
    assert browser.path.startswith("/client/?")
    assert "search=edf" in browser.path
    browser.submit("#off")
    browser.submit("form[method=post][action='/client/deactivate/']")
    assert "search=edf" in browser.path
    browser.post("/client/activate/", {"id": str(edf), "url": "https://evil.example/"})
    assert browser.path == f"/client/details/?id={edf}"
