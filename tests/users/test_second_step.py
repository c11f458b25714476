"""Between the password and the code: what the cookie remembers, for how long, and how many tries there are."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from backoffice.users import totp
from tests.users.people import (
    OTHER_PASSWORD,
    change,
    cheap_hash,
    facts,
    is_in,
    let_time_pass,
    make_user,
)
from tests.users.phones import (
    FORM,
    past_the_password,
    protected,
    wrong_code,
)
from tests.web import Browser


def test_who_has_typed_no_password_is_asked_for_it(app: Flask) -> None:
    phone, _codes = protected(app)
    browser = Browser(app)
    browser.get("/login/code/")
    assert browser.path == "/login"
    browser.post("/login/code/", {"code": phone.code()})
    assert browser.path == "/login"
    assert not is_in(browser)


@pytest.mark.parametrize("odd", [None, "x", 7, [], ["x"], ["x", "y"], ["x", 7, 9], {"a": 1}])
def test_an_odd_state_leads_nowhere(app: Flask, odd: Any) -> None:
    phone, _codes = protected(app)
    browser = past_the_password(app)
    with browser.client.session_transaction() as cookie:
        cookie["second_step"] = odd
    browser.submit(FORM, code=phone.code())
    assert browser.path.startswith("/login")
    assert not is_in(browser)


@pytest.mark.parametrize("seconds", [301, -60])
def test_after_five_minutes_the_password_is_asked_for_again(app: Flask, seconds: int) -> None:
    phone, _codes = protected(app)
    browser = past_the_password(app)
    with browser.client.session_transaction() as cookie:
        cookie["second_step"] = [cookie["second_step"][0], int(time.time()) - seconds]
    browser.submit(FORM, code=phone.code())
    assert browser.path == "/login"
    assert "Le délai est passé" in browser.text
    assert not is_in(browser)


@pytest.mark.parametrize("values", [{"active": False}, {"password": cheap_hash(OTHER_PASSWORD)}])
def test_what_changes_meanwhile_ends_the_state(app: Flask, values: dict[str, Any]) -> None:
    phone, _codes = protected(app)
    browser = past_the_password(app)
    if "password" in values:
        values = {**values, "fs_uniquifier": "renewed with the password"}
    change(app, "alice@exemple.fr", **values)
    browser.submit(FORM, code=phone.code())
    assert browser.path == "/login"
    assert not is_in(browser)


def test_after_five_wrong_codes_even_the_right_one_waits(app: Flask) -> None:
    phone, codes = protected(app)
    browser = past_the_password(app)
    for _ in range(5):
        browser.submit(FORM, code=wrong_code(phone))
        assert browser.status == 200
    page = browser.page
    for typed in (phone.code(), codes[0]):
        browser.go_back(page, "/login/code/")
        browser.submit(FORM, code=typed)
        assert browser.status == 429
        assert 890 < int(browser.response.headers["Retry-After"]) <= 900
    assert not is_in(browser)
    assert facts(app, "second_factor").count(("Alice", "refused")) == 5


def test_typing_the_password_again_gives_no_new_tries(app: Flask) -> None:
    phone, _codes = protected(app)
    for _ in range(5):
        past_the_password(app).submit(FORM, code=wrong_code(phone))
    browser = past_the_password(app)
    browser.submit(FORM, code=phone.code())
    assert browser.status == 429
    let_time_pass(app, timedelta(minutes=15))
    browser = past_the_password(app)
    browser.submit(FORM, code=phone.code())
    assert is_in(browser)


def test_a_right_code_forgives_the_wrong_ones(app: Flask) -> None:
    phone, codes = protected(app)
    for code in codes[:2]:
        browser = past_the_password(app)
        for _ in range(4):
            browser.submit(FORM, code=wrong_code(phone))
        browser.submit(FORM, code=code)
        assert is_in(browser)


def test_the_code_needs_the_token_of_the_form(app: Flask) -> None:
    phone, _codes = protected(app)
    browser = past_the_password(app)
    assert browser.client.post("/login/code/", data={"code": phone.code()}).status_code == 400
    assert not is_in(browser)


def test_a_code_is_checked_while_others_can_write(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash of a recovery code takes its time: it must not hold the only write lock of SQLite."""
    _phone, codes = protected(app)
    find, written = totp.find_code, list[bool]()

    def find_while_another_writes(typed: str, salt: str, hashes: Any) -> str | None:
        other = threading.Thread(target=lambda: written.append(bool(make_user(app, "bob@exemple.fr"))))
        other.start()
        other.join(timeout=3)
        return find(typed, salt, hashes)

    monkeypatch.setattr(totp, "find_code", find_while_another_writes)
    browser = past_the_password(app)
    browser.submit(FORM, code=codes[0])
    assert is_in(browser)
    assert written == [True]
