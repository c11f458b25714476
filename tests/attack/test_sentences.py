"""A sentence of ours with a name in it: the name is text, whoever chose it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import LazyString, lazy_gettext
from markupsafe import Markup

from backoffice.clients.models import Contact
from tests.clients.cast import add_client, browser_of, change
from tests.conftest import on_sqlite_only
from tests.web import Browser

NASTY = "<b id=nasty>x</b>"

pytestmark = on_sqlite_only


def test_a_name_within_a_sentence_is_text(app: Flask) -> None:
    with app.test_request_context():
        said: Any = lazy_gettext("Vu par %(name)s", name=NASTY)
        assert render_template_string("{{ said }}", said=said) == "Vu par &lt;b id=nasty&gt;x&lt;/b&gt;"
        assert "<b" not in Markup("{}").format(said)


def test_the_contact_whose_address_is_taken_is_named_as_text(app: Flask) -> None:
    page = _taken(app)
    assert page.status == 200
    assert NASTY in page.error_of("contacts-0-email")
    assert page.page.select("#nasty") == []


def test_with_the_sentences_of_flask_babel_the_name_would_be_markup(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LazyString, "__html__", lambda said: str(said))
    with app.test_request_context():
        said: Any = lazy_gettext("Vu par %(name)s", name=NASTY)
        assert NASTY in render_template_string("{{ said }}", said=said)


def _taken(app: Flask) -> Browser:
    add_client(app, "EDF", "pris@edf.example")
    change(app, Contact, 1, first_name=NASTY)
    browser = browser_of(app)
    browser.get("/client/new/")
    browser.submit("#record", name="Engie", **{"contacts-0-email": "pris@edf.example"})
    return browser
