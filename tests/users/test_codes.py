"""At the log-in: which codes of an app or of a sheet of paper get in, each once."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import text

from backoffice.core.db import db
from backoffice.users import second_factor, second_step, totp
from backoffice.users.models import RecoveryCode, UserSession
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
)
from tests.web import Browser

#: As the product has it: the tests of this folder make it cheap.
SLOW_HASH = totp._slow_hash


def test_a_stolen_recovery_code_is_as_hard_to_guess_as_a_password() -> None:
    """The least that OWASP's Password Storage Cheat Sheet asks of argon2id."""
    assert SLOW_HASH.keywords["memory_cost"] >= 19 * 1024
    assert SLOW_HASH.keywords["time_cost"] >= 2


def test_after_the_password_the_code_opens_the_page_that_was_asked_for(app: Flask) -> None:
    phone, _codes = protected(app)
    browser = past_the_password(app, next_page="/client/?search=a")
    field = browser.page.select_one("[name=code]")
    assert field is not None
    assert (field["autocomplete"], field["inputmode"]) == ("one-time-code", "numeric")
    browser.submit(FORM, code=phone.code())
    assert (browser.path, browser.status) == ("/client/?search=a", 200)
    assert facts(app, "sign_in")[-1] == ("Alice", "accepted")


def test_with_the_password_alone_nobody_is_in(app: Flask) -> None:
    protected(app)
    sessions = count(app, UserSession)
    browser = past_the_password(app)
    assert not is_in(browser)
    browser.get("/client/")
    assert browser.path.startswith("/login?next=")
    assert count(app, UserSession) == sessions
    assert [how for _who, how in facts(app, "sign_in")] == ["accepted"], "only the log-in before it was on"


def test_without_the_second_step_the_password_would_be_enough(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    protected(app)
    monkeypatch.setattr(second_step, "has_second_factor", lambda user: False)
    browser = Browser(app)
    browser.log_in("alice@exemple.fr", PASSWORD)
    assert is_in(browser)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_one_step_wrong(app: Flask, steps: int) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    phone = learn(browser)
    browser.submit(FORM, code=phone.code(-1))
    _forget_last_step(app)
    browser = past_the_password(app)
    browser.submit(FORM, code=phone.code(steps))
    assert is_in(browser)


def _forget_last_step(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("UPDATE second_factor SET last_counter = 0"))
        db.session.commit()


@pytest.mark.parametrize("steps", [-40, -3, 3, 40])
def test_an_old_code_and_one_to_come_are_refused(app: Flask, steps: int) -> None:
    phone, _codes = protected(app)
    _forget_last_step(app)
    browser = past_the_password(app)
    browser.submit(FORM, code=phone.code(steps))
    assert "Ce code n’est pas le bon" in browser.error_of("code")
    assert not is_in(browser)


@pytest.mark.parametrize(
    "odd", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00", "x" * 10_000, "٣٣٣٣٣٣"]
)
def test_what_is_no_code_is_refused(app: Flask, odd: str) -> None:
    protected(app)
    browser = past_the_password(app)
    browser.submit(FORM, code=odd)
    assert browser.status == 200
    assert browser.error_of("code")
    assert not is_in(browser)


def test_a_code_may_be_typed_with_blanks(app: Flask) -> None:
    phone, _codes = protected(app)
    browser = past_the_password(app)
    code = phone.code()
    browser.submit(FORM, code=f" {code[:3]} {code[3:]} ")
    assert is_in(browser)


def test_a_code_gets_in_once(app: Flask) -> None:
    phone, _codes = protected(app)
    code = phone.code()
    first, second = past_the_password(app), past_the_password(app)
    first.submit(FORM, code=code)
    assert is_in(first)
    second.submit(FORM, code=code)
    assert "a déjà servi" in second.error_of("code")
    assert not is_in(second)


def test_the_code_that_turned_it_on_does_not_log_in(app: Flask) -> None:
    make_user(app, "alice@exemple.fr")
    browser = logged_in(app, "alice@exemple.fr")
    phone = learn(browser)
    code = phone.code()
    browser.submit(FORM, code=code)
    other = past_the_password(app)
    other.submit(FORM, code=code)
    assert not is_in(other)


def test_a_code_sent_five_times_at_once_gets_in_once(app: Flask) -> None:
    phone, _codes = protected(app)
    assert _in_at_once(app, phone.code()) == 1


def test_a_recovery_code_sent_five_times_at_once_gets_in_once(app: Flask) -> None:
    _phone, codes = protected(app)
    assert _in_at_once(app, codes[0]) == 1


def test_without_the_guarded_write_a_code_would_get_in_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _phone, codes = protected(app)
    monkeypatch.setattr(second_factor, "use_code", lambda session, user, found: True)
    assert _in_at_once(app, codes[0]) > 1


def _in_at_once(app: Flask, code: str) -> int:
    browsers = [past_the_password(app) for _ in range(5)]
    gate = threading.Barrier(5)

    def send(browser: Browser) -> None:
        gate.wait()
        browser.submit(FORM, code=code)

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(map(is_in, browsers))


def test_a_recovery_code_gets_in_once_and_what_is_left_is_said(app: Flask) -> None:
    _phone, codes = protected(app)
    browser = past_the_password(app)
    browser.submit(FORM, code=codes[3].upper().replace("-", " "))
    assert browser.path == "/"
    assert "il vous en reste 9" in browser.text
    assert facts(app, "recovery_code") == [("Alice", "used")]
    again = past_the_password(app)
    again.submit(FORM, code=codes[3])
    assert not is_in(again)


def test_new_recovery_codes_make_the_old_ones_worthless(app: Flask) -> None:
    _phone, old = protected(app)
    browser = past_the_password(app)
    browser.submit(FORM, code=old[0])
    browser.get("/account/second-factor/codes/")
    browser.submit(AGAIN, current=OTHER_PASSWORD)
    assert browser.error_of("current")
    browser.submit(AGAIN, current=PASSWORD)
    new = recovery_codes(browser)
    assert len(new) == 10
    assert count(app, RecoveryCode) == 10
    assert facts(app, "recovery_codes") == [("Alice", "renewed")]
    other = past_the_password(app)
    other.submit(FORM, code=old[1])
    assert other.error_of("code")
    other.submit(FORM, code=new[0])
    assert is_in(other)


def test_the_log_in_renews_the_cookie_and_forgets_the_step_between(app: Flask) -> None:
    phone, _codes = protected(app)
    browser = past_the_password(app)
    before = browser.client.get_cookie("session"), browser.csrf_token
    browser.submit(FORM, code=phone.code())
    browser.get("/account/password/")
    after = browser.client.get_cookie("session"), browser.csrf_token
    assert before[0] is not None
    assert after[0] is not None
    assert before[0].value != after[0].value
    assert before[1] != after[1]
    with browser.client.session_transaction() as cookie:
        assert "second_step" not in cookie


@pytest.mark.parametrize(
    "asked",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "/\t/evil.example",
    ],
)
def test_the_way_back_never_leads_elsewhere(app: Flask, asked: str) -> None:
    phone, _codes = protected(app)
    browser = past_the_password(app)
    fields = {"code": phone.code(), "csrf_token": browser.csrf_token}
    answer = browser.client.post("/login/code/", query_string={"next": asked}, data=fields)
    assert answer.headers["Location"] == "/"
