"""The list of events, the table of their states, and the next ones on the first page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from backoffice.events.models import Event
from tests.clients.cast import add_client, browser_of, contact_ids, row
from tests.conftest import on_sqlite_only
from tests.events.cast import SOON, add_event, add_events
from tests.users.people import make_user

FORM = "#record"


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "jeanne@edf.fr", contacts=[{"email": "paul@edf.fr"}])


@on_sqlite_only
def test_the_list_is_narrowed_by_each_of_its_filters_and_found_by_words(app: Flask, edf: int) -> None:
    engie = add_client(app, "Engie", "zoe@engie.fr")
    alice = make_user(app, "alice@office.example")
    add_event(app, edf, name="Séminaire d’été", starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 3))
    add_event(app, engie, name="Vœux", status="Option", starts_on=date(2027, 1, 9), owner_id=alice)
    browser = browser_of(app)

    def found(query: str) -> list[str]:
        page = browser.get(f"/event/?{query}")
        return [link.get_text() for link in page.select("tbody th a")]

    assert found("") == ["Vœux", "Séminaire d’été"]
    assert found("sort=name") == ["Séminaire d’été", "Vœux"]
    assert found("state=1") == found("client=2") == found(f"owner={alice}") == ["Vœux"]
    assert found("from=03/07/2026&to=2026-12-31") == ["Séminaire d’été"]
    assert found("from=04/07/2026&to=2026-12-31") == found("state=x") == found(f"contact={2}") == []
    assert found("search=ete semin") == found("search=edf") == ["Séminaire d’été"]
    for sort in ("client", "status", "created_at", "starts_on"):
        assert len(found(f"sort={sort}")) == 2
    page = browser.get("/event/?client=2&state=1")
    assert [tag.get_text(" ", strip=True) for tag in page.select(".chip.on summary")] == [
        "Clients actifs",
        "Statut : Option",
        "Client : Engie",
    ]
    assert browser.get("/event/ajax/lookup/?name=contact&q=zoe") is not None
    assert browser.response.json == [[contact_ids(app, engie)[0], "zoe@engie.fr (Engie)"]]


@on_sqlite_only
def test_the_states_are_kept_beside_the_other_lists_of_choices(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    page = browser.get("/eventstatus/")
    assert [pill.get_text() for pill in page.select("td[data-name=color] .pill")] == [
        "Option",
        "Confirmé",
        "Terminé",
        "Annulé",
    ]
    names = [link.get_text() for link in page.select(".side a")]
    assert names.index("Délais de paiement") < names.index("Statuts d’événement") < names.index("Réglages")
    browser.get("/eventstatus/new/")
    browser.submit(FORM, label="Reporté", label_en="Postponed", color="violet", is_open=True)
    assert browser.page.select_one(".pill.of-violet").get_text() == "Reporté"  # type: ignore[union-attr]


@on_sqlite_only
def test_the_first_page_names_the_next_events_and_not_what_is_cancelled(app: Flask, edf: int) -> None:
    yesterday = date.today() - timedelta(days=1)
    add_events(
        app,
        edf,
        [
            {"name": "Bientôt"},
            {"name": "En cours", "starts_on": yesterday, "ends_on": SOON},
            {"name": "Passé", "starts_on": yesterday},
            {"name": "Annulation", "status": "Annulé"},
        ],
    )
    page = browser_of(app).get("/")
    panel = page.select_one("[aria-labelledby=next-events]")
    assert panel is not None
    assert [tag.get_text() for tag in panel.select("strong")] == ["En cours", "Bientôt"]


@on_sqlite_only
def test_a_state_is_replaced_in_all_events_and_not_deleted_while_it_is_used(app: Flask, edf: int) -> None:
    event = add_event(app, edf, status="Option")
    admin = browser_of(app, "administrateur")
    admin.get("/eventstatus/")
    admin.post("/eventstatus/delete/", {"id": "1"})
    assert "est utilisé" in admin.text
    admin.get("/eventstatus/replace/?id=1")
    admin.submit("form:has([name=replacement])", replacement="2")
    assert "1 fiche porte maintenant « Confirmé » au lieu de « Option »" in admin.text
    assert row(app, Event, event)["status_id"] == 2
