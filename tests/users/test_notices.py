"""Whoever's way in has changed is told by mail: it may not have been them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_babel import lazy_gettext

from backoffice.core.db import db
from backoffice.users import mail, notices, reset
from backoffice.users.models import User
from tests.users.people import OTHER_PASSWORD, PASSWORD, change, facts, logged_in, make_user
from tests.users.phones import AGAIN, FORM, learn, turn_on
from tests.web import Browser, fill

#: One word of the mail that tells of each change.
CHANGED, ON, OFF, CODES, MOVED = "changé", "activé", "retiré", "nouveaux codes", "n’ouvre plus"


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[mail.Mail]:
    """What is handed over from now on."""
    sent: list[mail.Mail] = []

    def keep(letter: mail.Mail, settings: object) -> bool:
        sent.append(letter)
        return True

    monkeypatch.setattr(mail, "send", keep)
    return sent


@pytest.fixture
def alice(app: Flask) -> Browser:
    make_user(app, "alice@exemple.fr", first_name="Alice")
    return logged_in(app, "alice@exemple.fr")


def _end(browser: Browser) -> None:
    """A mail goes out once the answer is closed, as a server does."""
    browser.response.close()


def _only(mails: list[mail.Mail], word: str, to: str = "alice@exemple.fr") -> mail.Mail:
    assert [(each.to, word.lower() in each.text.lower()) for each in mails] == [(to, True)]
    return mails[0]


def test_a_second_factor_turned_on_is_told_without_secret_and_codes(
    alice: Browser, mails: list[mail.Mail]
) -> None:
    phone = learn(alice)
    shown = alice.page.select_one("code.secret")
    alice.submit(FORM, code=phone.code(-1))
    codes = [tag.get_text() for tag in alice.page.select("ol.codes code")]
    _end(alice)
    text = _only(mails, ON).text
    assert shown is not None
    assert shown.get_text() not in text
    assert len(codes) == 10
    assert not any(code in text for code in codes)


def test_a_wrong_first_code_tells_nothing(alice: Browser, mails: list[mail.Mail]) -> None:
    learn(alice)
    alice.submit(FORM, code="12345")
    _end(alice)
    assert mails == []


def test_new_recovery_codes_and_the_removal_are_told(alice: Browser, mails: list[mail.Mail]) -> None:
    turn_on(alice)
    _end(alice)
    mails.clear()
    alice.get("/account/second-factor/codes/")
    alice.submit(AGAIN, current=PASSWORD)
    _end(alice)
    _only(mails, CODES)
    mails.clear()
    alice.get("/account/second-factor/remove/")
    with alice.client.post(alice.path, data={"current": PASSWORD, "csrf_token": alice.csrf_token}):
        pass
    _only(mails, OFF)


def test_the_removal_by_an_administrator_is_told_to_whom_it_concerns(
    app: Flask, alice: Browser, mails: list[mail.Mail], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(notices.SENTENCES, "second_factor_off", lazy_gettext("Second facteur"))
    turn_on(alice)
    _end(alice)
    mails.clear()
    change(app, "alice@exemple.fr", locale="en")
    make_user(app, "ada@exemple.fr", "administrateur")
    ada = logged_in(app, "ada@exemple.fr")
    ada.get("/user/details/", query_string={"id": 1})
    fields = {"id": 1, "csrf_token": ada.csrf_token}
    for _again in range(2):  # the second time nothing is left to remove
        with ada.client.post("/user/remove-second-factor/", data=fields):
            pass
    assert [each.to for each in mails] == ["alice@exemple.fr"]
    assert "Second factor" in mails[0].text
    assert facts(app, "second_factor")[-1][1] == "removed"


def test_a_changed_password_is_told(alice: Browser, mails: list[mail.Mail]) -> None:
    alice.get("/account/password/")
    typed = {"current": PASSWORD, "password": OTHER_PASSWORD, "repeat": OTHER_PASSWORD}
    with alice.client.post(alice.path, data={**typed, "csrf_token": alice.csrf_token}) as answer:
        assert answer.status_code == 302
    _only(mails, CHANGED)


@pytest.mark.parametrize(("password", "told"), [({}, 1), ({"password_hash": None}, 0)])
def test_a_password_chosen_by_a_link_is_told_unless_it_is_the_first(
    app: Flask, mails: list[mail.Mail], password: dict[str, Any], told: int
) -> None:
    user_id = make_user(app, "alice@exemple.fr", **password)
    with app.test_request_context():
        link = reset.link_for(db.session.get_one(User, user_id)).replace("http://localhost", "")
    browser = Browser(app)
    browser.get(link)
    typed = {"password": OTHER_PASSWORD, "repeat": OTHER_PASSWORD, "csrf_token": browser.csrf_token}
    with browser.client.post(link, data=typed) as answer:
        assert answer.status_code == 302
    assert len(mails) == told


def test_another_address_is_told_to_the_one_before(app: Flask, mails: list[mail.Mail]) -> None:
    user_id = make_user(app, "alice@exemple.fr")
    make_user(app, "ada@exemple.fr", "administrateur")
    ada = logged_in(app, "ada@exemple.fr")
    for email in ("alice.martin@exemple.fr", "Alice.Martin@exemple.fr"):  # the same one, written otherwise
        ada.get(f"/user/edit/?id={user_id}")
        typed = fill(ada.form("form#record"), {"email": email})
        with ada.client.post(f"/user/edit/?id={user_id}", data=typed) as answer:
            assert answer.status_code == 302
    _only(mails, MOVED)
