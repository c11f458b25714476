"""What a form sends, and what becomes of it where nobody answers."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from backoffice.clients.models import Client
from tests.browser.conftest import Visit
from tests.browser.test_form import open_form
from tests.clients.cast import add_client, rows
from tests.conftest import on_sqlite_only

pytestmark = on_sqlite_only


@pytest.mark.parametrize("status", [0, 502])
def test_what_was_typed_outlives_a_server_that_does_not_answer(app: Flask, visit: Visit, status: int) -> None:
    def refuse(route: Route) -> None:
        if status:
            route.fulfill(status=status)
        else:
            route.abort()

    page = open_form(visit)
    page.fill("#name", "Enedis")
    page.fill("#contacts-0-email", "contact@enedis.example")
    page.route("**/*", refuse)
    for _try in range(2):
        page.keyboard.press("Control+s")
        expect(page.locator(".notice.bad[role=alert]")).to_have_text(
            "Enregistrement impossible. Votre saisie est conservée. Réessayez."
        )
    expect(page.locator("#name")).to_have_value("Enedis")
    page.unroute_all()
    page.get_by_role("button", name="Créer et en ajouter un autre").click()
    expect(page.locator(".notice.good")).to_contain_text("Client créé : Enedis.")
    assert page.url.endswith("/client/new/"), "the button that was pressed goes along"
    assert [client["name"] for client in rows(app, Client)] == ["Enedis"]


def test_a_chosen_company_is_sent_by_its_id_alone(app: Flask, visit: Visit) -> None:
    parent = add_client(app, "Groupe Lefèvre")
    page = open_form(visit, f"/client/edit/?id={add_client(app, 'EDF')}")
    page.locator("#parent").press_sequentially("lefe")
    page.locator("[role=option]").click()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.keyboard.press("Control+s")
    assert f"parent={parent}" in (sent.value.post_data or "").replace("\r\n", "")
    assert "parent_" not in (sent.value.post_data or "")
