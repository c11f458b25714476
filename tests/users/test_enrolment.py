"""A role that a setting asks a second factor of: whoever has none turns it on before anything else."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.core.db import db
from backoffice.users import enrolment, reset
from backoffice.users.models import SecondFactor, User
from tests.conftest import MakeApp, on_sqlite_only
from tests.house.routes import all_routes, call, right_of
from tests.users.people import OTHER_PASSWORD, PASSWORD, count, is_in, logged_in, make_user, signed_in
from tests.users.phones import AGAIN, FORM, past_the_password, turn_on
from tests.web import Browser

ENROLMENT = "/account/second-factor/"

pytestmark = on_sqlite_only


@pytest.fixture
def strict(make_app: MakeApp) -> Flask:
    """An app that asks a second factor of those who change something."""
    return make_app(SECOND_FACTOR_ROLES="administrateur, gestionnaire")


def _at_the_door(app: Flask, role: str = "administrateur") -> Browser:
    make_user(app, f"{role}@exemple.fr", role)
    browser = Browser(app)
    browser.log_in(f"{role}@exemple.fr", PASSWORD)
    return browser


def test_after_the_log_in_stands_the_enrolment_and_after_it_the_product(strict: Flask) -> None:
    browser = _at_the_door(strict)
    assert browser.path == ENROLMENT
    assert "Activez votre second facteur" in browser.text
    assert not browser.page.select("nav, a[href='/account/']"), "there is nothing else to go to"
    phone, codes = turn_on(browser)
    assert len(codes) == 10
    browser.get("/client/")
    assert (browser.path, browser.status) == ("/client/", 200)
    again = past_the_password(strict, "administrateur@exemple.fr")
    again.submit(FORM, code=phone.code())
    assert is_in(again)


def test_before_it_no_route_and_no_method_answers_anything_else(strict: Flask) -> None:
    browser = _at_the_door(strict)
    browser.get(ENROLMENT)
    open_ = []
    for route in all_routes(strict):
        if right_of(route.endpoint) != "public" and route.endpoint not in enrolment.OPEN:
            status = call(browser, route)
            if status != 303:
                open_.append(f"{route.method} {route.path}: {status}")
    assert open_ == []
    assert count(strict, SecondFactor) == 0


def test_without_the_guard_the_password_alone_would_open_all(
    strict: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = _at_the_door(strict)
    monkeypatch.setattr(enrolment, "is_due", lambda: False)
    browser.get("/user/")
    assert (browser.path, browser.status) == ("/user/", 200)


def test_the_log_out_stays_open(strict: Flask) -> None:
    browser = _at_the_door(strict)
    browser.submit("form[action='/logout']")
    assert browser.path == "/login"
    assert not is_in(browser)


def test_a_part_of_a_page_that_was_open_leads_there_as_a_whole(strict: Flask) -> None:
    browser = _at_the_door(strict)
    browser.get("/client/", headers={"HX-Request": "true"})
    answer = browser.client.get(ENROLMENT, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == ENROLMENT


def test_other_roles_are_not_asked(strict: Flask) -> None:
    assert _at_the_door(strict, "support").path == "/"


def test_by_default_nobody_is_asked(app: Flask) -> None:
    assert _at_the_door(app).path == "/"


def test_it_is_not_turned_off_again(strict: Flask) -> None:
    browser = _at_the_door(strict)
    turn_on(browser)
    browser.get(ENROLMENT)
    assert not browser.page.select("a[href*=remove]")
    for method in ("GET", "POST"):
        if method == "GET":
            browser.get(f"{ENROLMENT}remove/")
        else:
            browser.post(f"{ENROLMENT}remove/", {"current": PASSWORD})
        assert browser.path == ENROLMENT
        assert "il ne peut pas être retiré" in browser.text
    assert count(strict, SecondFactor) == 1


def test_an_invitation_and_a_new_password_lead_there_too(strict: Flask) -> None:
    make_user(strict, "ada@exemple.fr", "administrateur", password_hash=None)
    for password in (PASSWORD, OTHER_PASSWORD):  # first invited, then the password is forgotten
        with strict.test_request_context():
            link = reset.link_for(db.session.scalars(select(User)).one())
        browser = Browser(strict)
        browser.get("/" + link.split("/", 3)[3])
        browser.submit("form:has([name=repeat])", password=password, repeat=password)
        browser.log_in("ada@exemple.fr", password)
        assert browser.path == ENROLMENT
        browser.get("/client/")
        assert browser.path == ENROLMENT


def test_who_logs_in_above_a_form_that_was_late_is_led_there_too(strict: Flask) -> None:
    make_user(strict, "lea@exemple.fr", "gestionnaire")
    browser = Browser(strict)
    browser.get("/login")
    fields = {"name": "EDF", "_resume_email": "lea@exemple.fr", "_resume_password": PASSWORD}
    browser.post("/client/new/", fields)
    assert browser.path == ENROLMENT


def test_one_taken_away_by_an_administrator_is_turned_on_anew(strict: Flask) -> None:
    number = make_user(strict, "bob@exemple.fr", "gestionnaire")
    turn_on(signed_in(strict, "bob@exemple.fr"))
    ada = _at_the_door(strict)
    turn_on(ada)
    ada.get(f"/user/details/?id={number}")
    ada.submit("form[action*='/user/remove-second-factor/']")
    assert "à activer à la prochaine connexion" in ada.text
    bob = Browser(strict)
    bob.log_in("bob@exemple.fr", PASSWORD)
    assert bob.path == ENROLMENT


def test_the_wrong_password_shows_no_secret_at_the_door(strict: Flask) -> None:
    browser = _at_the_door(strict)
    browser.submit(AGAIN, current=OTHER_PASSWORD)
    assert browser.path == ENROLMENT
    assert browser.error_of("current")
    browser.get(f"{ENROLMENT}code/")
    assert browser.path == ENROLMENT


def test_the_doctor_counts_administrators_without_one(strict: Flask) -> None:
    for name in ("ada", "eve"):
        make_user(strict, f"{name}@exemple.fr", "administrateur")
    turn_on(signed_in(strict, "ada@exemple.fr"))
    said = strict.test_cli_runner().invoke(args=["doctor"]).output
    assert "✓ Administrateurs sans second facteur : 1 (BACKOFFICE_SECOND_FACTOR_ROLES=administrateur" in said
    turn_on(signed_in(strict, "eve@exemple.fr"))
    assert "second facteur" not in strict.test_cli_runner().invoke(args=["doctor"]).output


def test_the_enrolment_is_still_there_for_who_is_not_asked(app: Flask) -> None:
    make_user(app, "lea@exemple.fr", "lecture")
    lea = logged_in(app, "lea@exemple.fr")
    turn_on(lea)
    lea.get(ENROLMENT)
    assert lea.page.select("a[href*=remove]")
