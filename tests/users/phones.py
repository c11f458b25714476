"""A phone with an app that makes codes, and the sheet of paper beside it."""

from __future__ import annotations

import time

from flask import Flask
from passlib.totp import TOTP  # type: ignore[import-untyped]

from tests.users.people import PASSWORD, logged_in, make_user
from tests.web import Browser

STEP = 30
LAST_SECONDS = 2
FORM = "form:has([name=code])"
AGAIN = "form:has([name=current])"


class Phone:
    """Whoever holds it can show the codes of one account."""

    def __init__(self, secret: str) -> None:
        self._totp = TOTP(key=secret.replace(" ", ""))

    def code(self, steps: int = 0) -> str:
        """The code shown now, or some steps of half a minute later (earlier, when negative)."""
        return str(self._totp.generate(time=int(time.time()) + steps * STEP).token)


def wrong_code(phone: Phone) -> str:
    """Six digits that are none of the codes of these minutes."""
    near = {phone.code(step) for step in range(-3, 4)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if code not in near
    )


def learn(browser: Browser) -> Phone:
    """Type the password again and let a phone learn the secret that the page shows."""
    browser.get("/account/second-factor/")
    browser.submit(AGAIN, current=PASSWORD)
    assert browser.path == "/account/second-factor/code/", browser.text
    shown = browser.page.select_one("code.secret")
    assert shown is not None
    return Phone(shown.get_text())


def turn_on(browser: Browser) -> tuple[Phone, list[str]]:
    """Turn the second factor on; the phone, and the recovery codes on paper.

    The code that confirms it is one step old: the one of now is still good for a log-in.
    """
    phone = learn(browser)
    if (left := STEP - time.time() % STEP) < LAST_SECONDS:
        time.sleep(
            left
        )  # at the end of its half minute the code of one step ago would be of two by its check
    browser.submit(FORM, code=phone.code(-1))
    return phone, recovery_codes(browser)


def recovery_codes(browser: Browser) -> list[str]:
    """The codes that the page shows."""
    return [tag.get_text() for tag in browser.page.select("ol.codes code")]


def protected(
    app: Flask, email: str = "alice@exemple.fr", role: str = "gestionnaire"
) -> tuple[Phone, list[str]]:
    """An account with a second factor."""
    make_user(app, email, role, first_name=email.partition("@")[0].title())
    return turn_on(logged_in(app, email))


def past_the_password(app: Flask, email: str = "alice@exemple.fr", next_page: str | None = None) -> Browser:
    """A browser in which the right password was typed, and the code is asked for."""
    browser = Browser(app)
    if next_page is None:
        browser.log_in(email, PASSWORD)
    else:
        browser.get("/login", query_string={"next": next_page})
        browser.submit("form:has([name=password])", email=email, password=PASSWORD)
    assert browser.path.startswith("/login/code/"), browser.text
    return browser
