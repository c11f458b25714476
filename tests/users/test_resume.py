"""What was typed is kept through a new log-in, and never saved by it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from backoffice.clients.models import Client
from backoffice.core.audit import SYSTEM, Fact, act_as
from backoffice.core.db import db, for_writing
from backoffice.users import guard, services
from backoffice.users.models import User, UserSession
from tests.users.people import OTHER_PASSWORD, PASSWORD, count, is_in, logged_in, make_older, make_user
from tests.users.phones import Phone, protected, wrong_code
from tests.web import Browser

FORM = "form#record"
RESUME = "form:has([name=_resume_email])"
TYPED = {"name": "Élan & <b>Fils</b>", "phone": "01 42 00 00 00"}


@pytest.fixture
def late(app: Flask) -> Browser:
    """Alice typed a new client, went to lunch, and sends it now."""
    make_user(app, "alice@exemple.fr", "gestionnaire", first_name="Alice")
    browser = logged_in(app, "alice@exemple.fr")
    browser.get("/client/new/")
    make_older(app, UserSession.last_seen_at, timedelta(minutes=45))
    browser.submit(FORM, **TYPED)
    return browser


def test_the_answer_is_a_log_in_that_carries_what_was_typed(app: Flask, late: Browser) -> None:
    assert late.status == 401
    assert "Votre session est terminée" in late.text
    carried = late.fields(RESUME)
    assert {name: carried[name] for name in TYPED} == TYPED
    assert carried["_resumed"] == "1"
    assert count(app, Client) == 0


def test_after_the_log_in_the_form_stands_there_again_and_nothing_is_saved(app: Flask, late: Browser) -> None:
    facts_before = count(app, Fact)
    late.submit(RESUME, _resume_email="alice@exemple.fr", _resume_password=PASSWORD)
    assert (late.path, late.status) == ("/client/new/", 200)
    shown = late.fields(FORM)
    assert {name: shown[name] for name in TYPED} == TYPED
    assert "_resumed" not in shown
    assert PASSWORD not in late.response.get_data(as_text=True)
    assert count(app, Client) == 0
    assert count(app, Fact) == facts_before + 1, "only the log-in is a fact"


def test_the_form_that_came_back_can_be_saved(app: Flask, late: Browser) -> None:
    late.submit(RESUME, _resume_email="alice@exemple.fr", _resume_password=PASSWORD)
    late.submit(FORM, **{"contacts-0-email": "elan@exemple.fr"})
    assert count(app, Client) == 1, late.text


def test_a_wrong_password_keeps_what_was_typed(app: Flask, late: Browser) -> None:
    late.submit(RESUME, _resume_email="alice@exemple.fr", _resume_password=OTHER_PASSWORD)
    assert late.status == 401
    assert "E-mail ou mot de passe incorrect." in late.text
    assert late.fields(RESUME)["name"] == TYPED["name"]
    assert not late.fields(RESUME)["_resume_password"]


def test_too_many_tries_wait_with_what_was_typed(app: Flask, late: Browser) -> None:
    for _ in range(6):
        late.submit(RESUME, _resume_email="alice@exemple.fr", _resume_password=OTHER_PASSWORD)
    assert late.status == 429
    assert int(late.response.headers["Retry-After"]) > 800
    assert late.fields(RESUME)["name"] == TYPED["name"]


def test_somebody_without_the_right_gets_no_form(app: Flask, late: Browser) -> None:
    make_user(app, "lea@exemple.fr", "lecture")
    late.submit(RESUME, _resume_email="lea@exemple.fr", _resume_password=PASSWORD)
    assert late.status == 403
    assert count(app, Client) == 0


def test_somebody_who_logged_in_elsewhere_meanwhile_saves_nothing_unseen_either(
    app: Flask, late: Browser
) -> None:
    page = late.page
    late.log_in("alice@exemple.fr", PASSWORD)
    late.get("/account/password/")
    token = late.csrf_token
    late.go_back(page, "/client/new/")
    late.submit(RESUME, _resume_email="", _resume_password="", csrf_token=token)
    assert (late.path, late.status) == ("/client/new/", 200)
    assert late.fields(FORM)["name"] == TYPED["name"]
    assert count(app, Client) == 0


def test_an_edited_record_comes_back_with_its_address(app: Flask) -> None:
    make_user(app, "ada@exemple.fr", "administrateur")
    number = make_user(app, "bob@exemple.fr", "support")
    browser = logged_in(app, "ada@exemple.fr")
    browser.get(f"/user/edit/?id={number}")
    make_older(app, UserSession.last_seen_at, timedelta(minutes=45))
    browser.submit(FORM, last_name="Martin")
    browser.submit(RESUME, _resume_email="ada@exemple.fr", _resume_password=PASSWORD)
    assert browser.path == f"/user/edit/?id={number}"
    assert browser.fields(FORM)["last_name"] == "Martin"
    with app.app_context():
        assert db.session.get_one(User, number).last_name is None


CODE = "form:has([name=_resume_code])"


@pytest.fixture
def late_with_phone(app: Flask) -> tuple[Browser, Phone, list[str]]:
    """The same, by somebody with a second factor, who has typed the password again."""
    phone, codes = protected(app)
    browser = Browser(app)
    browser.log_in("alice@exemple.fr", PASSWORD)
    browser.submit("form:has([name=code])", code=codes.pop())
    browser.get("/client/new/")
    make_older(app, UserSession.last_seen_at, timedelta(minutes=45))
    browser.submit(FORM, **TYPED)
    browser.submit(RESUME, _resume_email="alice@exemple.fr", _resume_password=PASSWORD)
    return browser, phone, codes


def test_who_has_a_second_factor_is_asked_for_the_code_and_what_was_typed_is_kept(
    app: Flask, late_with_phone: tuple[Browser, Phone, list[str]]
) -> None:
    late, phone, _codes = late_with_phone
    assert late.status == 401
    assert late.fields(CODE)["name"] == TYPED["name"]
    assert PASSWORD not in late.response.get_data(as_text=True)
    late.submit(CODE, _resume_code=wrong_code(phone))
    assert late.status == 401
    assert "Ce code n’est pas le bon" in late.error_of("_resume_code")
    late.submit(CODE, _resume_code=phone.code())
    assert (late.path, late.status) == ("/client/new/", 200)
    shown = late.fields(FORM)
    assert {name: shown[name] for name in TYPED} == TYPED
    assert not [name for name in shown if name.startswith("_resume")]
    assert count(app, Client) == 0


def test_the_password_alone_does_not_resume(
    app: Flask, late_with_phone: tuple[Browser, Phone, list[str]]
) -> None:
    late, _phone, _codes = late_with_phone
    assert not is_in(late)


def test_a_recovery_code_resumes_too_and_says_what_is_left(
    app: Flask, late_with_phone: tuple[Browser, Phone, list[str]]
) -> None:
    late, _phone, codes = late_with_phone
    late.submit(CODE, _resume_code=codes[0])
    assert late.fields(FORM)["name"] == TYPED["name"]
    late.get("/account/second-factor/")
    assert "8 codes de secours restants" in late.text


def test_a_code_that_comes_too_late_asks_for_the_password_and_keeps_what_was_typed(
    app: Flask, late_with_phone: tuple[Browser, Phone, list[str]]
) -> None:
    late, phone, _codes = late_with_phone
    with late.client.session_transaction() as cookie:
        cookie["second_step"] = [cookie["second_step"][0], cookie["second_step"][1] - 301]
    late.submit(CODE, _resume_code=phone.code())
    assert late.status == 401
    assert "Le délai est passé" in late.text
    assert late.fields(RESUME)["name"] == TYPED["name"]
    assert not is_in(late)


def test_too_many_wrong_codes_wait_with_what_was_typed(
    app: Flask, late_with_phone: tuple[Browser, Phone, list[str]]
) -> None:
    late, phone, _codes = late_with_phone
    for _ in range(6):
        late.submit(CODE, _resume_code=wrong_code(phone))
    assert late.status == 429
    assert int(late.response.headers["Retry-After"]) > 800
    assert late.fields(CODE)["name"] == TYPED["name"]


def test_a_code_without_the_password_before_it_resumes_nothing(app: Flask) -> None:
    phone, _codes = protected(app)
    stranger = Browser(app)
    stranger.get("/login")
    stranger.post("/client/new/", {**TYPED, "_resumed": "1", "_resume_code": phone.code()})
    assert stranger.status == 401
    assert not is_in(stranger)


def test_an_action_is_not_carried_out_by_a_log_in(app: Flask) -> None:
    ada = make_user(app, "ada@exemple.fr", "administrateur")
    number = make_user(app, "bob@exemple.fr", "support")
    bob = logged_in(app, "bob@exemple.fr")
    browser = logged_in(app, "ada@exemple.fr")
    browser.get(f"/user/details/?id={number}")
    with app.app_context(), for_writing():
        act_as(db.session(), SYSTEM, "test")
        services.end_sessions(db.session(), db.session.get_one(User, ada), "ended")
        db.session.commit()
    browser.submit("form[action*='/user/end-sessions/']")
    assert browser.path == "/login"
    assert "reconnectez-vous, puis recommencez" in browser.text
    fields = {"_resume_email": "ada@exemple.fr", "_resume_password": PASSWORD, "id": number, "_resumed": "1"}
    browser.post("/user/end-sessions/", fields)
    assert browser.path == "/login"
    assert is_in(bob)


def test_the_log_in_needs_the_token_of_the_form(app: Flask, late: Browser) -> None:
    fields = {"_resume_email": "alice@exemple.fr", "_resume_password": PASSWORD, **TYPED}
    assert late.client.post("/client/new/", data=fields).status_code == 400
    assert not is_in(late)


@pytest.fixture
def without_cookies(app: Flask) -> Browser:
    """Alice typed a new client, and her browser has let go of its cookies."""
    make_user(app, "alice@exemple.fr", "gestionnaire", first_name="Alice")
    browser = logged_in(app, "alice@exemple.fr")
    browser.get("/client/new/")
    browser.client = app.test_client()
    return browser


FROM_HERE: tuple[dict[str, str], ...] = ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"})
FROM_ELSEWHERE: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://else.example"},
    {"Origin": "null"},
)


@pytest.mark.parametrize("headers", FROM_HERE)
def test_what_was_typed_is_kept_when_the_cookie_is_gone_too(
    app: Flask, without_cookies: Browser, headers: dict[str, str]
) -> None:
    fields = {**without_cookies.fields(FORM), **TYPED}
    without_cookies.post("/client/new/", fields, headers=headers)
    assert without_cookies.status == 401
    without_cookies.submit(RESUME, _resume_email="alice@exemple.fr", _resume_password=PASSWORD)
    assert (without_cookies.path, without_cookies.status) == ("/client/new/", 200)
    shown = without_cookies.fields(FORM)
    assert {name: shown[name] for name in TYPED} == TYPED
    assert count(app, Client) == 0


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
def test_another_site_fills_in_no_form(without_cookies: Browser, headers: dict[str, str]) -> None:
    without_cookies.post("/client/new/", TYPED, headers=headers)
    assert without_cookies.status == 400
    assert TYPED["name"] not in without_cookies.response.get_data(as_text=True)


def test_without_its_token_nothing_but_a_form_comes_back(without_cookies: Browser) -> None:
    headers = FROM_HERE[0]
    for address in ("/client/delete/", "/user/end-sessions/", "/nowhere/"):
        without_cookies.post(address, TYPED, headers=headers)
        assert without_cookies.status in (400, 404), address


def test_who_is_logged_in_and_has_a_wrong_token_is_refused_as_ever(app: Flask) -> None:
    make_user(app, "alice@exemple.fr", "gestionnaire")
    browser = logged_in(app, "alice@exemple.fr")
    browser.post("/client/new/", {**TYPED, "csrf_token": "wrong"}, headers=FROM_HERE[0])
    assert browser.status == 400
    assert count(app, Client) == 0


def test_without_the_mark_the_log_in_would_have_saved(
    app: Flask, late: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: it is the mark, and nothing else, that keeps the form from being saved."""
    form = late.form(RESUME)
    mark = form.select_one(f"[name={guard.RESUMED}]")
    assert mark is not None
    mark.decompose()
    extra = late.page.new_tag("input", attrs={"name": "contacts-0-email", "value": "elan@exemple.fr"})
    for control in form.select("[name='contacts-0-email']"):
        control.decompose()
    form.append(extra)
    late.submit(RESUME, _resume_email="alice@exemple.fr", _resume_password=PASSWORD)
    assert count(app, Client) == 1


def test_a_file_is_asked_for_again_and_the_text_beside_it_is_kept(app: Flask) -> None:
    make_user(app, "ada@exemple.fr", "administrateur")
    browser = logged_in(app, "ada@exemple.fr")
    browser.get("/settings/edit/?id=1")
    fields = {
        **browser.fields(FORM),
        "company_name": "Agence Horizon",
        "logo": FileStorage(BytesIO(b"no picture"), "logo.png"),
    }
    make_older(app, UserSession.last_seen_at, timedelta(minutes=45))
    browser.post("/settings/edit/?id=1", fields, content_type="multipart/form-data")
    browser.submit(RESUME, _resume_email="ada@exemple.fr", _resume_password=OTHER_PASSWORD)
    browser.submit(RESUME, _resume_email="ada@exemple.fr", _resume_password=PASSWORD)
    assert browser.fields(FORM)["company_name"] == "Agence Horizon"
    assert "choisissez-le à nouveau" in browser.text
    browser.submit(FORM)
    assert "Réglages enregistrés." in browser.text
