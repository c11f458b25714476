"""The page of the form: what it offers, says and leads to, and the same form inside another page."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.clients.models import Client, Contact
from tests.clients.cast import add_client, browser_of, contact_ids, notices, rows
from tests.web import Browser

INSIDE = {"HX-Request": "true"}


@pytest.fixture
def manager(app: Flask) -> Browser:
    return browser_of(app)


def test_after_create_and_add_another_the_new_form_names_the_one_created(
    app: Flask, manager: Browser
) -> None:
    manager.get("/client/new/")
    manager.submit("#record", press="_add_another", name="EDF & <b>", **{"contacts-0-email": "a@edf.fr"})
    (client,) = rows(app, Client)
    assert manager.path == "/client/new/"
    assert notices(manager) == ["Client créé : EDF & <b> ."]
    link = manager.page.select_one(".notice a")
    assert link is not None
    assert link["href"] == f"/client/details/?id={client['id']}"


def test_the_same_siret_is_refused_with_a_link_and_the_box_that_allows_it(
    app: Flask, manager: Browser
) -> None:
    holder = add_client(app, "EDF", siren="552081317", siret="55208131766522")
    manager.get("/client/new/")
    box = manager.page.select_one(".f:has([name=shares_siret])")
    assert box is not None
    assert box.has_attr("hidden")
    typed = {"name": "EDF Lyon", "siret": "552 081 317 66522", "contacts-0-email": "lyon@edf.fr"}
    manager.submit("#record", **typed)
    assert [link["href"] for link in manager.page.select("#summary a")] == ["#siret"]
    assert manager.page.select_one(f"#siret-error a[href='/client/details/?id={holder}']")
    box = manager.page.select_one(".f:has([name=shares_siret])")
    assert box is not None
    assert not box.has_attr("hidden")
    manager.submit("#record", shares_siret=True)
    assert [client["name"] for client in rows(app, Client)] == ["EDF", "EDF Lyon"]


def test_the_help_under_the_term_names_the_one_of_the_office(manager: Browser) -> None:
    manager.get("/client/new/")
    assert "Prioritaire sur le délai par défaut (30 jours nets)." in manager.text


def test_an_activity_is_named_under_its_code(app: Flask, manager: Browser) -> None:
    id_ = add_client(app, "EDF", ape_code="35.14Z", ape_nomenclature="rev2")
    manager.get(f"/client/edit/?id={id_}")
    said = manager.page.select_one("#ape_code-proposed")
    assert said is not None
    assert said.get_text() == "Commerce d'électricité"


def test_only_those_who_keep_the_lists_find_the_way_there(app: Flask, manager: Browser) -> None:
    manager.get("/client/new/")
    assert manager.page.select("a.keep") == []
    keeper = browser_of(app, "administrateur")
    keeper.get("/client/new/")
    links = {link["href"]: link["title"] for link in keeper.page.select(".f a.keep")}
    assert links["/companytype/?from=form"] == "Gérer la liste : Type"
    assert set(links) >= {"/language/?from=form", "/paymentterm/?from=form", "/civility/?from=form"}
    select = keeper.page.select_one("select[name=type]")
    assert select is not None
    assert select["data-choices"] == "/companytype/choices/"


def test_what_was_proposed_is_known_again_after_a_refusal(manager: Browser) -> None:
    manager.get("/client/new/")
    manager.submit("#record", name="EDF", siren="552081317", _proposed="siren vat_number")
    assert manager.fields("#record")["_proposed"] == "siren vat_number"


@pytest.mark.parametrize("path", ["/client/new/", "/client/edit/?id={id}"])
def test_there_is_one_list_of_countries(app: Flask, manager: Browser, path: str) -> None:
    manager.get(path.format(id=add_client(app, "EDF", addresses=[{"label": "A"}, {"label": "B"}])))
    assert len(manager.page.select("datalist#countries")) == 1
    assert len(manager.page.select("[list=countries]")) > 1


def test_a_picker_refuses_ids_that_no_record_can_have(app: Flask, manager: Browser) -> None:
    for odd in ("2147483648", "9999999999", "4294967297", "-1"):
        manager.get("/client/new/")
        fields = manager.fields("#record")
        fields["name"], fields["contacts-0-email"], fields["parent"] = "EDF", "a@edf.fr", odd
        manager.post("/client/new/", fields)
        assert "#parent" in [link["href"] for link in manager.page.select("#summary a")]
        assert manager.status == 200
        assert rows(app, Client) == []


def inside(browser: Browser, path: str) -> None:
    browser.get(path, headers=INSIDE)
    assert browser.status == 200


def test_inside_another_page_the_form_sends_itself_and_leads_back(app: Flask, manager: Browser) -> None:
    client_id = add_client(app, "EDF")
    contact_id = contact_ids(app, client_id)[0]
    address = f"/contact/edit/?id={contact_id}"
    inside(manager, address)
    form = manager.form("#record")
    assert (form["hx-post"], form["hx-target"], form["hx-select"]) == (address, "this", "#record")
    assert form.select_one("h1, .head") is None
    assert form.select_one("h3") is not None
    cancel = form.select_one("[data-cancel]")
    assert cancel is not None
    assert cancel["hx-get"] == f"/client/details/?id={client_id}"
    assert cancel["hx-target"] == "#content"


def test_inside_another_page_it_is_refused_and_saved_as_ever(app: Flask, manager: Browser) -> None:
    client_id = add_client(app, "EDF")
    address = f"/contact/new/?client={client_id}"
    inside(manager, address)
    token = manager.csrf_token
    manager.post(address, {"email": "x", "csrf_token": token}, headers=INSIDE)
    assert manager.error_of("email").strip().startswith("Il manque le @")
    assert manager.form("#record")["hx-post"] == address
    assert "HX-Retarget" not in manager.response.headers
    saved = manager.client.post(address, data={"email": "x@edf.fr", "csrf_token": token}, headers=INSIDE)
    assert saved.headers["Location"] == f"/client/details/?id={client_id}"
    assert [contact["email"] for contact in rows(app, Contact, client_id=client_id)][1:] == ["x@edf.fr"]


def test_an_address_has_its_countries_inside_the_form(app: Flask, manager: Browser) -> None:
    inside(manager, f"/address/new/?client={add_client(app, 'EDF')}")
    assert manager.page.select_one("#record datalist#countries")
