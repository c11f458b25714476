"""The frame, the lists, the forms and the cards that every screen is made of."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.exc import OperationalError

from backoffice.admin import saving
from backoffice.clients.models import Client
from tests.admin.pages import faults
from tests.clients.cast import add_client, browser_of, change, contact_ids, summary_of
from tests.conftest import on_sqlite_only
from tests.web import Browser

NASTY = '<script>alert(1)</script> & "fils" {{7*7}}'


@pytest.fixture
def camille(app: Flask) -> Browser:
    return browser_of(app, "administrateur", first_name="Camille", last_name="Roy")


@pytest.fixture
def lefevre(app: Flask) -> int:
    return add_client(
        app,
        "Atelier Lefèvre",
        "helene@lefevre.example",
        city="Lyon",
        contacts=[{"email": "luc@lefevre.example", "last_name": "Faure"}],
        addresses=[{"label": "Entrepôt", "city": "Lyon"}],
    )


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/account/",
        "/client/",
        "/client/?status=inactive",
        "/client/?search=lef&flt_city=ly&flt_country=FR&flt_created_from=01/01/2020&sort=city&desc=1",
        "/client/?search=introuvable",
        "/client/new/",
        "/client/edit/?id={id}",
        "/client/details/?id={id}",
        "/client/deactivate/?id={id}",
        "/contact/",
        "/contact/new/?client={id}",
        "/companytype/",
        "/companytype/new/",
        "/companytype/edit/?id=1",
        "/paymentterm/edit/?id=1",
        "/nulle-part",
        "/client/details/?id=99999",
    ],
)
@on_sqlite_only
def test_every_page_is_sound(camille: Browser, lefevre: int, path: str) -> None:
    page = camille.get(path.format(id=lefevre))

    assert faults(page) == []


@on_sqlite_only
def test_pages_for_nobody_are_sound_and_show_no_menu(app: Flask, camille: Browser) -> None:
    for path in ("/login", "/reset"):
        page = Browser(app).get(path)

        assert faults(page) == [], path
        assert page.select("nav") == []


@on_sqlite_only
def test_text_that_looks_like_markup_is_shown_as_text_everywhere(app: Flask, camille: Browser) -> None:
    id_ = add_client(app, NASTY, city=NASTY, main={"last_name": NASTY}, addresses=[{"label": NASTY}])

    for path in ("/client/", f"/client/details/?id={id_}", f"/client/edit/?id={id_}", "/contact/"):
        page = camille.get(path)

        assert NASTY in camille.text or any(tag.get("value") == NASTY for tag in page.select("input")), path
        assert page.find("script", string="alert(1)") is None
        assert faults(page) == [], path


def test_an_unsound_page_would_be_noticed() -> None:
    page = BeautifulSoup(
        """<title> · Back office</title><script>x()</script><a href="javascript:x()" style="color:red">a</a>
        <b id="x"></b><b id="x"></b><input name="bare"><label for="gone">a</label><button></button>
        <form method="post" onsubmit="x()"></form>""",
        "html.parser",
    )

    assert len(faults(page)) == 13


# ------------------------------------------------------------------------------------------------ forms


@on_sqlite_only
def test_a_refused_form_says_beside_each_field_and_under_the_head_what_is_wrong(camille: Browser) -> None:
    camille.get("/client/new/")
    page = camille.submit(
        "#record", name="Fontaine", siret="812 345 676 00018", **{"contacts-0-last_name": "Garnier"}
    )

    assert faults(page) == []
    assert summary_of(camille).startswith("2 champs à corriger : SIRET , ")
    assert [link["href"] for link in page.select("#summary a")] == ["#siret", "#contacts-0-email"]
    assert "clé de contrôle" in camille.error_of("siret")
    assert "obligatoire" in camille.error_of("contacts-0-email")
    assert camille.error_of("name") == ""
    assert page.select_one("#summary[data-focus][tabindex='-1'][role=alert]")
    assert page.select_one("form#record[data-dirty]")


@on_sqlite_only
def test_what_was_typed_stays_in_added_rows_too(camille: Browser) -> None:
    camille.get("/client/new/")
    page = camille.submit(
        "#record",
        name="",
        **{"contacts-1-last_name": "Faure", "contacts-1-email": "x", "addresses-0-label": "Dépôt"},
    )

    fields = camille.fields("#record")
    assert fields["contacts-1-last_name"] == "Faure"
    assert fields["contacts-1-email"] == "x"
    assert fields["addresses-0-label"] == "Dépôt"
    assert page.select("#contacts-1 [data-remove-row]")
    assert not page.select("[name=del-contacts-1]")


@on_sqlite_only
def test_a_row_can_be_added_without_scripts_under_the_next_number(camille: Browser, lefevre: int) -> None:
    page = camille.get(f"/client/edit/?id={lefevre}")

    assert page.select_one("noscript #contacts-2 [name=contacts-2-email]")
    assert page.select_one("noscript #addresses-1 [name=addresses-1-label]")
    assert 'name="contacts-__index__-email"' in camille.response.text, "what scripts copy"


@on_sqlite_only
def test_a_stored_row_is_taken_away_by_its_box(app: Flask, camille: Browser, lefevre: int) -> None:
    page = camille.get(f"/client/edit/?id={lefevre}")
    assert not page.select("[name=del-contacts-0]"), "the main contact stays"

    ticked: dict[str, Any] = {"del-contacts-1": True}
    camille.submit("#record", **ticked)

    assert len(contact_ids(app, lefevre)) == 1


@on_sqlite_only
def test_fields_that_a_box_opens_are_closed_while_it_is_on(camille: Browser) -> None:
    page = camille.get("/client/new/")

    closed = page.select(".closed[data-opens-when-off=billing_same_address] input[name^=billing_]")
    assert len(closed) == 5

    page = camille.submit("#record", name="", billing_same_address=False)
    assert page.select("[data-opens-when-off=billing_same_address]")
    assert not page.select(".closed")


@on_sqlite_only
def test_nothing_too_long_is_cut_silently_by_the_browser(camille: Browser) -> None:
    page = camille.get("/client/new/")

    assert page.select("#record [maxlength]") == []


@on_sqlite_only
def test_the_first_button_of_a_form_is_the_plain_one(camille: Browser, lefevre: int) -> None:
    """Enter presses it: it must not be "Créer et en ajouter un autre"."""
    page = camille.get("/client/new/")

    assert not page.select("#record button[type=submit]")[0].has_attr("name")
    assert page.select_one("#record button[name=_add_another]")
    assert not camille.get(f"/client/edit/?id={lefevre}").select("button[name=_add_another]")


@on_sqlite_only
def test_a_form_that_came_too_late_names_who_was_first(app: Flask, camille: Browser, lefevre: int) -> None:
    camille.get(f"/client/edit/?id={lefevre}")
    change(app, Client, lefevre, street="1 rue Neuve")

    page = camille.submit("#record", street="2 rue Vieille")

    assert camille.status == 409
    conflict = page.select_one("#conflict")
    assert conflict is not None
    assert "système a modifié cette fiche à " in conflict.get_text()
    assert page.select_one(f"#record a[href='/client/details/?id={lefevre}'][target=_blank]")
    assert camille.fields("#record")["street"] == "2 rue Vieille"
    assert faults(page) == []


@on_sqlite_only
def test_what_was_typed_outlives_a_database_that_does_not_answer(
    camille: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> NoReturn:
        raise OperationalError("INSERT", {}, Exception("locked"))

    camille.get("/client/new/")
    with monkeypatch.context() as patch:
        patch.setattr(saving, "save", fail)
        page = camille.submit("#record", name="Fontaine", **{"contacts-0-email": "noel@fontaine.example"})
    assert camille.status == 503
    assert "Votre saisie est conservée" in camille.text
    assert faults(page) == []

    camille.submit("main form", press="_resumed")
    assert camille.fields("#record")["name"] == "Fontaine"

    camille.submit("#record")
    assert camille.path.startswith("/client/details/")


@on_sqlite_only
def test_a_parent_company_is_a_labelled_combobox_that_sends_an_id(
    app: Flask, camille: Browser, lefevre: int
) -> None:
    child = add_client(app, "Lefèvre Voyages", parent_id=lefevre)
    page = camille.get(f"/client/edit/?id={child}")

    box = page.select_one("#parent[role=combobox]")
    assert box is not None
    assert box.get("name") != "parent"
    assert str(box["value"]).startswith("Atelier Lefèvre")
    assert camille.fields("#record")["parent"] == str(lefevre)


# ------------------------------------------------------------------------------------------------ lists


@on_sqlite_only
def test_a_list_says_what_it_is_sorted_by_and_a_click_turns_it_round(camille: Browser, lefevre: int) -> None:
    page = camille.get("/client/")
    sorted_by = page.select_one("th[aria-sort=ascending]")
    assert sorted_by is not None

    page = camille.get(str(sorted_by.select("a")[0]["href"]))

    assert page.select_one("th[aria-sort=descending]")


@on_sqlite_only
def test_an_active_filter_is_a_chip_that_takes_it_away(camille: Browser, lefevre: int) -> None:
    page = camille.get("/client/?flt_city=ly&search=lef")
    chips = page.select("ul.chips a.cross")
    assert ["« lef »" in chips[1].get_text(), "Ville : ly" in chips[2].get_text()] == [True, True]

    page = camille.get(str(chips[2]["href"]))

    assert [chip.get_text(" ", strip=True) for chip in page.select("ul.chips a.cross")] == [
        "Enlever le filtre Actives ✕",
        "Enlever le filtre « lef » ✕",
    ]


@on_sqlite_only
def test_pages_of_a_list_lead_to_one_another_and_back(app: Flask, camille: Browser) -> None:
    for number in range(45):
        add_client(app, f"Société {number:02}")
    page = camille.get("/client/?page_size=20")
    assert not page.select("a[rel=prev]")
    seen = [_names(page)]

    while forward := page.select_one("a[rel=next]"):
        page = camille.get(str(forward["href"]))
        seen.append(_names(page))
    assert [len(names) for names in seen] == [20, 20, 5]

    while back := page.select_one("a[rel=prev]"):
        page = camille.get(str(back["href"]))
    assert _names(page) == seen[0]


def _names(page: object) -> list[str]:
    return [tag.get_text(strip=True) for tag in page.select("tbody th")]  # type: ignore[attr-defined]


@on_sqlite_only
def test_a_number_of_records_is_in_words(app: Flask, camille: Browser, lefevre: int) -> None:
    camille.get("/client/")
    assert "1 société" in camille.text

    add_client(app, "Fontaine Conseil")
    camille.get("/client/")
    assert "2 sociétés" in camille.text


@on_sqlite_only
def test_a_list_without_rows_says_what_to_do_next(camille: Browser) -> None:
    page = camille.get("/contact/?search=introuvable")

    assert "Rien ne correspond à cette recherche" in camille.text
    assert page.select_one(".nothing a[href^='/contact/']")


@on_sqlite_only
def test_who_may_only_read_is_offered_no_change(app: Flask, lefevre: int) -> None:
    reader = browser_of(app, "lecture")

    for path in ("/client/", f"/client/details/?id={lefevre}", "/"):
        page = reader.get(path)
        assert page.select("a[href*='/new/'], a[href*='/edit/'], form[action*='/delete/']") == [], path
