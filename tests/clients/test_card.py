"""What the card shows and offers: facts with their links, contacts and addresses, ways back, and no more than fits."""

from __future__ import annotations

import pytest
import vobject  # type: ignore[import-untyped]
from bs4 import Tag
from flask import Flask

from backoffice.admin import tabs
from backoffice.clients.models import Address, Client, Contact
from tests.clients.cast import add_client, browser_of, change, contact_ids, facts, notices, row, rows, state
from tests.web import Browser

PORT = {"label": "Entrepôt", "street": "3 rue du Port", "postal_code": "13002", "city": "Marseille"}


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(
        app,
        "EDF",
        "jeanne@edf.fr",
        phone="+33142000000",
        siren="552081317",
        siret="55208131766522",
        vat_number="FR03552081317",
        website="https://edf.fr",
        main={"first_name": "Jeanne", "last_name": "Petit", "mobile_phone": "+33600000001"},
        contacts=[{"email": "paul@edf.fr"}, {"email": "zoe@edf.fr", "is_active": False}],
        addresses=[PORT, PORT | {"label": "Usine"}],
    )


def card(app: Flask, id_: int, role: str = "gestionnaire", more: str = "") -> Browser:
    browser = browser_of(app, role)
    browser.get(f"/client/details/?id={id_}{more}")
    return browser


def names(browser: Browser) -> list[str]:
    return [tag.get_text(strip=True) for tag in browser.page.select("#contact-rows .person > div > a strong")]


# ---------------------------------------------------------------------------------------------- facts


def test_identifiers_are_checked_where_they_are_registered(app: Flask, edf: int) -> None:
    links = {str(link["href"]): link for link in card(app, edf).page.select("a.check")}
    assert set(links) == {
        "https://annuaire-entreprises.data.gouv.fr/entreprise/552081317",
        "https://annuaire-entreprises.data.gouv.fr/etablissement/55208131766522",
        "https://ec.europa.eu/taxation_customs/vies/",
    }
    for link in links.values():
        assert link["target"] == "_blank"
        assert "noreferrer" in link["rel"]
        assert link.get_text(" ", strip=True).startswith("Vérifier le ")


def test_phones_and_identifiers_are_copied_and_phones_dialled(app: Flask, edf: int) -> None:
    page = card(app, edf).page
    copied = [
        str(button["data-copy"]) or button.find_previous_sibling().get_text()  # type: ignore[union-attr]
        for button in page.select("[data-copy]")
    ]
    assert {"01 42 00 00 00", "552081317", "55208131766522", "FR03552081317"} <= set(copied)
    assert {"jeanne@edf.fr", "06 00 00 00 01"} <= set(copied)
    assert page.select_one("a[href='tel:+33142000000']")
    assert all(button.get_text(strip=True).startswith("Copier : ") for button in page.select("[data-copy]"))


def test_a_country_is_named_in_the_language_of_the_screen(app: Flask) -> None:
    gmbh = add_client(app, "GmbH", country="DE", city="Berlin", addresses=[PORT | {"country": "DE"}])
    browser = browser_of(app, locale="en")
    assert "Berlin, Germany" in browser.get(f"/client/details/?id={gmbh}").get_text()
    assert "Allemagne" not in browser.text


def test_an_inactive_client_says_since_when_and_by_whom_and_comes_back_from_there(
    app: Flask, edf: int
) -> None:
    support = browser_of(app, "support", "Camille Roy")
    support.get(f"/client/details/?id={edf}")
    support.post("/client/deactivate/", {"id": str(edf)})
    support.get(f"/client/details/?id={edf}")
    assert any("désactivée par Camille Roy : elle n’apparaît plus" in said for said in notices(support))
    reader = card(app, edf, "lecture")
    assert reader.page.select("main button:not(.copy, .close), main form:not(.find)") == []
    support.submit(".notice.off form")
    assert row(app, Client, edf)["is_active"] is True


# --------------------------------------------------------------------------------- contacts, addresses


def test_contacts_stand_in_their_order_with_the_main_one_first(app: Flask, edf: int) -> None:
    browser = card(app, edf)
    assert names(browser) == ["Jeanne Petit", "paul@edf.fr", "zoe@edf.fr"]
    pressed = [str(star.get("aria-pressed")) for star in browser.page.select(".person > .icon")]
    assert pressed == ["true", "false", "None"]  # an inactive one has no star to press
    menu = browser.page.select_one(".person .menu")
    assert isinstance(menu, Tag)
    assert "Choisissez d'abord un autre contact principal." in menu.get_text()
    assert not menu.select("[form=contact-delete], [form=contact-off]")


