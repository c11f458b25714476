"""Administrators see where somebody is logged in, and end one session or all of them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.core.db import db
from backoffice.users.models import UserSession
from tests.users.people import facts, is_in, logged_in, make_user
from tests.web import Browser


@pytest.fixture
def ada(app: Flask) -> int:
    return make_user(app, "ada@exemple.fr", "administrateur", first_name="Ada")


@pytest.fixture
def admin(app: Flask, ada: int) -> Browser:
    return logged_in(app, "ada@exemple.fr")


@pytest.fixture
def bob(app: Flask) -> int:
    return make_user(app, "bob@exemple.fr", "support")


def test_an_administrator_ends_one_session_and_no_other(
    app: Flask, admin: Browser, ada: int, bob: int
) -> None:
    at_home, at_work = logged_in(app, "bob@exemple.fr"), logged_in(app, "bob@exemple.fr")
    admin.get(f"/user/details/?id={bob}")
    forms = admin.page.select("form[action*='/user/end-session/']")
    admin.submit(forms[0])  # the last used comes first
    assert "Session terminée." in admin.text
    assert (is_in(at_home), is_in(at_work)) == (True, False)
    assert facts(app, "session") == [("Ada", "ended")]
    admin.get(f"/user/details/?id={ada}")
    assert "celle-ci" in admin.text
    assert not admin.page.select("form[action*='/user/end-session/']")


def test_a_session_is_ended_on_the_card_of_its_owner_alone(
    app: Flask, admin: Browser, ada: int, bob: int
) -> None:
    browser = logged_in(app, "bob@exemple.fr")
    admin.get("/user/")
    with app.app_context():
        session_id = db.session.scalars(select(UserSession.id).order_by(UserSession.id.desc())).first()
    for fields in (
        {"id": ada, "session": session_id},
        {"id": bob, "session": "x"},
        {"id": bob},
    ):
        admin.post("/user/end-session/", fields)
        assert admin.status == 404
        admin.get("/user/")
    assert is_in(browser)
    assert facts(app, "session") == []
