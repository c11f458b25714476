"""The activity of a client in Chromium: written by keyboard, ticked off and taken back, without leaving the card."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from backoffice.activity.models import Entry, Task
from backoffice.clients.models import Client
from tests.activity.cast import add_entry, add_task
from tests.browser.conftest import Visit, stay, stayed
from tests.clients.cast import add_client, change, rows
from tests.conftest import on_sqlite_only
from tests.events.cast import add_event
from tests.users.people import make_user

pytestmark = on_sqlite_only


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "jeanne@edf.fr", main={"first_name": "Jeanne", "last_name": "Roy"})


@pytest.fixture
def card(edf: int, visit: Visit) -> Page:
    page = visit("gestionnaire")
    page.goto(f"/client/details/?id={edf}")
    stay(page)
    return page


def test_a_note_is_typed_and_sent_as_soon_as_the_tab_is_open(app: Flask, card: Page) -> None:
    card.get_by_role("link", name="Activité").click()
    expect(card.get_by_label("Texte", exact=True)).to_be_focused()
    card.keyboard.type("Fermeture annuelle.")
    # Pulled larger by its corner. What comes of a forbidden style is an error to the console, and fails the test.
    card.get_by_label("Texte", exact=True).evaluate("area => { area.style.height = '300px' }")
    card.keyboard.press("Control+Enter")

    expect(card.locator("#feed .entry")).to_have_count(1)
    expect(card.locator("#feed .text")).to_have_text("Fermeture annuelle.")
    expect(card.get_by_label("Texte", exact=True)).to_be_focused()
    card.keyboard.press("Control+Enter")
    expect(card.locator("#new-body-error")).to_have_text("Le texte est vide : écrivez ce qu’il faut retenir.")
    expect(card.get_by_label("Texte", exact=True)).to_be_focused()
    assert stayed(card)
    assert len(rows(app, Entry)) == 1


def test_what_belongs_to_a_client_is_offered_in_the_form_once_the_client_is_chosen(
    app: Flask, edf: int, visit: Visit
) -> None:
    add_event(app, edf, name="Soirée")
    add_client(app, "Engie", "zoe@engie.fr")
    page = visit("gestionnaire")
    page.goto("/task/new/")
    contacts, events = page.get_by_label("Contact", exact=True), page.get_by_label("Événement", exact=True)
    expect(contacts).to_be_hidden()
    page.get_by_label("Titre").fill("Relancer")
    for name, offered in (("EDF", ["Aucun", "Jeanne Roy"]), ("Engie", ["Aucun", "zoe@engie.fr"])):
        page.locator("#client").fill(name.lower())
        expect(page.locator("#client-list [role=option]")).to_have_text([name])
        page.keyboard.press("Enter")
        expect(contacts.locator("option")).to_have_text(offered)
        expect(contacts).to_be_visible()
        expect(events).to_be_visible(visible=name == "EDF")
    contacts.select_option(label="zoe@engie.fr")
    page.get_by_label("Titre").press("Enter")
    expect(page.locator("#feed .entry")).to_contain_text("Relancer")
    expect(page.locator("#feed .entry")).to_contain_text("zoe@engie.fr")


def test_no_hole_stands_before_the_mark_of_overdue_tasks(app: Flask, edf: int, card: Page) -> None:
    add_task(app, edf, due_on=date(2024, 1, 1))
    change(app, Client, edf, type_id=1)
    card.reload()
    expect(card.locator(".head a.pill.bad")).to_be_visible()
    parts = [part.bounding_box() for part in card.locator(".head > :not(.do)").all()]
    gaps = [round(b["x"] - a["x"] - a["width"]) for a, b in pairwise(part for part in parts if part)]
    assert len(gaps) == 3
    assert set(gaps) == {14}
    # What one sees of the last one may be followed by the place of a pencil; no other may.
    assert card.locator(".head > .marked").count() == card.locator(".head > .marked + .do").count() == 1


def test_another_kind_keeps_what_was_typed_and_enter_in_a_title_sends_it(app: Flask, card: Page) -> None:
    card.get_by_role("link", name="Activité").click()
    card.get_by_label("Texte", exact=True).fill("Deux salles")
    adding = card.locator(".adding")
    adding.get_by_role("button", name="Tâche", exact=True).click()
    expect(adding.get_by_label("Précisions")).to_have_value("Deux salles")
    expect(adding.get_by_label("Titre")).to_be_focused()
    card.keyboard.type("Envoyer l’option")
    card.keyboard.press("Enter")

    expect(card.locator("#feed h3")).to_have_text("Tâche : Envoyer l’option")
    assert stayed(card)
    assert [(task["title"], task["body"]) for task in rows(app, Task)] == [
        ("Envoyer l’option", "Deux salles")
    ]


def test_a_task_is_ticked_off_and_the_undo_brings_it_back(app: Flask, edf: int, card: Page) -> None:
    add_task(app, edf, "Rappeler Zoé")
    card.reload()
    stay(card)
    card.get_by_role("button", name="Terminer : Rappeler Zoé").click()
    expect(card.locator(".to-do .task")).to_have_count(0)
    expect(card.get_by_role("link", name="+ Tâche")).to_be_focused()
    card.locator(".notice").get_by_role("button", name="Annuler").click()
    expect(card.get_by_role("button", name="Terminer : Rappeler Zoé")).to_be_visible()
    assert stayed(card)


def test_a_task_is_added_in_the_panel_of_the_card_and_escape_closes_its_form(app: Flask, card: Page) -> None:
    card.get_by_role("link", name="+ Tâche").click()
    expect(card.get_by_label("Titre")).to_be_focused()
    card.keyboard.press("Escape")
    expect(card.get_by_label("Titre")).to_have_count(0)
    card.get_by_role("link", name="+ Tâche").click()
    expect(card.get_by_label("Titre")).to_be_focused()
    card.keyboard.type("Relancer")
    card.keyboard.press("Control+Enter")

    expect(card.locator(".to-do .task strong")).to_have_text("Relancer")
    assert stayed(card)


def test_voir_plus_brings_the_earlier_entries_below_and_reads_on_there(
    app: Flask, edf: int, card: Page
) -> None:
    for number in range(25):
        add_entry(app, edf, f"Note {number:02}")
    card.goto(f"/client/details/?id={edf}&tab=activity")
    stay(card)
    card.get_by_label("Texte", exact=True).fill("Pas encore envoyé")
    card.get_by_role("link", name="Voir plus").click()

    expect(card.locator("#feed .entry")).to_have_count(25)
    expect(card.locator("#feed .entry").nth(20)).to_be_focused()
    expect(card.get_by_role("link", name="Voir plus")).to_have_count(0)
    card.get_by_role("link", name="Appels", exact=True).click()
    expect(card.locator("#feed .entry")).to_have_count(0)
    expect(card.get_by_label("Texte", exact=True)).to_have_value("Pas encore envoyé")
    assert "kind=call" in card.url
    card.get_by_label("Écrit par").select_option(label="Quelqu’un Autre")
    card.wait_for_url("**author=*")
    card.get_by_role("link", name="Informations", exact=True).click()
    expect(card.locator("#feed .entry")).to_have_count(20)
    expect(card.get_by_label("Écrit par")).to_have_value(re.compile(r"\d+"))
    assert "author=" in card.url
    assert stayed(card)


def test_an_entry_is_edited_pinned_and_removed_where_it_stands(app: Flask, visit: Visit, edf: int) -> None:
    note = add_entry(app, edf, "Avant")
    page = visit("administrateur")
    page.goto(f"/client/details/?id={edf}&tab=activity")
    stay(page)
    entry = page.locator(f"#entry-{note}")
    menu = entry.locator("summary")
    menu.click()
    entry.get_by_role("link", name="Modifier").click()
    text = entry.get_by_label("Texte", exact=True)
    expect(text).to_be_focused()
    text.fill("Après")
    page.keyboard.press("Control+Enter")
    expect(entry.locator(".text")).to_have_text("Après")

    menu.click()
    entry.get_by_role("button", name="Épingler").click()
    expect(entry.locator(".tag")).to_have_text("Épinglé")
    menu.click()
    entry.get_by_role("button", name="Mettre à la corbeille").click()
    expect(entry).to_have_count(0)
    page.locator(".notice").get_by_role("button", name="Annuler").click()
    expect(entry.locator(".text")).to_have_text("Après")
    assert stayed(page)


def test_behind_an_at_the_names_of_colleagues_are_proposed(app: Flask, edf: int, visit: Visit) -> None:
    make_user(app, "samira@office.example", "support", first_name="Samira", last_name="Haddad")
    make_user(app, "sacha@office.example", "support", first_name="Sacha", last_name="Éluard")
    page = visit("gestionnaire")
    page.goto(f"/client/details/?id={edf}&tab=activity")
    page.keyboard.type("@sa")
    options = page.locator(".people").get_by_role("option")
    expect(options).to_have_text(["Sacha Éluard", "Samira Haddad"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("et @elu")
    expect(options).to_have_text(["Sacha Éluard"])
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(page.get_by_label("Texte", exact=True)).to_have_value("@Samira Haddad et @elu")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#feed .mention")).to_have_text("@Samira Haddad")
