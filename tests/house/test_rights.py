"""Every address × every method × every role. A new route needs one line in the table of routes.py, or these tests fail."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Blueprint, Flask
from flask_admin import expose

from backoffice.admin.base import Guarded
from backoffice.users.rights import RIGHTS, ROLES
from tests.attack.tables import changed, tables
from tests.browser.pages import add_cast
from tests.conftest import on_sqlite_only
from tests.house.routes import EXPECTED, all_routes, call, methods_of, right_of, undeclared
from tests.users.people import logged_in, make_user
from tests.web import Browser

#: The roles and what each may do: written out, so that a right that slips into a role is seen.
MAY = {
    "lecture": {"home.read", "client.read"},
    "support": {"home.read", "client.read", "client.switch", "activity.add"},
    "gestionnaire": {
        "home.read",
        "client.read",
        "client.switch",
        "activity.add",
        "client.write",
        "activity.write",
        "email.write",
    },
    "administrateur": {
        "home.read",
        "client.read",
        "client.switch",
        "activity.add",
        "client.write",
        "activity.write",
        "email.write",
        "activity.edit_all",
        "lookup.write",
        "settings.write",
        "user.write",
        "history.read",
    },
}

#: Fields with which many a route would do something, were it open.
TEMPTING = {
    "id": "2",
    "client": "2",
    "contact": "2",
    "role": "administrateur",
    "name": "x",
    "label": "x",
    "code": "x",
    "text": "x",
    "subject": "x",
    "email": "x@exemple.fr",
}

pytestmark = on_sqlite_only


def test_every_route_stands_in_the_table_with_its_methods_and_its_right(app: Flask) -> None:
    assert undeclared(app) == []


def test_the_table_names_no_route_that_is_gone(app: Flask) -> None:
    existing = {(route.endpoint, route.method) for route in all_routes(app)}
    named = {(endpoint, method) for endpoint, (methods, _) in EXPECTED.items() for method in methods}
    assert named - existing == set()


def test_the_roles_have_the_rights_that_were_agreed_and_no_other(app: Flask) -> None:
    assert {role: set(rights) for role, rights in RIGHTS.items()} == MAY
    assert list(ROLES) == list(MAY)


@pytest.mark.parametrize("role", list(MAY))
def test_each_role_is_let_in_where_it_has_the_right_and_nowhere_else(app: Flask, role: str) -> None:
    add_cast(app)
    make_user(app, "personne@exemple.fr", role)
    browser = logged_in(app, "personne@exemple.fr")
    kept = _kept_out(app, browser, MAY[role])
    wrong = []
    for route in all_routes(app):
        right = right_of(route.endpoint)
        if right in MAY[role]:
            status = call(browser, route)
            if status in (401, 403) or status >= 500:
                wrong.append(f"{route.method} {route.path}: {status}, right {right}")
    assert wrong == []
    assert kept > (5 if role == "administrateur" else 60)


def test_nobody_gets_in_without_logging_in(app: Flask) -> None:
    add_cast(app)
    browser = Browser(app)
    browser.get("/login")
    assert _kept_out(app, browser, set()) > 150


def test_without_the_rights_the_refusals_would_change_something(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_cast(app)
    make_user(app, "personne@exemple.fr", "lecture")
    browser = logged_in(app, "personne@exemple.fr")
    monkeypatch.setattr(Guarded, "may", lambda self, method: True)
    before = tables(app)
    for route in all_routes(app):
        if route.method == "POST" and right_of(route.endpoint) not in MAY["lecture"] | {"public"}:
            call(browser, route, **TEMPTING)
    assert {"address", "contact", "email_template", "entry", "fact", "source", "user"} <= set(
        changed(before, tables(app))
    )


def _kept_out(app: Flask, browser: Browser, may: set[str]) -> int:
    """How many routes refuse this person; each is called with what would make it do something, and all tables stay
    as they were: rows, history, sessions."""
    before = tables(app)
    refused, wrong = 0, []
    for route in all_routes(app):
        right = right_of(route.endpoint)
        if right != "public" and right not in may:
            refused += 1
            status = call(browser, route, **TEMPTING)
            if status != 403 and (may or status not in (302, 401)):
                wrong.append(f"{route.method} {route.path}: {status}, right {right}")
    assert wrong == []
    assert changed(before, tables(app)) == {}
    return refused


def test_public_routes_ask_for_nobody(app: Flask) -> None:
    make_user(app, "personne@exemple.fr")
    client = app.test_client()
    for route in all_routes(app):
        if right_of(route.endpoint) == "public" and route.method == "GET":
            with client.get(route.path) as answer:
                assert answer.status_code in {200, 302, 404}, route
                assert "next=" not in answer.headers.get("Location", ""), route


@pytest.mark.parametrize("token", ["", "x", "another session's"])
def test_a_token_that_is_not_this_session_s_opens_no_route(app: Flask, token: str) -> None:
    make_user(app, "ada@exemple.fr", "administrateur")
    browser = logged_in(app, "ada@exemple.fr")
    if token == "another session's":
        other = logged_in(app, "ada@exemple.fr")
        other.get("/account/password/")
        token = other.csrf_token
        assert token
    before = tables(app)
    for route in all_routes(app):
        if route.method == "POST":
            assert browser.client.post(route.path, data={"csrf_token": token}).status_code == 400, route
    assert changed(before, tables(app)) == {}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "POST"])
def test_no_route_knows_a_method_that_is_not_in_the_table(app: Flask, method: str) -> None:
    make_user(app, "ada@exemple.fr", "administrateur")
    browser = logged_in(app, "ada@exemple.fr")
    for route in all_routes(app):
        if method not in methods_of(route.endpoint):
            headers = {"X-CSRFToken": browser.csrf_token}
            assert browser.client.open(route.path, method=method, headers=headers).status_code == 405, route


# ---------------------------------------------------------------------------------- negative controls


def test_a_route_that_nobody_declared_is_reported_and_refused_even_to_administrators(make_app: Any) -> None:
    app = _with_undeclared_routes(make_app())
    assert undeclared(app) == ["forgotten.page  GET  nobody", "screen.index  GET  nobody"]
    make_user(app, "ada@exemple.fr", "administrateur")
    browser = logged_in(app, "ada@exemple.fr")
    for address in ("/forgotten", "/screen/"):
        browser.get(address)
        assert browser.status == 403


def test_without_the_gate_a_forgotten_route_would_be_open_to_the_world(make_app: Any) -> None:
    app = _with_undeclared_routes(make_app())
    hooks = app.before_request_funcs[None]
    hooks[:] = [hook for hook in hooks if hook.__name__ != "_let_in"]
    assert app.test_client().get("/forgotten").status_code == 200


def test_without_the_check_of_the_kit_an_undeclared_screen_would_open(
    make_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _with_undeclared_routes(make_app())
    make_user(app, "lea@exemple.fr", "lecture")
    browser = logged_in(app, "lea@exemple.fr")
    monkeypatch.setattr(Guarded, "may", lambda self, method: True)
    browser.get("/screen/")
    assert browser.status == 200


def _with_undeclared_routes(app: Flask) -> Flask:
    class Screen(Guarded):
        @expose("/")
        def index(self) -> str:
            return "open"

    blueprint = Blueprint("forgotten", __name__)
    blueprint.add_url_rule("/forgotten", "page", lambda: "open")
    app.register_blueprint(blueprint)
    app.extensions["admin"][0].add_view(Screen(name="screen", endpoint="screen"))
    return app
