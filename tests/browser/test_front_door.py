from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page

from tests.conftest import on_sqlite_only
from tests.users.people import PASSWORD, make_user

pytestmark = on_sqlite_only


def test_a_wrong_password_is_said_in_french_and_the_address_is_kept(app: Flask, page: Page) -> None:
    make_user(app, "alice@exemple.fr")
    page.goto("/login")
    page.fill("[name=email]", "alice@exemple.fr")
    page.fill("[name=password]", "mauvais mot de passe")
    page.press("[name=password]", "Enter")

    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.input_value("[name=email]") == "alice@exemple.fr"
    assert page.input_value("[name=password]") == ""
    assert "mot de passe" in page.inner_text("main")


def test_somebody_logs_in_with_the_keyboard_and_sees_the_dashboard(app: Flask, page: Page) -> None:
    make_user(app, "alice@exemple.fr", "lecture")
    page.goto("/login")
    page.keyboard.type("alice@exemple.fr")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)

    assert page.url.endswith("/")
    assert page.locator("h1").is_visible()
