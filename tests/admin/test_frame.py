"""What stands around every page, and what is left of it when something fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from backoffice.admin import assets, frame
from config import ROOT
from tests.admin.pages import faults
from tests.browser.pages import PAGES, add_cast, addresses
from tests.clients.cast import browser_of
from tests.conftest import AsRole, MakeApp, on_sqlite_only
from tests.web import Browser

STATIC = ROOT / "backoffice" / "static"


def _menu(browser: Browser) -> list[str]:
    return [link.get_text(strip=True) for link in browser.page.select("nav.side li a")]


@on_sqlite_only
def test_the_menu_shows_what_a_role_may_enter_and_where_one_stands(app: Flask) -> None:
    reader = browser_of(app, "lecture")
    page = reader.get("/client/")

    assert _menu(reader) == ["Tableau de bord", "Clients", "Contacts", "Événements", "Tâches"]
    assert [link.get_text() for link in page.select("nav.side [aria-current]")] == ["Clients"]

    administrator = browser_of(app, "administrateur")
    administrator.get("/companytype/")
    assert {"Types de société", "Langues", "Réglages", "Utilisateurs"} <= set(_menu(administrator))


@on_sqlite_only
def test_a_page_that_the_menu_does_not_lead_to_says_where_it_belongs(app: Flask, as_role: AsRole) -> None:
    add_cast(app)
    browser = as_role("administrateur")
    at_the_top = {link["href"] for link in browser.get("/").select("nav.side a")}
    at_the_top |= {"/account/", "/help/", "/search/", "/settings/edit/"}  # the settings are one page
    wrong = []
    for path in addresses(app, PAGES).values():
        page = browser.get(path)
        crumbs = page.select("nav.crumbs a[href]")
        is_first = browser.path.partition("?")[0] in at_the_top and "about=" not in browser.path
        if browser.status == 200 and bool(crumbs) == is_first:
            wrong.append(path)
        title = page.select_one("title")
        assert title is not None
        assert title.get_text().endswith(" · Back office"), path

    assert wrong == []


@on_sqlite_only
def test_the_way_to_a_new_client_is_for_those_who_may_write(app: Flask) -> None:
    assert browser_of(app, "gestionnaire").get("/").select("header.top a[href='/client/new/']")
    assert not browser_of(app, "support").get("/").select("header.top a[href='/client/new/']")


@on_sqlite_only
def test_logging_out_is_a_form_with_a_token(app: Flask) -> None:
    browser = browser_of(app, "lecture")
    browser.get("/")
    browser.submit("form[action='/logout']")

    assert browser.get("/client/") is not None
    assert browser.path.startswith("/login")


@on_sqlite_only
def test_an_error_page_keeps_the_menu_and_leads_back(app: Flask) -> None:
    browser = browser_of(app, "lecture")

    page = browser.get("/nulle-part", headers={"Referer": "http://localhost/client/?search=x"})
    assert browser.status == 404
    assert "Clients" in _menu(browser)
    assert page.select_one("main a[href='/client/?search=x']")

    page = browser.get("/nulle-part", headers={"Referer": "http://ailleurs.example/client/"})
    assert not page.select("main a[href*='client']")


@pytest.mark.parametrize(
    "referrer",
    [
        "",
        "http://ailleurs.example/",
        "http://localhost//ailleurs.example",
        "javascript:alert(1)",
        "http://localhost/ici?a=1",
    ],
)
@on_sqlite_only
def test_only_another_page_of_ours_is_a_way_back(app: Flask, referrer: str) -> None:
    with app.test_request_context("/ici?a=1", headers={"Referer": referrer}):
        assert frame.way_back() is None


@on_sqlite_only
def test_without_a_database_the_frame_stays_and_asks_only_once_more(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of(app, "lecture")
    asked = []

    def silent(*_args: Any) -> NoReturn:
        asked.append(1)
        raise OperationalError("SELECT", {}, Exception("no answer"))

    monkeypatch.setattr(app.login_manager, "_load_user", silent)  # type: ignore[attr-defined]
    page = browser.get("/client/")

    assert browser.status == 503
    assert page.select_one("h1")
    assert _menu(browser) == ["Accueil"]
    assert len(asked) <= 2
    assert faults(page) == []


@on_sqlite_only
def test_a_foreign_host_gets_an_error_page_and_no_crash(make_app: MakeApp) -> None:
    client: FlaskClient = make_app(TRUSTED_HOSTS="bureau.example").test_client()

    response = client.get("/client/", base_url="http://mauvais.example")

    assert response.status_code == 400
    assert "Demande incomprise" in response.text


def test_an_asset_has_a_new_address_when_its_content_changes(tmp_path: Path) -> None:
    small = Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")
    (tmp_path / "a.css").write_text("one")
    with small.test_request_context():
        first = assets.asset("a.css")
        (tmp_path / "a.css").write_text("two!")
        second = assets.asset("a.css")
        with pytest.raises(FileNotFoundError):
            assets.asset("missing.css")

    assert first.startswith("/static/a.css?v=")
    assert first != second


@on_sqlite_only
def test_every_file_that_a_page_names_is_served_and_may_be_kept(app: Flask) -> None:
    page = Browser(app).get("/login")
    names = [str(tag.get("src") or tag.get("href")) for tag in page.select("script[src], link[href]")]
    assert len(names) >= 25

    for name in names:
        with app.test_client().get(name) as response:
            assert response.status_code == 200, name
            assert "immutable" in response.headers["Cache-Control"], name


def test_style_and_scripts_come_from_here_alone() -> None:
    sources = {
        path: path.read_text("utf-8")
        for path in STATIC.rglob("*")
        if path.suffix in {".css", ".js"} and "vendor" not in path.parts
    }

    for path, source in sources.items():
        assert [far for far in ("http://", "https://", "@import") if far in source] == [], path
        # A module named inside a module would be kept for a year under an address that never changes.
        assert not any(line.startswith(("import ", "export ")) for line in source.splitlines()), path
    assert len(sources) > 15


def test_the_font_stands_with_its_licence_and_its_version() -> None:
    css = (STATIC / "css" / "base.css").read_text("utf-8")
    fonts = [path for path in (STATIC / "fonts").iterdir() if path.suffix == ".woff2"]

    assert [f'url("../fonts/{path.name}")' in css for path in fonts] == [True]
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / "OFL.txt").read_text("utf-8").upper()
    assert fonts[0].name in (STATIC / "fonts" / "README.md").read_text("utf-8")
