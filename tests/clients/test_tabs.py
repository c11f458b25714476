"""The tabs of a card: each with its address, read when it is opened, counted in one query for all."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.admin import tabs
from backoffice.clients.models import Client, Contact
from tests.clients.cast import add_client, browser_of, contact_ids
from tests.clients.test_query_counts import counted
from tests.web import Browser


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tabs and a panel that other features might add, and which of them were asked for what they show."""
    opened: list[str] = []

    def shows(name: str) -> Any:
        def context(record: Any) -> dict[str, str]:
            opened.append(name)
            return {"message": f"{name} de {record}"}

        return context

    def contacts(client: Client) -> Any:
        return tabs.capped(select(Contact.id).where(Contact.client_id == client.id))

    first = {card: {"record": tabs._tabs[card]["record"]} for card in ("client", "contact")}
    monkeypatch.setattr(tabs, "_tabs", first)
    monkeypatch.setattr(tabs, "_panels", {"client": {}, "contact": {}})
    template = "admin/flashes.html"
    tabs.register("client", tabs.Tab("people", "Personnes", template, shows("Personnes"), count=contacts))
    tabs.register("client", tabs.Tab("plain", "Simple", template, shows("Simple")))
    tabs.register(
        "client", tabs.Tab("secret", "Secret", template, shows("Secret"), "user.write", count=contacts)
    )
    tabs.register("contact", tabs.Tab("plain", "Simple", template, shows("Simple")))
    tabs.register_panel("client", tabs.Panel("side", "À côté", template, shows("À côté"), count=contacts))
    return opened


def labels(browser: Browser) -> list[str]:
    return [" ".join(tab.get_text(" ").split()) for tab in browser.page.select(".tabs a")]


def test_a_tab_has_its_address_says_how_many_there_are_and_is_read_when_it_is_opened(
    app: Flask, asked: list[str]
) -> None:
    edf = add_client(app, "EDF", contacts=[{"email": "paul@edf.fr"}])
    browser = browser_of(app)
    browser.get(f"/client/details/?id={edf}&in=x")
    assert labels(browser) == ["Fiche", "Personnes 2", "Simple"]
    assert asked == ["À côté"]

    browser.get(str(browser.page.select(".tabs a")[1]["href"]))
    assert browser.path == f"/client/details/?id={edf}&tab=people&in=x"
    assert asked == ["À côté", "Personnes"]
    current = browser.page.select_one(".tabs [aria-current=page]")
    assert current is not None
    assert str(current["href"]).endswith("tab=people&in=x")
    assert browser.page.title is not None
    assert browser.page.title.text.strip().startswith("EDF · Personnes")
    assert browser.page.select_one(".head .pill, .head h1")
    assert browser.page.select_one("#contact-rows") is None


def test_all_counts_of_a_card_are_one_query_and_stop_at_ninety_nine(app: Flask, asked: list[str]) -> None:
    large = add_client(app, "Grande", contacts=[{"email": f"p{n}@grande.example"} for n in range(120)])
    browser = browser_of(app, "administrateur")
    browser.get(f"/client/details/?id={large}")
    with counted(app) as sent:
        browser.get(f"/client/details/?id={large}")
    assert labels(browser) == ["Fiche", "Personnes 99+", "Simple", "Secret 99+"]
    assert len([statement for statement in sent if statement.count("LIMIT") >= 3]) == 1


def test_a_tab_that_is_unknown_or_not_allowed_is_the_first_one(app: Flask, asked: list[str]) -> None:
    edf = add_client(app, "EDF")
    browser = browser_of(app)
    for key in ("secret", "nothing", "", "é%00"):
        browser.get(f"/client/details/?id={edf}&tab={key}")
        assert browser.status == 200
        assert browser.page.select_one("#contact-rows"), key
    assert "Secret" not in asked


def test_a_contact_has_tabs_as_well(app: Flask, asked: list[str]) -> None:
    contact = contact_ids(app, add_client(app, "EDF", "jeanne@edf.fr"))[0]
    browser = browser_of(app, "lecture")
    browser.get(f"/contact/details/?id={contact}")
    assert labels(browser) == ["Fiche", "Simple"]
    assert browser.page.select_one(".card.contact")
    browser.get(f"/contact/details/?id={contact}&tab=plain")
    assert asked == ["Simple"]
    assert browser.page.select(".card.contact") == []
