"""What a person does with the activity of a client: write, edit, pin, remove, tick off, narrow."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.activity.models import Entry
from backoffice.clients.models import Client, Contact
from tests.activity.cast import add_entry, add_task, feed_of, id_of, open_tab, press
from tests.admin.pages import faults
from tests.clients.cast import add_client, browser_of, contact_ids, facts, notices, row, rows
from tests.conftest import on_sqlite_only
from tests.web import Browser

FORM = "#entry-form"


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "jeanne@edf.fr", main={"first_name": "Jeanne", "last_name": "Roy"})


def test_a_note_takes_one_field_and_stands_first_in_the_feed(app: Flask, edf: int) -> None:
    browser = open_tab(browser_of(app, "support", "Samira Haddad"), edf)
    browser.submit(FORM, body="Fermeture **annuelle** du 23 décembre au 4 janvier.")

    assert notices(browser) == ["Information ajoutée."]
    (entry,) = feed_of(browser)
    assert entry.startswith("✎ Information aujourd’hui à")
    assert "Samira Haddad" in entry
    assert browser.page.select_one(".entry .text strong").get_text() == "annuelle"  # type: ignore[union-attr]
    (stored,) = rows(app, Entry)
    assert (stored["kind"], stored["client_id"], stored["contact_id"]) == ("note", edf, None)
    assert ("Samira Haddad", "body", None, stored["body"]) in facts(app, "entry", operation="create")


def test_a_call_is_written_of_a_contact_and_stands_on_the_contact_s_page_too(app: Flask, edf: int) -> None:
    (jeanne,) = contact_ids(app, edf)
    browser = open_tab(browser_of(app), edf, add="call")
    browser.submit(FORM, body="Point sur la commande\n\nRappeler vendredi.", contact=jeanne)

    browser.get(f"/contact/details/?id={jeanne}&tab=activity")
    (entry,) = feed_of(browser)
    assert entry.startswith("☎ Appel : Point sur la commande")
    assert "avec Jeanne Roy" not in entry  # it is her page

    browser.submit(FORM, body="Écrit sur sa page.")
    assert {columns["contact_id"] for columns in rows(app, Entry)} == {jeanne}
    assert "avec Jeanne Roy" in feed_of(open_tab(browser, edf))[0]


def test_the_kind_is_chosen_without_losing_what_was_typed(app: Flask, edf: int) -> None:
    browser = open_tab(browser_of(app), edf)
    button = browser.page.select_one('#entry-form .kinds button[formaction^="/call/new/"]')
    assert button is not None
    fields = browser.fields(FORM)
    browser.post(str(button["formaction"]), {**fields, "body": "Déjà tapé", "_resumed": "1"})

    assert browser.fields("form.write")["body"] == "Déjà tapé"
    assert rows(app, Entry) == []
    browser.submit("form.write")
    assert [columns["kind"] for columns in rows(app, Entry)] == ["call"]


def test_an_empty_text_is_refused_with_its_sentence(app: Flask, edf: int) -> None:
    browser = open_tab(browser_of(app), edf)
    browser.submit(FORM, body="  \n ")

    assert browser.error_of("body") == "Le texte est vide : écrivez ce qu’il faut retenir."
    assert rows(app, Entry) == []


def test_a_form_sent_twice_makes_one_entry(app: Flask, edf: int) -> None:
    browser = open_tab(browser_of(app), edf)
    address, fields = str(browser.form(FORM)["action"]), {**browser.fields(FORM), "body": "Une fois"}
    for _time in range(2):
        browser.post(address, fields)

    assert len(rows(app, Entry)) == 1


def test_entries_are_pinned_above_the_feed_and_let_go_again(app: Flask, edf: int) -> None:
    old, _new = add_entry(app, edf, "Ancien"), add_entry(app, edf, "Nouveau")
    browser = open_tab(browser_of(app), edf)
    press(browser, "#entry-pin", old)
    assert ["Ancien" in feed_of(browser)[0], "Nouveau" in feed_of(browser)[1]] == [True, True]

    press(browser, "#entry-unpin", old)
    assert "Nouveau" in feed_of(browser)[0]
    browser.submit(".notice form")
    assert row(app, Entry, old)["pinned_at"] is not None


def test_what_is_removed_lies_in_the_trash_and_comes_back(app: Flask, edf: int) -> None:
    browser = browser_of(app, "support", "Samira Haddad")
    note = add_entry(app, edf, "Faux", author=id_of(app, browser))
    press(open_tab(browser, edf), "#entry-remove", note)
    assert feed_of(browser) == []
    browser.submit(".notice form")
    assert len(feed_of(browser)) == 1

    press(browser, "#entry-remove", note)
    assert "supprimé par Samira Haddad · aujourd’hui" in feed_of(open_tab(browser, edf, kind="removed"))[0]
    press(browser, "#entry-restore", note)
    assert row(app, Entry, note)["removed_at"] is None
    assert ("Samira Haddad", "removed_by_id", id_of(app, browser), None) in facts(app, "entry", note)


def test_an_entry_is_edited_by_its_author_or_an_administrator_and_says_so(app: Flask, edf: int) -> None:
    author = browser_of(app, "support", "Samira Haddad")
    note = add_entry(app, edf, "Texte d’avant", author=id_of(app, author))
    for other, status in (
        (browser_of(app, "lecture"), 403),
        (browser_of(app, "gestionnaire"), 403),
        (author, 200),
        (browser_of(app, "administrateur"), 200),
    ):
        other.get(f"/note/edit/?id={note}")
        assert other.status == status
    author.submit("form.write", body="Texte d’après")

    assert row(app, Entry, note)["body"] == "Texte d’après"
    assert "modifié" in feed_of(open_tab(author, edf))[0]


def test_two_who_edit_one_entry_are_told_of_each_other(app: Flask, edf: int) -> None:
    author = browser_of(app, "support", "Samira Haddad")
    note = add_entry(app, edf, "Avant", author=id_of(app, author))
    boss = browser_of(app, "administrateur")
    for browser in (author, boss):
        browser.get(f"/note/edit/?id={note}")
    boss.submit("form.write", body="Du chef")
    author.submit("form.write", body="De l’auteur")

    assert author.status == 409
    assert author.fields("#record")["body"] == "De l’auteur"
    assert row(app, Entry, note)["body"] == "Du chef"


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("/entry/pin/", "support"),
        ("/entry/remove/", "gestionnaire"),
        ("/entry/restore/", "gestionnaire"),
        ("/task/done/", "support"),
        ("/task/reopen/", "support"),
        ("/note/new/", "lecture"),
    ],
)
@on_sqlite_only
def test_what_is_not_one_s_own_is_refused_and_nothing_changes(
    app: Flask, edf: int, address: str, role: str
) -> None:
    note, task = add_entry(app, edf, "Autrui"), add_task(app, edf)
    browser = browser_of(app, role)
    open_tab(browser, edf)
    before = rows(app, Entry)
    browser.post(address, {"id": task if address.startswith("/task") else note, "body": "x", "client": edf})

    assert browser.status == 403
    assert rows(app, Entry) == before


def test_a_feed_is_narrowed_by_kind_person_and_contact(app: Flask, edf: int) -> None:
    (jeanne,) = contact_ids(app, edf)
    browser = browser_of(app, "gestionnaire", "Claire Vasseur")
    me = id_of(app, browser)
    add_entry(app, edf, "Une note")
    add_entry(app, edf, "Un appel", kind="call", contact=jeanne)
    add_task(app, edf, owner=me, author=me, title="Une tâche")
    found = {
        "kind=call": "Un appel",
        f"author={me}": "Une tâche",
        f"who={jeanne}": "Un appel",
        "kind=note": "Une note",
    }
    for query, text in found.items():
        name, _, value = query.partition("=")
        (entry,) = feed_of(open_tab(browser, edf, **{name: value}))
        assert text in entry, query
    assert len(feed_of(open_tab(browser, edf, kind="nonsense", author="x", who="99999999999"))) == 3


def test_voir_plus_brings_the_earlier_entries_by_position(app: Flask, edf: int) -> None:
    for number in range(45):
        add_entry(app, edf, f"Note {number:02}")
    browser = open_tab(browser_of(app), edf)
    seen = bodies(browser)
    while (link := browser.page.select_one("#feed-more a")) is not None:
        headers = {"HX-Request": "true", "HX-Target": "feed-more"}
        part = browser.client.get(str(link["hx-get"]), headers=headers)
        assert part.headers["HX-Retarget"] == "#feed-more"
        browser.get(str(link["href"]))  # what the link leads to without script
        assert all(text in part.text for text in bodies(browser))
        seen += bodies(browser)

    assert seen == [f"Note {number:02}" for number in range(44, -1, -1)]


def test_a_client_or_contact_with_an_activity_is_kept(app: Flask, edf: int) -> None:
    other = add_client(app, "Deuxième", contacts=[{"email": "paul@deux.example"}])
    _main, paul = contact_ids(app, other)
    add_entry(app, other, "x", contact=paul)
    browser = browser_of(app)
    browser.get(f"/client/details/?id={other}")
    assert "Suppression impossible" in browser.text
    browser.post("/client/delete/", {"id": other})
    browser.post("/contact/delete/", {"id": paul})

    assert rows(app, Client, id=other)
    assert rows(app, Contact, id=paul)
    browser.get(f"/client/details/?id={edf}")
    browser.post("/client/delete/", {"id": edf})
    assert not rows(app, Client, id=edf)


def test_a_mention_is_told_beside_one_s_name_until_it_is_read(app: Flask, edf: int) -> None:
    samira = browser_of(app, "support", "Samira Haddad")
    open_tab(browser_of(app, "gestionnaire", "Claire Vasseur"), edf).submit(
        FORM, body="@samira.haddad peux-tu rappeler ? @Claire Vasseur s’en souvient."
    )
    samira.get("/client/")
    mark = samira.page.select_one(".top .waiting")
    assert mark is not None
    assert mark["aria-label"] == "1 mention à lire"

    samira.get("/mention/")
    assert [chip.get_text() for chip in samira.page.select(".mention")] == [
        "@Samira Haddad",
        "@Claire Vasseur",
    ]
    samira.submit(".head form")
    assert samira.page.select_one(".top .waiting") is None
    assert "Nouveau" not in samira.text


def bodies(browser: Browser) -> list[str]:
    return [tag.get_text(strip=True) for tag in browser.page.select("#feed .text")]


@on_sqlite_only
def test_text_that_looks_like_markup_is_shown_as_text_on_every_page(app: Flask, edf: int) -> None:
    browser = browser_of(app, "administrateur", "Claire Vasseur")
    me, nasty = id_of(app, browser), '<script>alert(1)</script> "fils" {{7*7}} \u202e'
    note = add_entry(app, edf, f"{nasty}\n{nasty}", author=me, contact=contact_ids(app, edf)[0])
    task = add_task(app, edf, nasty, author=me, owner=me, body=nasty)
    for page in (
        f"/client/details/?id={edf}",
        f"/client/details/?id={edf}&tab=activity",
        f"/entry/?client={edf}",
        f"/note/edit/?id={note}",
        f"/task/edit/?id={task}",
        "/task/",
        "/",
    ):
        shown = browser.get(page)
        assert browser.status == 200, page
        assert faults(shown) == [], page
        assert "alert(1)" not in "".join(tag.get_text() for tag in shown.select("script")), page
        assert "49" not in " ".join(tag.get_text() for tag in shown.select(".text, .task strong, h3")), page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/entry/", 404),
        ("/entry/?client=abc", 404),
        ("/entry/?client=99999999999999999999999", 404),
        ("/entry/?client={edf}&after=x&begin=9999999999&author=1,2&who=%00&kind=%27", 200),
        ("/client/details/?id={edf}&tab=activity&add=nothing&after=W10&begin=-1", 200),
        ("/note/new/?client=1,2", 404),
        ("/note/new/?event=7", 404),
        ("/note/edit/?id=x", 404),
        ("/note/details/?id={note}", 200),
        ("/task/details/?id={note}", 404),
        ("/task/?who=99999999999&after=W10=&done=2", 200),
        ("/mention/?after=W10", 200),
    ],
)
@on_sqlite_only
def test_odd_addresses_are_answered_calmly(app: Flask, edf: int, address: str, status: int) -> None:
    note = add_entry(app, edf, "Vu.")
    browser = browser_of(app, "administrateur")
    browser.get(address.format(edf=edf, note=note))

    assert browser.status == status


@on_sqlite_only
def test_a_form_says_nothing_but_what_it_shows(app: Flask, edf: int) -> None:
    """An author, a moment, another client: what is sent beside the fields changes nothing."""
    other = add_client(app, "Ailleurs")
    author = browser_of(app, "support", "Samira Haddad")
    note = add_entry(app, edf, "Avant", author=id_of(app, author))
    author.get(f"/note/edit/?id={note}")
    fields = {**author.fields("form.write"), "body": "Après", "client": other, "author": 1, "author_id": 1}
    author.post(f"/note/edit/?id={note}", {**fields, "kind": "call", "pinned_at": "2026-01-01", "id": 99})

    stored = row(app, Entry, note)
    assert (stored["body"], stored["client_id"], stored["kind"]) == ("Après", edf, "note")
    assert (stored["author_id"], stored["pinned_at"]) == (id_of(app, author), None)


@on_sqlite_only
def test_a_long_text_is_folded_so_that_what_is_older_stays_in_reach(app: Flask, edf: int) -> None:
    add_entry(app, edf, "Une phrase de compte rendu. " * 200)
    page = open_tab(browser_of(app), edf).page
    folded = page.select_one("#feed details.text")
    assert folded is not None
    assert not folded.has_attr("open")
    assert folded.get_text().count("compte rendu") == 200
    assert len(str(page.select_one("#feed p.text"))) < 400