def test_a_star_goes_back_where_it_was(app: Flask, edf: int) -> None:
    jeanne, paul, _zoe = contact_ids(app, edf)
    browser = card(app, edf, more="&in=sort%3Dname")
    browser.submit("#contact-star", press="id")
    assert row(app, Client, edf)["main_contact_id"] == paul
    assert browser.path == f"/client/details/?id={edf}&in=sort%3Dname"
    browser.submit(".notice form")
    assert row(app, Client, edf)["main_contact_id"] == jeanne
    assert browser.path == f"/client/details/?id={edf}&in=sort%3Dname"


def test_a_deactivated_contact_comes_back_by_the_message_that_says_so(app: Flask, edf: int) -> None:
    _jeanne, paul, _zoe = contact_ids(app, edf)
    browser = card(app, edf)
    browser.submit("#contact-off", press="id")
    assert row(app, Contact, paul)["is_active"] is False
    browser.submit(".notice form")
    assert row(app, Contact, paul)["is_active"] is True


def test_a_default_address_goes_back_to_the_one_before(app: Flask, edf: int) -> None:
    port = rows(app, Address)[0]["id"]
    browser = card(app, edf)
    assert browser.page.select_one("#euro-main[aria-pressed=true]")
    browser.submit("#address-default", press="id")
    assert row(app, Client, edf)["billing_address_id"] == port
    assert "Les devis et factures partent maintenant de : Entrepôt." in notices(browser)
    browser.submit(".notice form")
    assert row(app, Client, edf)["billing_address_id"] is None


def test_a_duplicate_begins_with_all_but_the_email(app: Flask, edf: int) -> None:
    jeanne = contact_ids(app, edf)[0]
    browser = browser_of(app)
    browser.get(f"/contact/new/?client={edf}&like={jeanne}")
    sent = browser.fields("#record")
    assert (sent["first_name"], sent["last_name"], sent["email"]) == ("Jeanne", "Petit", "")
    assert sent["mobile_phone"] == "06 00 00 00 01"
    browser.submit("#record", email="jeanne.petit@edf.fr")
    assert "Contact ajouté : Jeanne Petit." in notices(browser)
    assert len(contact_ids(app, edf)) == 4
    browser.get(f"/address/new/?client={edf}&like={rows(app, Address)[0]['id']}")
    assert browser.fields("#record")["label"] == "Entrepôt (copie)"
    assert browser.fields("#record")["city"] == "Marseille"


def test_an_address_is_not_duplicated_from_another_client(app: Flask, edf: int) -> None:
    other = add_client(app, "Autre", addresses=[PORT])
    browser = browser_of(app)
    for address in (
        f"/address/new/?client={edf}&like={rows(app, Address, client_id=other)[0]['id']}",
        f"/contact/new/?client={edf}&like=abc",
    ):
        browser.get(address)
        assert browser.status == 404, address


def test_a_contact_goes_into_an_address_book(app: Flask, edf: int) -> None:
    jeanne = contact_ids(app, edf)[0]
    change(app, Contact, jeanne, last_name="Lefèvre; d’Arc", job_title="Achats, ventes")
    change(app, Client, edf, street="1 rue A", city="Lyon", postal_code="69002")
    browser = browser_of(app, "lecture")
    answer = browser.client.get(f"/contact/vcard/?id={jeanne}")
    assert answer.mimetype == "text/vcard"
    assert answer.mimetype_params["charset"] == "utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    read = vobject.readOne(answer.get_data(as_text=True))
    assert read.fn.value == "Jeanne Lefèvre; d’Arc"
    assert (read.n.value.family, read.n.value.given) == ("Lefèvre; d’Arc", "Jeanne")
    assert read.org.value == ["EDF"]
    assert read.title.value == "Achats, ventes"
    assert read.email.value == "jeanne@edf.fr"
    assert read.tel.value == "+33600000001"
    assert (read.adr.value.street, read.adr.value.city, read.adr.value.code) == ("1 rue A", "Lyon", "69002")


