"""Every address × every method × every role. A new route needs one line in the table of routes.py, or these tests fail."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Blueprint, Flask
from flask_admin import expose
from sqlalchemy import MetaData, func, select

from backoffice.admin.base import Guarded
from backoffice.core.db import Base, db
from backoffice.users.rights import RIGHTS, ROLES
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
    make_user(app, "personne@exemple.fr", role)
    browser = logged_in(app, "personne@exemple.fr")
    wrong = []
    for route in all_routes(app):
        right = right_of(route.endpoint)
        if right == "public":
            continue
        allowed = right in MAY[role]
        status = call(browser, route)
        if (status == 403) == allowed or status >= 500 or status == 401:
            wrong.append(f"{route.method} {route.path}: {status}, right {right}")
    assert wrong == []


def test_a_refused_post_changes_nothing(app: Flask) -> None:
    make_user(app, "personne@exemple.fr", "lecture")
    browser = logged_in(app, "personne@exemple.fr")
    before = _rows(app)
    refused = 0
    for route in all_routes(app):
        if route.method == "POST" and right_of(route.endpoint) not in {
            "public",
            "home.read",
            "client.read",  # columns shown and page size: one's own screen
        }:
            assert call(browser, route, id="1", role="administrateur", label="x", name="x") == 403
            refused += 1
    assert refused > 30
    assert _rows(app) == before


def test_nobody_gets_in_without_logging_in(app: Flask) -> None:
    make_user(app, "personne@exemple.fr")
    browser = Browser(app)
    browser.get("/login")
    wrong = []
    for route in all_routes(app):
        if right_of(route.endpoint) == "public":
            continue
        answer = browser.client.open(
            route.path,
            method=route.method,
            data={"csrf_token": browser.csrf_token} if route.method == "POST" else None,
        )
        to_log_in = answer.status_code == 302 and answer.headers["Location"].startswith("/login")
        if not to_log_in and answer.status_code != 401:
            wrong.append(f"{route.method} {route.path}: {answer.status_code}")
    assert wrong == []


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
    before = _rows(app)
    for route in all_routes(app):
        if route.method == "POST":
            assert browser.client.post(route.path, data={"csrf_token": token}).status_code == 400, route
    assert _rows(app) == before


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


def _rows(app: Flask) -> dict[str, int]:
    """How many rows each table holds."""
    metadata: MetaData = Base.metadata
    with app.app_context():
        return {
            name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in metadata.tables.items()
            if name != "user_session"
        }
