"""One's own account: name, language, choices for one's own screens."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import select

from backoffice.admin.preferences import keep, preference
from backoffice.core.audit import Fact
from backoffice.core.db import db
from backoffice.users import services
from backoffice.users.models import User, UserSession
from backoffice.users.transactions import short_write
from tests.users.people import PASSWORD, count, facts, is_in, logged_in, make_older, make_user
from tests.web import Browser

FORM = "form#record"


@pytest.fixture
def alice(app: Flask) -> Browser:
    make_user(app, "alice@exemple.fr", first_name="Alice", last_name="Martin")
    return logged_in(app, "alice@exemple.fr")


def _alice(app: Flask) -> User:
    with app.app_context():
        return db.session.scalars(select(User).where(User.email == "alice@exemple.fr")).one()


# ------------------------------------------------------------------------------------------------- name


def test_one_changes_the_own_name_and_the_change_is_traced(app: Flask, alice: Browser) -> None:
    alice.get("/account/profile/")
    alice.submit(FORM, first_name=" Alix ", last_name="de  la Tour")
    assert alice.path == "/account/"
    assert "Nom enregistré : Alix de la Tour." in alice.text
    assert facts(app, "first_name")[-1] == ("Alice Martin", "Alix")
    assert _alice(app).name_key == "de la tour alix"


MISTAKES = [("first_name", "x" * 81, "trop long"), ("last_name", "A\u0007", "caractère invisible")]


@pytest.mark.parametrize(("field", "typed", "sentence"), MISTAKES)
def test_a_mistake_is_named_and_nothing_is_saved(
    app: Flask, alice: Browser, field: str, typed: str, sentence: str
) -> None:
    before = count(app, Fact)
    alice.get("/account/profile/")
    alice.submit(FORM, **{field: typed})
    assert sentence in alice.error_of(field)
    assert alice.fields(FORM)[field] == typed
    assert count(app, Fact) == before


def test_nothing_but_the_name_can_be_changed(app: Flask, alice: Browser) -> None:
    alice.get("/account/profile/")
    fields = dict(alice.fields(FORM).items())
    stolen = {
        "role": "administrateur",
        "email": "x@exemple.fr",
        "active": "",
        "password": "x",
        "version": "9",
    }
    alice.post("/account/profile/", {**fields, **stolen})
    user = _alice(app)
    assert (user.role, user.email, user.active) == ("gestionnaire", "alice@exemple.fr", True)
    assert is_in(alice)


def test_a_name_that_an_administrator_changed_meanwhile_is_shown_and_not_overwritten_unseen(
    app: Flask, alice: Browser
) -> None:
    make_user(app, "ada@exemple.fr", "administrateur", first_name="Ada")
    ada = logged_in(app, "ada@exemple.fr")
    alice.get("/account/profile/")
    ada.get(f"/user/edit/?id={_alice(app).id}")
    ada.submit(FORM, last_name="Durand")
    alice.submit(FORM, last_name="Dupond")
    assert alice.status == 409
    assert "Ada a modifié cette fiche" in alice.text
    said = [tag.get_text(" ", strip=True) for tag in alice.page.select(".three > div")]
    assert said == ["Avant Martin", "Enregistré Durand", "Votre saisie Dupond"]
    assert alice.fields(FORM)["last_name"] == "Dupond"
    assert _alice(app).last_name == "Durand"
    alice.submit(FORM)
    assert _alice(app).last_name == "Dupond"


def test_a_name_typed_in_a_session_that_ran_out_is_kept(app: Flask, alice: Browser) -> None:
    alice.get("/account/profile/")
    make_older(app, UserSession.last_seen_at, timedelta(minutes=45))
    alice.submit(FORM, last_name="Dupond")
    alice.submit(
        "form:has([name=_resume_email])", _resume_email="alice@exemple.fr", _resume_password=PASSWORD
    )
    assert alice.fields(FORM)["last_name"] == "Dupond"
    assert _alice(app).last_name == "Martin"
    alice.submit(FORM)
    assert _alice(app).last_name == "Dupond"


# --------------------------------------------------------------------------------------------- language

LANGUAGE = "main form[action='/account/language/']"


def test_the_next_page_is_in_the_language_that_was_chosen_and_the_change_is_traced(
    app: Flask, alice: Browser
) -> None:
    alice.get("/account/")
    alice.submit(LANGUAGE, locale="en")
    assert alice.path == "/account/"
    html = alice.page.select_one("html")
    assert html is not None
    assert html["lang"] == "en"
    assert "My account" in alice.text
    assert facts(app, "locale")[-1] == ("Alice Martin", "en")


def test_the_change_of_language_is_undone_by_the_message(app: Flask, alice: Browser) -> None:
    alice.get("/account/")
    alice.submit(LANGUAGE, locale="en")
    alice.submit("[data-notice] form[action='/account/language/']")
    assert "Mon compte" in alice.text
    assert _alice(app).locale == "fr"


def test_one_comes_back_to_the_page_from_which_the_language_was_changed(app: Flask, alice: Browser) -> None:
    alice.get("/client/")
    alice.post("/account/language/", {"locale": "en", "url": "/client/?search=a"})
    assert alice.path == "/client/?search=a"


@pytest.mark.parametrize(
    "asked", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_the_way_back_never_leads_elsewhere(app: Flask, alice: Browser, asked: str) -> None:
    alice.get("/account/")
    fields = {"locale": "en", "url": asked, "csrf_token": alice.csrf_token}
    answer = alice.client.post("/account/language/", data=fields)
    assert answer.headers["Location"] == "/account/"


@pytest.mark.parametrize("odd", ["", "de", "FR", "fr-FR", "x" * 1000, None])
def test_a_language_that_is_not_there_is_refused(app: Flask, alice: Browser, odd: str | None) -> None:
    before = count(app, Fact)
    alice.get("/account/")
    alice.post("/account/language/", {} if odd is None else {"locale": odd})
    assert alice.status == 400
    assert (_alice(app).locale, count(app, Fact)) == ("fr", before)


def test_the_language_that_one_has_leaves_no_trace(app: Flask, alice: Browser) -> None:
    before, version = count(app, Fact), _alice(app).version
    alice.get("/account/")
    alice.submit(LANGUAGE, locale="fr")
    assert (count(app, Fact), _alice(app).version) == (before, version)


# ------------------------------------------------------------------------------------------ preferences


def test_shortcuts_are_switched_off_and_on_again(app: Flask, alice: Browser) -> None:
    before, version = count(app, Fact), _alice(app).version
    alice.get("/account/")
    alice.submit("main form[action='/account/preferences/']")
    assert "Raccourcis à une touche désactivés." in alice.text
    assert _alice(app).preferences == {"shortcuts": False}
    alice.submit("[data-notice] form[action='/account/preferences/']")
    assert _alice(app).preferences == {"shortcuts": True}
    assert (count(app, Fact), _alice(app).version) == (before, version), (
        "a choice is no change of the account"
    )


def test_a_new_account_has_chosen_nothing(app: Flask, alice: Browser) -> None:
    assert _alice(app).preferences == {}


CHOICES = [
    ("shortcuts", False),
    ("page_size", 100),
    ("page_size.client", 20),
    ("columns.client", ["name", "city"]),
    ("columns.user", []),
]


@pytest.mark.parametrize(("name", "value"), CHOICES)
def test_a_choice_is_kept_beside_the_others_and_taken_back_by_none(app: Flask, name: str, value: Any) -> None:
    number = make_user(app, "alice@exemple.fr")
    for chosen in ({"columns.x": ["a"], name: value}, {"columns.x": ["a"]}):
        with app.app_context(), short_write() as session:
            services.keep_preference(session, number, "columns.x", ["a"])
            services.keep_preference(session, number, name, chosen.get(name))
        assert _alice(app).preferences == chosen


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("shortcuts", "yes"),
        ("shortcuts", 1),
        ("page_size", True),
        ("shortcuts.client", True),
        ("columns.x", "name"),
        ("columns.x", [1]),
        ("role", "x"),
    ],
)
def test_what_nobody_asks_for_is_not_kept(app: Flask, name: str, value: Any) -> None:
    number = make_user(app, "alice@exemple.fr")
    with app.app_context(), pytest.raises(ValueError, match="no such preference"), short_write() as session:
        services.keep_preference(session, number, name, value)
    assert _alice(app).preferences == {}


def test_two_choices_at_once_are_both_kept(app: Flask) -> None:
    number = make_user(app, "alice@exemple.fr")
    gate = threading.Barrier(6)

    def choose(name: str) -> None:
        with app.app_context():
            gate.wait()
            with short_write() as session:
                services.keep_preference(session, number, name, [name])

    threads = [threading.Thread(target=choose, args=(f"columns.{each}",)) for each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(_alice(app).preferences) == 6


def test_the_kit_keeps_and_tells_the_choices_of_whoever_is_logged_in(make_app: Any) -> None:
    app: Flask = make_app()
    told: list[int] = []

    @app.before_request
    def choose() -> None:
        if request.args.get("size"):
            keep("page_size", int(request.args["size"]))
            told.append(preference("page_size"))

    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    browser.get("/account/?size=20")
    assert browser.status == 200
    assert told == [20]
    assert _alice(app).preferences == {"page_size": 20}


def test_a_choice_that_comes_with_a_page_does_not_make_it_wait_for_another_s_write(make_app: Any) -> None:
    app: Flask = make_app()
    app.before_request(lambda: keep("page_size", 20) if "size" in request.args else None)
    number = make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    with app.app_context(), short_write() as session:
        services.keep_preference(session, number, "page_size", 50)
        begun = time.monotonic()
        browser.get("/account/?size=20")
        assert browser.status == 200
        assert time.monotonic() - begun < 3
    assert _alice(app).preferences == {"page_size": 50}
