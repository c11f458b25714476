"""A client to write to, and e-mails as they are written on its card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from backoffice.core.db import now
from backoffice.emails.models import Email
from tests.activity.cast import open_tab
from tests.clients.cast import add_client, change, rows
from tests.web import Browser

FORM = "#entry-form"
TEXT = {"subject": "Votre projet", "body": "Bonjour {prénom} {nom},\n\nÀ bientôt.\n{expéditeur}"}


@pytest.fixture
def edf(app: Flask) -> int:
    return add_client(app, "EDF", "jeanne@edf.fr", main={"first_name": "Jeanne", "last_name": "Roy"})


def write(browser: Browser, client: int, contact: int | str, **changes: Any) -> Browser:
    """Write an e-mail on the card of a client."""
    open_tab(browser, client, add="email")
    return press_in(browser, FORM, contact=contact, **{**TEXT, **changes})


def press_in(browser: Browser, form: str = "form.write", resumed: str = "", **changes: Any) -> Browser:
    """Fill in the form and press "Envoyer", or the button that asks for a look at something (`resumed`)."""
    fields = browser.fields(form)
    assert changes.keys() <= fields.keys(), changes.keys() - fields.keys()
    action = str(browser.form(form).get("action") or browser.path)
    browser.post(action, {**fields, **changes, **({"_resumed": resumed} if resumed else {})})
    return browser


def the_email(app: Flask) -> dict[str, Any]:
    """The one e-mail there is, as it is stored."""
    (found,) = rows(app, Email)
    return found


def make_due(app: Flask) -> None:
    """Let the time pass after which it is tried again, or its worker is given up."""
    change(app, Email, the_email(app)["id"], try_at=now() - timedelta(seconds=1))
