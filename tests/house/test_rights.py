"""Every address × every method × every role. A new route needs one line in `TABLE`, or these tests fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from flask import Blueprint, Flask
from flask_admin import expose
from sqlalchemy import MetaData, func, select

from backoffice.admin.base import Guarded
from backoffice.core.db import Base, db
from backoffice.users.guard import right_needed
from backoffice.users.rights import RIGHTS, ROLES
from tests.conftest import on_sqlite_only
from tests.users.people import logged_in, make_user
from tests.web import Browser

#: endpoint, methods, right. "public" needs nobody, "nobody" is refused to everybody.
TABLE = """
static                          GET         public
admin.static                    GET         public
health.live                     GET         public
health.ready                    GET         public
security.login                  GET,POST    public
security.logout                 POST        public
reset.ask                       GET,POST    public
reset.choose                    GET,POST    public
setup.first_administrator       GET,POST    public

admin.index                     GET         home.read
account.index                   GET         home.read
account.end_session             POST        home.read
account.end_other_sessions      POST        home.read
account.password                GET,POST    home.read

client.index_view               GET         client.read
client.details_view             GET         client.read
client.ajax_lookup              GET         client.read
client.create_view              GET,POST    client.write
client.edit_view                GET,POST    client.write
client.delete_view              POST        client.write
client.activate_view            POST        client.switch
client.deactivate_view          GET,POST    client.switch

contact.index_view              GET         client.read
contact.details_view            GET         client.read
contact.create_view             GET,POST    client.write
contact.edit_view               GET,POST    client.write
contact.delete_view             POST        client.write
contact.star_view               POST        client.write
contact.activate_view           POST        client.write
contact.deactivate_view         POST        client.write

address.index_view              GET         nobody
address.create_view             GET,POST    client.write
address.edit_view               GET,POST    client.write
address.delete_view             POST        client.write
address.default_view            POST        client.write

companytype.index_view          GET         lookup.write
companytype.create_view         GET,POST    lookup.write
companytype.edit_view           GET,POST    lookup.write
companytype.delete_view         POST        lookup.write
language.index_view             GET         lookup.write
language.create_view            GET,POST    lookup.write
language.edit_view              GET,POST    lookup.write
language.delete_view            POST        lookup.write
source.index_view               GET         lookup.write
source.create_view              GET,POST    lookup.write
source.edit_view                GET,POST    lookup.write
source.delete_view              POST        lookup.write
civility.index_view             GET         lookup.write
civility.create_view            GET,POST    lookup.write
civility.edit_view              GET,POST    lookup.write
civility.delete_view            POST        lookup.write
paymentterm.index_view          GET         lookup.write
paymentterm.create_view         GET,POST    lookup.write
paymentterm.edit_view           GET,POST    lookup.write
paymentterm.delete_view         POST        lookup.write

settings.index_view             GET         settings.write
settings.edit_view              GET,POST    settings.write
settings.create_view            GET,POST    nobody
settings.delete_view            POST        nobody

