"""A second factor: turned on with an app and a sheet of paper, and taken off again."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from backoffice.core.audit import Fact
from backoffice.core.db import db
from backoffice.users import reset
from backoffice.users.models import RecoveryCode, SecondFactor, User
from tests.users.people import (
    OTHER_PASSWORD,
    PASSWORD,
    count,
    facts,
    is_in,
    logged_in,
    make_user,
)
from tests.users.phones import (
    AGAIN,
    FORM,
    learn,
    past_the_password,
    protected,
    recovery_codes,
    turn_on,
    wrong_code,
)
from tests.web import Browser

# ------------------------------------------------------------------------------------------ turning it on


def test_turning_it_on_takes_the_password_and_a_code_and_shows_ten_recovery_codes(app: Flask) -> None:
    make_user(app, "alice@exemple.fr", first_name="Alice")
    browser = logged_in(app, "alice@exemple.fr")
    _phone, codes = turn_on(browser)
    assert len(set(codes)) == 10
    assert all(len(code) == 11 for code in codes)
    assert facts(app, "second_factor") == [("Alice", "on")]
    browser.get("/account/")
    assert "10 codes de secours restants" in browser.text


def test_without_the_right_password_there_is_no_secret(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    browser.get("/account/second-factor/")
    browser.submit(AGAIN, current=OTHER_PASSWORD)
    assert "Ce n’est pas votre mot de passe actuel" in browser.error_of("current")
    browser.get("/account/second-factor/code/")
    assert browser.path == "/account/second-factor/"


def test_a_wrong_first_code_turns_nothing_on(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    phone = learn(browser)
    browser.submit(FORM, code=wrong_code(phone))
    assert "Ce code n’est pas le bon" in browser.error_of("code")
    assert count(app, SecondFactor) == 0
    browser.submit(FORM, code=phone.code())
    assert count(app, SecondFactor) == 1


def test_the_picture_and_the_text_hold_the_same_secret(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    learn(browser)
    picture, typed = browser.page.select_one("img.qr"), browser.page.select_one("code.secret")
    assert picture is not None
    assert typed is not None
    assert str(picture["src"]).startswith("data:image/svg+xml")
    assert all(len(group) == 4 for group in typed.get_text().split())
    assert "style=" not in browser.response.get_data(as_text=True)


def test_a_secret_that_nobody_confirmed_within_a_quarter_of_an_hour_is_forgotten(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    phone = learn(browser)
    with browser.client.session_transaction() as cookie:
        secret, at = cookie["new_second_factor"]
        cookie["new_second_factor"] = [secret, at - 901]
    browser.submit(FORM, code=phone.code())
    assert browser.path == "/account/second-factor/"
    assert count(app, SecondFactor) == 0


def test_the_secret_is_in_no_page_no_fact_and_not_readable_in_the_database(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    phone = learn(browser)
    shown = browser.page.select_one("code.secret")
    assert shown is not None
    secret = shown.get_text().replace(" ", "")
    browser.submit(FORM, code=phone.code())
    codes = recovery_codes(browser)
    for page in ("/account/", "/account/second-factor/", "/account/second-factor/code/"):
        browser.get(page)
        words = browser.response.get_data(as_text=True)
        assert secret not in words.replace(" ", "")
        assert not any(code in words for code in codes)
    with browser.client.session_transaction() as cookie:
        assert "new_second_factor" not in cookie
    kept = _everything(app)
    assert secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def _everything(app: Flask) -> str:
    with app.app_context():
        rows = [
            db.session.execute(text(f"SELECT * FROM {table}")).all()
            for table in ("fact", "second_factor", "recovery_code", '"user"')
        ]
    return str(rows)


def test_codes_are_shown_once(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    _phone, codes = turn_on(browser)
    assert "J’ai noté ces codes" in browser.text
    browser.submit("form:has(#noted)")
    assert browser.path.startswith("/account/")
    assert codes[0] not in browser.text


# ------------------------------------------------------------------------------------------ taking it off


def test_it_is_removed_with_the_password_and_then_the_password_is_enough(app: Flask) -> None:
    make_user(app, "alice@exemple.fr", first_name="Alice")
    browser = logged_in(app, "alice@exemple.fr")
    turn_on(browser)
    browser.get("/account/second-factor/remove/")
    browser.submit(AGAIN, current=OTHER_PASSWORD)
    assert browser.error_of("current")
    assert count(app, SecondFactor) == 1
    browser.submit(AGAIN, current=PASSWORD)
    assert "Second facteur retiré" in browser.text
    assert (count(app, SecondFactor), count(app, RecoveryCode)) == (0, 0)
    assert facts(app, "second_factor") == [("Alice", "on"), ("Alice", "off")]
    logged_in(app, "alice@exemple.fr")


def test_it_is_not_turned_on_twice(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    one, other = logged_in(app, "alice@exemple.fr"), logged_in(app, "alice@exemple.fr")
    first, second = learn(one), learn(other)
    one.submit(FORM, code=first.code())
    other.submit(FORM, code=second.code())
    assert not recovery_codes(other)
    assert other.path == "/account/second-factor/"
    assert [how for _who, how in facts(app, "second_factor")] == ["on"]


def test_an_administrator_takes_away_the_one_of_somebody_who_lost_the_phone(app: Flask) -> None:
    make_user(app, "ada@exemple.fr", "administrateur", first_name="Ada")
    number = make_user(app, "bob@exemple.fr", "support")
    bob = logged_in(app, "bob@exemple.fr")
    turn_on(bob)
    ada = logged_in(app, "ada@exemple.fr")
    ada.get(f"/user/details/?id={number}")
    assert "assurez-vous que c’est bien cette personne" in ada.text
    ada.submit("form[action*='/user/remove-second-factor/']")
    assert "Second facteur de bob@exemple.fr retiré" in ada.text
    assert facts(app, "second_factor")[-1] == ("Ada", "removed")
    assert not is_in(bob)
    logged_in(app, "bob@exemple.fr")


def test_an_administrator_removes_the_own_one_only_with_the_password(app: Flask) -> None:
    number = make_user(app, "ada@exemple.fr", "administrateur")
    ada = logged_in(app, "ada@exemple.fr")
    turn_on(ada)
    ada.get(f"/user/details/?id={number}")
    assert not ada.page.select("form[action*='/user/remove-second-factor/']")
    ada.post("/user/remove-second-factor/", {"id": number})
    assert ada.path == "/account/second-factor/remove/"
    assert count(app, SecondFactor) == 1


def test_a_new_password_by_mail_does_not_skip_it(app: Flask) -> None:
    phone, _codes = protected(app)
    browser = Browser(app)
    with app.test_request_context():
        user = db.session.scalars(select(User)).one()
        link = "/" + reset.link_for(user).split("/", 3)[3]
    browser.get(link)
    browser.submit("form:has([name=repeat])", password=OTHER_PASSWORD, repeat=OTHER_PASSWORD)
    assert not is_in(browser)
    browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
    assert browser.path.startswith("/login/code/")
    browser.submit(FORM, code=phone.code())
    assert is_in(browser)


def test_another_secret_key_refuses_the_codes_of_the_app_and_takes_those_on_paper(make_app: Any) -> None:
    """A restored database on another machine: nobody gets in by the app, nobody is locked out."""
    app = make_app(SECRET_KEY=secrets.token_hex(32))
    phone, codes = protected(app)
    other = make_app(SECRET_KEY=secrets.token_hex(32))
    browser = past_the_password(other)
    browser.submit(FORM, code=phone.code())
    assert browser.error_of("code")
    browser.submit(FORM, code=codes[0])
    assert is_in(browser)


def test_no_fact_of_a_second_factor_holds_more_than_what_happened(app: Flask) -> None:
    _phone, codes = protected(app)
    browser = past_the_password(app)
    browser.submit(FORM, code=codes[0])
    with app.app_context():
        found = db.session.execute(
            select(Fact.field, Fact.before, Fact.after).where(Fact.operation == "note")
        ).all()
    assert set(found) == {
        ("sign_in", None, "accepted"),
        ("second_factor", None, "on"),
        ("recovery_code", None, "used"),
    }
