"""A second factor: turned on with an app and a sheet of paper, asked for at every log-in, each code once."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from backoffice.core.audit import Fact
from backoffice.core.db import db
from backoffice.users import reset, second_factor, second_step, totp
from backoffice.users.models import RecoveryCode, SecondFactor, User, UserSession
from tests.users.people import (
    OTHER_PASSWORD,
    PASSWORD,
    change,
    cheap_hash,
    count,
    facts,
    is_in,
    let_time_pass,
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


# ------------------------------------------------------------------------------------------ logging in


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


# ------------------------------------------------------------------------------------ the state between


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
        browser.page, browser.path = page, "/login/code/"
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