user.index_view                 GET         user.write
user.details_view               GET         user.write
user.create_view                GET,POST    user.write
user.edit_view                  GET,POST    user.write
user.invite                     POST        user.write
user.end_sessions               POST        user.write
user.delete_view                POST        nobody
"""

#: What Flask-Admin gives every list unasked: refused to everybody, unless `TABLE` says otherwise.
STOCK = {
    "action_view": "POST",
    "ajax_lookup": "GET",
    "ajax_update": "POST",
    "details_view": "GET",
    "export": "GET",
}

#: What stands for the variable parts of addresses.
PARTS = {"filename": "icon.svg", "token": "x", "export_type": "csv"}

#: The roles and what each may do: written out, so that a right that slips into a role is seen.
MAY = {
    "lecture": {"home.read", "client.read"},
    "support": {"home.read", "client.read", "client.switch"},
    "gestionnaire": {"home.read", "client.read", "client.switch", "client.write"},
    "administrateur": {
        "home.read",
        "client.read",
        "client.switch",
        "client.write",
        "lookup.write",
        "settings.write",
        "user.write",
    },
}

pytestmark = on_sqlite_only


class Route(NamedTuple):
    """One address with one of its methods."""

    endpoint: str
    method: str
    path: str


def _table() -> dict[str, tuple[set[str], str]]:
    lines = (line.split() for line in TABLE.splitlines() if line.strip())
    return {endpoint: (set(methods.split(",")), right) for endpoint, methods, right in lines}


def _expected(endpoint: str) -> tuple[set[str], str] | None:
    method = endpoint.rpartition(".")[2]
    stock = ({STOCK[method]}, "nobody") if method in STOCK else None
    return _table().get(endpoint, stock)


def _routes(app: Flask) -> Iterator[Route]:
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            path = adapter.build(rule.endpoint, {part: PARTS[part] for part in rule.arguments})
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Route(rule.endpoint, method, path)


def undeclared(app: Flask) -> list[str]:
    """The routes that the table does not know, or not with these methods, or not with this right."""
    wrong = []
    for route in _routes(app):
        expected = _expected(route.endpoint)
        needed = {"": "public", None: "nobody"}.get(needs := right_needed(app, route.endpoint), needs)
        if expected is None or route.method not in expected[0] or needed != expected[1]:
            wrong.append(f"{route.endpoint}  {route.method}  {needed}")
    return wrong


def test_every_route_stands_in_the_table_with_its_methods_and_its_right(app: Flask) -> None:
    assert undeclared(app) == []


def test_the_table_names_no_route_that_is_gone(app: Flask) -> None:
    existing = {(route.endpoint, route.method) for route in _routes(app)}
    named = {(endpoint, method) for endpoint, (methods, _) in _table().items() for method in methods}
    assert named - existing == set()


def test_the_roles_have_the_rights_that_were_agreed_and_no_other(app: Flask) -> None:
    assert {role: set(rights) for role, rights in RIGHTS.items()} == MAY
    assert list(ROLES) == list(MAY)


@pytest.mark.parametrize("role", list(MAY))
def test_each_role_is_let_in_where_it_has_the_right_and_nowhere_else(app: Flask, role: str) -> None:
    make_user(app, "personne@exemple.fr", role)
    browser = logged_in(app, "personne@exemple.fr")
    wrong = []
    for route in _routes(app):
        right = (_expected(route.endpoint) or (set(), "nobody"))[1]
        if right == "public":
            continue
        allowed = right in MAY[role]
        status = _call(browser, route)
        if (status == 403) == allowed or status >= 500 or status == 401:
            wrong.append(f"{route.method} {route.path}: {status}, right {right}")
    assert wrong == []


def test_a_refused_post_changes_nothing(app: Flask) -> None:
    make_user(app, "personne@exemple.fr", "lecture")
    browser = logged_in(app, "personne@exemple.fr")
    before = _rows(app)
    refused = 0
    for route in _routes(app):
        if route.method == "POST" and (_expected(route.endpoint) or (set(), ""))[1] not in {
            "public",
            "home.read",
        }:
            assert _call(browser, route, id="1", role="administrateur", label="x", name="x") == 403
            refused += 1
    assert refused > 30
    assert _rows(app) == before


def test_nobody_gets_in_without_logging_in(app: Flask) -> None:
    make_user(app, "personne@exemple.fr")
    browser = Browser(app)
    browser.get("/login")
    wrong = []
    for route in _routes(app):
        if (_expected(route.endpoint) or (set(), ""))[1] == "public":
            continue
        answer = browser.client.open(
            route.path, method=route.method, data=_fields(browser) if route.method == "POST" else None
        )
        to_log_in = answer.status_code == 302 and answer.headers["Location"].startswith("/login")
        if not to_log_in and answer.status_code != 401:
            wrong.append(f"{route.method} {route.path}: {answer.status_code}")
    assert wrong == []


def test_public_routes_ask_for_nobody(app: Flask) -> None:
    make_user(app, "personne@exemple.fr")
    client = app.test_client()
    for route in _routes(app):
        if (_expected(route.endpoint) or (set(), ""))[1] == "public" and route.method == "GET":
            with client.get(route.path) as answer:
                assert answer.status_code in {200, 302, 404}, route
                assert "next=" not in answer.headers.get("Location", ""), route


@pytest.mark.parametrize("token", [None, "", "x", "another session's"])
def test_every_unsafe_route_needs_the_token_of_its_session(app: Flask, token: str | None) -> None:
    make_user(app, "ada@exemple.fr", "administrateur")
    browser = logged_in(app, "ada@exemple.fr")
    if token == "another session's":
        other = logged_in(app, "ada@exemple.fr")
        other.get("/account/password/")
        token = other.csrf_token
        assert token
    before = _rows(app)
    fields = {} if token is None else {"csrf_token": token}
    for route in _routes(app):
        if route.method == "POST":
            assert browser.client.post(route.path, data=fields).status_code == 400, route
    assert _rows(app) == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "POST"])
def test_no_route_knows_a_method_that_is_not_in_the_table(app: Flask, method: str) -> None:
    make_user(app, "ada@exemple.fr", "administrateur")
    browser = logged_in(app, "ada@exemple.fr")
    for route in _routes(app):
        expected = _expected(route.endpoint)
        if expected and method not in expected[0]:
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


# ---------------------------------------------------------------------------------------------- helpers


def _fields(browser: Browser, **more: str) -> dict[str, str]:
    return {"csrf_token": browser.csrf_token, **more}


def _call(browser: Browser, route: Route, **fields: str) -> int:
    """Call a route with the token of the page that is shown; answers what the route says, not where it leads."""
    if route.method == "GET":
        with browser.client.get(route.path) as answer:
            return answer.status_code
    return browser.client.post(route.path, data=_fields(browser, **fields)).status_code


def _rows(app: Flask) -> dict[str, int]:
    """How many rows each table holds."""
    metadata: MetaData = Base.metadata
    with app.app_context():
        return {
            name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in metadata.tables.items()
            if name != "user_session"
        }
