"""The search over everything: what it finds for whom, in which order, and how little it asks for that."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.admin import palette
from backoffice.clients.models import Client
from backoffice.core.db import db
from backoffice.users.models import User
from tests.activity.cast import add_task
from tests.clients.cast import add_client, add_clients, browser_of, change
from tests.clients.test_query_counts import counted
from tests.conftest import on_sqlite_only
from tests.events.cast import add_event
from tests.web import Browser

PART = {"HX-Request": "true", "HX-Target": "palette-hits"}


@pytest.fixture
def lefevre(app: Flask) -> int:
    return add_client(
        app,
        "Atelier Lefèvre",
        "helene.garnier@atelier.example",
        city="Lyon",
        siret="55208131766522",
        siren="552081317",
        main={"first_name": "Hélène", "last_name": "Garnier", "job_title": "Achats"},
    )


def found(browser: Browser, words: str) -> list[str]:
    """What the palette offers for these words: its options with their notes."""
    browser.get("/search/", query_string={"q": words}, headers=PART)
    assert browser.status == 200
    return [" · ".join(tag.stripped_strings) for tag in browser.page.select("[role=option]")]


@pytest.mark.parametrize(
    "words", ["lefe lyon", "LEFÈVRE", "552 081 317 66522", "atelier", "helene", "at lef"]
)
def test_a_client_is_found_as_one_types(app: Flask, lefevre: int, words: str) -> None:
    assert "Atelier Lefèvre · Lyon" in found(browser_of(app, "lecture"), words)


@pytest.mark.parametrize("words", ["garn", "hélène garnier", "Garnier H", "helene.garnier@atelier.example"])
def test_a_contact_is_found_in_any_order_of_its_names(app: Flask, lefevre: int, words: str) -> None:
    assert "Hélène Garnier · Achats · Atelier Lefèvre" in found(browser_of(app, "lecture"), words)


def test_names_that_begin_so_come_first_and_the_list_has_the_others(app: Flask) -> None:
    add_clients(app, [{"name": f"Zoo {n}"} for n in range(7)] + [{"name": "A Zoo"}, {"name": "Zz"}])
    browser = browser_of(app)
    assert found(browser, "zoo")[:7] == [f"Zoo {n}" for n in range(6)] + [
        "Chercher « zoo » dans la liste des clients"
    ]
    assert found(browser, "zoo 6")[0] == "Zoo 6"
    assert found(browser, "zz")[0] == "Zz"


def test_names_numbers_addresses_and_towns_are_found(app: Flask, lefevre: int) -> None:
    add_client(app, "Zoo", city="Metz")
    browser = browser_of(app, "lecture")

    assert found(browser, "metz") == ["Zoo · Metz"]
    assert found(browser, "lyon")[0] == "Atelier Lefèvre · Lyon"
    for words in ("552 081 3", "552 081 317 66522", "atelier"):
        assert "Atelier Lefèvre · Lyon" in found(browser, words)
    assert "Hélène Garnier · Achats · Atelier Lefèvre" in found(browser, "Helene.Garnier@atel")


def test_what_is_inactive_is_left_to_the_list(app: Flask, lefevre: int) -> None:
    other = add_client(app, "Garnier SA", "max@garnier.example", main={"last_name": "Garnier"})
    change(app, Client, other, is_active=False)
    browser = browser_of(app)
    assert found(browser, "garnier") == [
        "Atelier Lefèvre · Lyon",
        "Hélène Garnier · Achats · Atelier Lefèvre",
    ]
    assert found(browser, "garnier sa") == ["Chercher « garnier sa » dans la liste des clients"]
    link = browser.page.select_one("[role=option]")
    assert link is not None
    assert link["href"] == "/client/?search=garnier+sa"


def test_actions_and_pages_are_found_by_those_who_may(app: Flask) -> None:
    manager, reader = browser_of(app), browser_of(app, "lecture")
    for words in ("nouv cli", "créer"):
        assert found(manager, words)[0] == "Nouveau client"
        assert "Nouveau client" not in found(reader, words)
    assert "Utilisateurs" in found(browser_of(app, "administrateur"), "utilis")
    assert "Utilisateurs" not in found(manager, "utilis")


def test_events_and_tasks_are_found_and_begun(app: Flask, lefevre: int) -> None:
    browser, other = browser_of(app), browser_of(app, name="Bob Noir")
    add_event(app, lefevre, name="Soirée des 20 ans", starts_on=date(2026, 12, 12))
    with app.app_context():
        mine = db.session.scalars(select(User.id).where(User.email.startswith("gestionnaire"))).one()
    add_task(app, lefevre, "Relancer le devis", owner=mine, due_on=date(2026, 12, 1))
    assert found(browser, "ans soir")[0].startswith("Soirée des 20 ans")
    assert found(browser, "soiree")[0] == "Soirée des 20 ans · 12 décembre 2026 · Atelier Lefèvre"
    assert "Relancer le devis · 1er décembre 2026 · Atelier Lefèvre" in found(browser, "devis rel")
    browser.get(str(browser.page.select("[role=option]")[0]["href"]))
    assert browser.status == 200
    add_task(app, lefevre, "Relancer Zoé", due_on=date(2026, 11, 1))
    titles = [hit.partition(" · ")[0] for hit in found(browser, "relancer")]
    assert titles[:2] == ["Relancer le devis", "Relancer Zoé"]  # one's own first
    assert "Relancer le devis" in " ".join(found(other, "devis rel"))
    for words, label in (("nouv ev", "Nouvel événement"), ("nouvelle t", "Nouvelle tâche")):
        assert found(browser, words)[0] == label
        browser.get(str(browser.page.select("[role=option]")[0]["href"]))
        assert browser.status == 200, label
    assert found(browser_of(app, "support"), "nouv")[0] == "Nouvelle tâche"


@pytest.mark.parametrize("at_once", ["", "&at_once=1"])
def test_a_task_beyond_those_that_are_due_next_is_found_by_the_beginning_of_its_title(
    app: Flask, lefevre: int, monkeypatch: pytest.MonkeyPatch, at_once: str
) -> None:
    monkeypatch.setattr("backoffice.activity.palette._OF_ALL_LOOKED_THROUGH", 1)
    add_task(app, lefevre, "Bientôt", due_on=date(2026, 12, 1))
    add_task(app, lefevre, "Œuvrer à l’été", due_on=date(2028, 12, 2))
    browser = browser_of(app)
    browser.get(f"/search/?q=oeuvrer a l ete{at_once}")
    assert "Œuvrer à l’été" in browser.text


def test_before_anything_is_typed_there_are_the_clients_opened_last(app: Flask, lefevre: int) -> None:
    browser = browser_of(app)
    assert "Atelier Lefèvre · Lyon" not in found(browser, "")
    browser.get(f"/client/details/?id={lefevre}")
    assert found(browser, "")[0] == "Atelier Lefèvre · Lyon"
    assert "Nouveau client" in found(browser, "  ")


def test_without_script_it_is_a_page_and_a_single_hit_opens(app: Flask, lefevre: int) -> None:
    add_clients(
        app,
        [{"name": f"Zoo {n}", "email": f"max@zoo{n}.example", "main": {"last_name": "Max"}} for n in (1, 2)],
    )
    browser = browser_of(app, "lecture")
    link = browser.get("/").select_one("noscript a")
    assert link is not None
    browser.get(str(link["href"]))
    browser.submit("form.everywhere", q="zoo")
    assert [tag.get_text() for tag in browser.page.select(".found a")] == ["Zoo 1", "Zoo 2"]
    browser.submit("form.everywhere", q="zoo 2")
    assert browser.path.startswith("/client/details/")
    browser.get("/search/?q=xyzzy&open=1")
    assert "Aucun résultat." in browser.text
    assert browser.page.select_one(".found a[href='/client/?search=xyzzy']")


def test_a_search_of_a_list_with_a_single_hit_opens_it(app: Flask, lefevre: int) -> None:
    paul = add_client(app, "EDF", "paul@edf.fr", main={"last_name": "Petit"})
    browser = browser_of(app, "lecture")
    browser.get("/")
    browser.submit("form.search", search="lefevre")
    assert browser.path == f"/client/details/?id={lefevre}"
    browser.get("/contact/")
    browser.submit("form.lookfor", search="petit")
    assert browser.path.startswith("/contact/details/")
    assert "EDF" in browser.text
    browser.get("/contact/")
    browser.submit("form.lookfor", search="example")
    browser.get("/contact/?search=petit")
    assert browser.page.select("table.list tbody tr")
    browser.get("/client/?search=edf&open=1")
    assert browser.path == f"/client/details/?id={paul}"


@pytest.mark.parametrize(
    "words", ["%", "_", "'", '"<b>', "\\", "é\u0301", "\U0001f600", "z" * 500, "- - -", "1 " * 60, "ＥＤＦ"]
)
def test_odd_words_find_nothing_and_break_nothing(app: Flask, lefevre: int, words: str) -> None:
    browser = browser_of(app)
    assert "Atelier Lefèvre · Lyon" not in found(browser, words)
    browser.get("/search/", query_string={"q": words, "open": "1"})
    assert browser.status == 200


def test_a_nul_in_the_words_is_a_space(app: Flask, lefevre: int) -> None:
    assert "Atelier Lefèvre · Lyon" in found(browser_of(app), "atelier\x00lefevre")


def test_it_asks_as_often_for_many_records_as_for_few(app: Flask, lefevre: int) -> None:
    add_clients(app, [{"name": "La Maison 1"}, {"name": "La Maison 2"}])
    browser = browser_of(app)
    found(browser, "maison")
    with counted(app) as few:
        found(browser, "maison")
    add_clients(app, [{"name": f"La Maison {n}", "email": f"m{n}@maison.example"} for n in range(3, 40)])
    with counted(app) as many:
        found(browser, "maison")
    assert len(many) <= len(few) <= 11, few


def test_what_is_found_at_once_is_found_without_looking_into_the_texts(app: Flask, lefevre: int) -> None:
    browser = browser_of(app)
    add_event(app, lefevre, name="Atelier d’été")
    found(browser, "x")
    for words in ("atelier", "garnier", "lyon", "xyzzy"):
        with counted(app) as sent:
            browser.get("/search/", query_string={"q": words, "at_once": "1"}, headers=PART)
        assert not any("FROM search_text" in statement for statement in sent)
        names = [next(tag.stripped_strings) for tag in browser.page.select("[role=option]")]
        expected = {"atelier": ["Atelier Lefèvre", "Atelier d’été"], "garnier": ["Hélène Garnier"]}
        assert names == expected.get(words, [])


@on_sqlite_only
def test_a_feature_adds_what_it_finds_without_touching_the_search(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(palette, "_providers", dict(palette._providers))

    def find(session: object, words: str, most: int) -> list[palette.Hit]:
        return [palette.Hit(f"{words} <{n}>", f"/nulle-part/{n}") for n in range(most)]

    palette.register(palette.Provider("more", "Plus", find, "user.write"))
    assert found(browser_of(app), "xyzzy")[:1] == ["Chercher « xyzzy » dans la liste des clients"]
    assert found(browser_of(app, "administrateur"), "xyzzy")[:2] == ["xyzzy <0>", "xyzzy <1>"]
