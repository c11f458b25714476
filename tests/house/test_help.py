"""Every screen has its help, in both languages, and no text of help is left behind."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from backoffice.admin.base import Guarded
from backoffice.admin.help import topic_of, topics
from config import ROOT
from tests.conftest import AsRole, on_sqlite_only
from tests.house.routes import all_routes, methods_of, right_of

LANGUAGES = ("fr", "en")
FEWEST_WORDS, MOST_WORDS = 80, 200

pytestmark = on_sqlite_only


def texts() -> dict[str, str]:
    """Every text of help by its name: clients/help/list.fr.html."""
    found = {}
    for folder in sorted((ROOT / "backoffice").glob("*/templates")):
        for path in sorted(folder.glob("*/help/*.html")):
            found[path.relative_to(folder).as_posix()] = path.read_text("utf-8")
    return found


def screens(app: Flask) -> list[str]:
    """The endpoints that show a page to somebody who is logged in."""
    kit = {
        view.endpoint
        for admin in app.extensions["admin"]
        for view in admin._views
        if isinstance(view, Guarded)
    }
    return sorted(
        {
            route.endpoint
            for route in all_routes(app)
            if route.endpoint.partition(".")[0] in kit
            and route.endpoint != "admin.static"
            and "GET" in methods_of(route.endpoint)
            and right_of(route.endpoint) != "nobody"
        }
    )


def test_every_screen_has_a_topic(app: Flask) -> None:
    assert [page for page in screens(app) if topic_of(page) is None] == []
    assert len(screens(app)) > 20


def test_every_topic_stands_in_both_languages_and_every_text_belongs_to_a_topic(app: Flask) -> None:
    expected = {f"{topic.template}.{language}.html" for topic in topics() for language in LANGUAGES}

    assert set(texts()) == expected


def test_a_text_is_short_says_its_title_first_and_has_as_many_parts_in_each_language(app: Flask) -> None:
    wrong = []
    for name, text in texts().items():
        words = len(re.sub(r"<[^>]+>", " ", text).split())
        if not FEWEST_WORDS <= words <= MOST_WORDS or not text.startswith('<h1 id="help-title">'):
            wrong.append(f"{name}: {words} words")
        other = texts()[name.replace(".fr.", ".en.")]
        if re.findall(r"<(\w+)", text) != re.findall(r"<(\w+)", other):
            wrong.append(f"{name}: other parts than in English")

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_mark_leads_to_the_text_of_the_page_in_ones_own_language(
    app: Flask, as_role: AsRole, language: str
) -> None:
    browser = as_role("administrateur")
    browser.get("/client/")
    if language == "en":
        browser.post("/account/language/", {"locale": "en", "url": "/client/"})
        browser.get("/client/")
    link = browser.page.select_one("[data-help]")
    assert link is not None

    page = browser.get(str(link["href"]))

    heading = page.select_one("[data-dialog-part] h1")
    assert heading is not None
    assert heading.get_text() == {"fr": "Liste des clients", "en": "List of clients"}[language]
    assert str(link["href"]) == str(link["hx-get"])


def test_the_list_of_topics_names_what_one_may_do_and_nothing_else(as_role: AsRole) -> None:
    reader = as_role("lecture")
    reader.get("/help/")
    assert "Liste des clients" in reader.text
    assert "Utilisateurs" not in reader.text

    reader.get("/help/?about=user.index_view")
    assert "Inviter quelqu’un" not in reader.text

    administrator = as_role("administrateur")
    page = administrator.get("/help/")
    links = page.select("[data-dialog-part] li a")
    assert len(links) == len(topics())
    for link in links:
        assert administrator.get(str(link["href"])).select_one("#help-title"), link
        assert administrator.status == 200


def test_single_keys_are_switched_off_for_oneself_and_on_again(as_role: AsRole) -> None:
    browser = as_role("lecture")
    page = browser.get("/help/shortcuts/")
    assert page.select_one("body[data-shortcuts=on]")

    browser.submit("form.do")
    assert browser.get("/client/").select_one("body[data-shortcuts=off]")
    assert as_role("support").get("/").select_one("body[data-shortcuts=on]")

    browser.get("/help/shortcuts/")
    browser.submit("form.do")
    assert browser.get("/client/").select_one("body[data-shortcuts=on]")
