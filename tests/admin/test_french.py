"""No English of the libraries below reaches a French screen, and an English one is English throughout."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.clients.cast import add_client, browser_of
from tests.conftest import on_sqlite_only
from tests.users.people import change, make_user
from tests.web import Browser

pytestmark = on_sqlite_only

#: What WTForms, Flask-Admin, Flask-WTF, Flask-Security and Werkzeug would say.
ENGLISH = re.compile(
    r"\b(the|this|is|are|and|with|your|you|not|must|field|required|valid|invalid|choice|choose|save|saved|delete"
    r"|edit|create|list|filter|search|home|log ?out|log ?in|password|submit|cancel|error|failed|record|token"
    r"|missing|between|longer|characters|number|value|select|add|remove|next|previous|yes|true|false|none)\b",
    re.IGNORECASE,
)
#: French, names, and what the browser says of itself.
NOT_ENGLISH = re.compile(r"\b(support|source|contact|type|back office|werkzeug/[\d.]+)\b", re.IGNORECASE)
FRENCH = re.compile(
    r"\b(le|la|les|des|une|est|sont|dans|avec|pour|votre|vos|champ|choisissez|enregistrer|supprimer|modifier"
    r"|créer|rechercher|accueil|erreur|obligatoire|aucun|mot de passe|société|ville|pays|nouveau|nouvelle)\b",
    re.IGNORECASE,
)
SHOWN_ATTRIBUTES = ("placeholder", "title", "aria-label", "alt", "data-loading", "data-none", "data-failed")

FORMS = (
    "/client/new/",
    "/client/edit/?id={id}",
    "/contact/new/?client={id}",
    "/address/new/?client={id}",
    "/companytype/new/",
    "/paymentterm/new/",
    "/paymentterm/edit/?id=1",
    "/settings/",
    "/user/new/",
    "/account/password/",
)
PAGES = ("/", "/client/", "/client/?search=zzz", "/client/details/?id={id}", "/contact/", "/companytype/")
MORE_PAGES = ("/client/deactivate/?id={id}", "/user/", "/account/", "/nulle-part", "/client/delete/?id={id}")


def shown(page: BeautifulSoup) -> Iterator[str]:
    """All that a person reads or hears of a page, options of the browser's lists apart."""
    for tag in page.select("datalist, script, style, code"):
        tag.decompose()
    yield from page.stripped_strings
    for name in SHOWN_ATTRIBUTES:
        yield from (str(tag[name]) for tag in page.select(f"[{name}]"))


def foreign(page: BeautifulSoup, words: re.Pattern[str]) -> list[str]:
    return [text for text in shown(page) if words.search(NOT_ENGLISH.sub("", text))]


@pytest.fixture
def lefevre(app: Flask) -> int:
    return add_client(app, "Atelier Lefèvre", "luc@lefevre.exemple.fr", main={"last_name": "Faure"})


def test_pages_are_french(app: Flask, lefevre: int) -> None:
    browser = browser_of(app, "administrateur", first_name="Camille", last_name="Roy")

    for path in (*PAGES, *MORE_PAGES, *FORMS):
        assert foreign(browser.get(path.format(id=lefevre)), ENGLISH) == [], path


@pytest.mark.parametrize("typed", ["", "x" * 3000, "\x01", "9999999999"])
def test_what_is_wrong_with_a_form_is_said_in_french(app: Flask, lefevre: int, typed: str) -> None:
    browser = browser_of(app, "administrateur", first_name="Camille", last_name="Roy")

    for path in FORMS:
        page = spoiled(browser, path.format(id=lefevre), typed)
        assert browser.status == 200, path
        assert page.select(".error, .notice"), path
        assert foreign(page, ENGLISH) == [], path


def spoiled(browser: Browser, path: str, typed: str) -> BeautifulSoup:
    """The answer to a form in which everything holds the same wrong value."""
    browser.get(path)
    form = browser.page.select_one("#record") or browser.form("main form:not([role=search])")
    kept = ("csrf_token", "idempotency_key", "row_version")
    changes = {
        str(field["name"]): typed
        for field in form.select("input[name], select[name], textarea[name]")
        if field["name"] not in kept and field.get("type") not in ("checkbox", "radio", "hidden")
    }
    return browser.submit(form, **changes)


@pytest.mark.parametrize("path", ["/login", "/reset"])
def test_who_is_not_yet_in_reads_french(app: Flask, path: str) -> None:
    make_user(app, "alice@exemple.fr")
    browser = Browser(app)

    assert foreign(browser.get(path), ENGLISH) == []
    for email, password in (
        ("", ""),
        ("alice@exemple.fr", "faux"),
        ("\x01", "x"),
        ("pas une adresse", "x" * 5000),
    ):
        form = browser.get(path).select_one("form")
        assert form is not None
        page = browser.submit(form, email=email, **({"password": password} if path == "/login" else {}))
        assert foreign(page, ENGLISH) == [], (email, password)


def test_a_form_without_its_token_is_refused_in_french(app: Flask) -> None:
    browser = browser_of(app, "administrateur", first_name="Camille", last_name="Roy")
    browser.post("/client/new/", {"csrf_token": "faux"})

    assert browser.status == 400
    assert foreign(browser.page, ENGLISH) == []


# ------------------------------------------------------------------------------------------- English


def test_whoever_has_chosen_english_reads_no_french(app: Flask, lefevre: int) -> None:
    browser = browser_of(app, "administrateur", first_name="Kim", last_name="Roy")
    change(app, "administrateur@office.example", locale="en")

    for path in (*PAGES, *MORE_PAGES, *FORMS):
        page = browser.get(path.format(id=lefevre))
        assert page.select("html[lang=en]"), path
        assert foreign(page, FRENCH) == [], path


def test_what_is_wrong_with_a_form_is_said_in_english_to_them(app: Flask, lefevre: int) -> None:
    browser = browser_of(app, "administrateur", first_name="Kim", last_name="Roy")
    change(app, "administrateur@office.example", locale="en")

    for path in FORMS:
        assert foreign(spoiled(browser, path.format(id=lefevre), "x" * 3000), FRENCH) == [], path