def test_over_ten_contacts_there_is_a_search_and_the_others_by_request(app: Flask) -> None:
    people = [{"email": f"p{n}@big.example", "last_name": f"Nom{n:03}"} for n in range(230)]
    big = add_client(app, "Big", contacts=[*people, {"email": "z@big.example", "last_name": "Élodie"}])
    browser = card(app, big)
    assert len(names(browser)) == 10
    assert len(browser.response.data) < 60_000
    more = browser.page.select_one("#contact-rows .more a")
    assert isinstance(more, Tag)
    browser.get(str(more["href"]))
    assert len(names(browser)) == 50
    browser.get(f"/client/details/?id={big}&contacts=99")
    assert len(names(browser)) == 200
    assert "Il en reste 32 : cherchez-les par leur nom." in browser.text
    browser.submit("form.find", who="elodie")
    assert names(browser) == ["Élodie"]
    browser.submit("form.find", who="rien")
    assert "Aucun contact ne correspond à « rien »." in browser.text
    for odd in ("0", "-1", "99", "x", "²", "9" * 30):
        browser.get(f"/client/details/?id={big}&contacts={odd}")
        assert browser.status == 200


def test_the_rows_come_alone_for_a_card_that_is_shown(app: Flask) -> None:
    big = add_client(app, "Big", contacts=[{"email": f"p{n}@big.example"} for n in range(20)])
    browser = browser_of(app)
    inside = {"HX-Request": "true", "HX-Target": "contact-rows"}
    browser.get(f"/client/details/?id={big}&who=p7", headers=inside)
    assert names(browser) == ["p7@big.example"]
    assert browser.page.select("main, h1") == []
    assert browser.response.headers["HX-Retarget"] == "#contact-rows"


def test_a_reader_sees_no_button_that_would_be_refused(app: Flask, edf: int) -> None:
    page = card(app, edf, "lecture").page
    shown = [button.get_text(" ", strip=True) for button in page.select("main button")]
    assert all(text.startswith("Copier") for text in shown)
    assert [tag.get_text(strip=True) for tag in page.select("main a.btn")] == ["Télécharger la vCard"] * 3


def test_a_contact_page_has_the_same_means(app: Flask, edf: int) -> None:
    _jeanne, paul, _zoe = contact_ids(app, edf)
    browser = browser_of(app, name="Alice Durand")
    browser.get(f"/contact/details/?id={paul}&in=sort%3Dname_key")
    assert browser.page.select_one(f".crumbs a[href='/client/details/?id={edf}']")
    assert browser.page.select_one("#next[href^='/contact/beside/']")
    assert browser.page.select_one("#edit-job_title")
    browser.submit("form[action='/contact/star/']")
    assert browser.path == f"/contact/details/?id={paul}&in=sort%3Dname_key"
    assert facts(app, "client", edf)[0][3] == paul
    assert "Choisissez d'abord un autre contact principal." in browser.text


# ------------------------------------------------------------------------------- what others may add


def test_a_feature_adds_a_tab_and_a_panel_without_touching_the_card(
    app: Flask, edf: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "_tabs", {"client": {"record": tabs._tabs["client"]["record"]}})
    monkeypatch.setattr(tabs, "_panels", {"client": {}})
    page = card(app, edf).page
    assert page.select(".tabs") == []

    def context(client: Client) -> dict[str, str]:
        return {"message": f"Panneau de {client.name}"}

    tabs.register("client", tabs.Tab("more", "Plus", "admin/flashes.html", context))
    tabs.register_panel("client", tabs.Panel("side", "À faire", "admin/flashes.html", context))
    tabs.register_panel("client", tabs.Panel("no", "Non", "nowhere.html", context, right="user.write"))
    browser = browser_of(app, name="Alice Durand")
    page = browser.get(f"/client/details/?id={edf}&in=x")
    assert [tab.get_text(strip=True) for tab in page.select(".tabs a")] == ["Fiche", "Plus"]
    assert page.select_one(".tabs a[href*='tab=more'][href*='in=x']")
    first = page.select_one(".record-tab > div")
    assert isinstance(first, Tag)
    assert first.select_one("#contacts")
    browser.get(f"/client/details/?id={edf}&tab=more")
    assert browser.status == 200


def test_a_deletion_asks_first_and_changes_nothing_by_itself(app: Flask, edf: int) -> None:
    before = state(app)
    browser = card(app, edf)
    question = browser.page.select_one(".head .menu details .question")
    assert isinstance(question, Tag)
    assert "Supprimer « EDF » ?" in question.get_text()
    assert state(app) == before
