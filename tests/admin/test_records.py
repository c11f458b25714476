"""What every form of a record keeps to, whatever the record."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backoffice.clients.models import Address, Contact
from backoffice.core.audit import Fact
from backoffice.core.db import db
from backoffice.lookups.models import OfficeSettings, Source
from tests.clients.cast import add_client, browser_of, change, notices, row, rows
from tests.conftest import on_sqlite_only
from tests.users.people import make_user
from tests.web import Browser

#: The form of an existing record of each kind, opened as a person does.
FORMS = (
    "/client/edit/?id={client}",
    "/contact/edit/?id={contact}",
    "/address/edit/?id={address}",
    "/companytype/edit/?id=1",
    "/language/edit/?id=1",
    "/source/edit/?id=1",
    "/civility/edit/?id=1",
    "/paymentterm/edit/?id=1",
    "/settings/",
    "/user/edit/?id={user}",
)


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """One record of each kind, with all that can stand in it."""
    client = add_client(
        app,
        "Atelier Lefèvre",
        siren="732829320",
        siret="73282932000074",
        vat_number="FR44732829320",
        phone="+33140000000",
        city="Lyon",
        addresses=[{"label": "Entrepôt", "country": "DE"}],
    )
    return {
        "client": client,
        "contact": rows(app, Contact)[0]["id"],
        "address": rows(app, Address)[0]["id"],
        "user": make_user(app, "bob@exemple.fr", first_name="Bob"),
    }


def fact_count(app: Flask) -> int:
    with app.app_context():
        not_a_log_in = Fact.entity != "user_session"
        return db.session.scalar(select(func.count()).select_from(Fact).where(not_a_log_in)) or 0


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_is_sent_as_it_came_is_saved_and_is_no_change(
    app: Flask, ids: dict[str, int], path: str
) -> None:
    browser = browser_of(app, "administrateur")
    browser.get(path.format(**ids))
    before = fact_count(app)

    browser.submit("#record")

    assert browser.status == 200
    assert browser.page.select(".notice.good"), browser.text
    assert fact_count(app) == before


def test_the_settings_of_the_office_are_saved_from_their_page(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    browser.get("/settings/")
    browser.submit("#record", company_name="Cabinet Roy", default_country="Belgique")

    stored: dict[str, Any] = row(app, OfficeSettings, 1)
    assert notices(browser) == ["Réglages enregistrés."]
    assert (stored["company_name"], stored["default_country"]) == ("Cabinet Roy", "BE")


@on_sqlite_only
def test_an_old_form_is_refused_with_409_and_keeps_what_was_typed(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    browser.get("/source/edit/?id=1")
    change(app, Source, 1, label="Foire de Pau")

    browser.submit("#record", label="Foire de Dax")

    assert browser.status == 409
    assert browser.fields("#record")["label"] == "Foire de Dax"
    assert row(app, Source, 1)["label"] == "Foire de Pau"

    browser.submit("#record", **{"_keep-label": "mine"})
    assert row(app, Source, 1)["label"] == "Foire de Dax"


@on_sqlite_only
def test_without_its_version_an_old_form_would_undo_the_newer_change(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    browser.get("/source/edit/?id=1")
    change(app, Source, 1, label="Foire de Pau")

    browser.submit("#record", without=("row_version",), label="Foire de Dax")

    assert row(app, Source, 1)["label"] == "Foire de Dax"


@on_sqlite_only
def test_a_form_sent_twice_makes_one_record(app: Flask) -> None:
    browser = browser_of(app, "administrateur")
    count = len(rows(app, Source))
    for _ in range(3):
        _resend(browser, "k" * 32)

    assert len(rows(app, Source)) == count + 1
    _resend(browser, "x" * 32, label="Foire de Dax")
    assert len(rows(app, Source)) == count + 2


def _resend(browser: Browser, key: str, label: str = "Foire de Pau") -> None:
    browser.get("/source/new/")
    browser.submit("#record", idempotency_key=key, label=label)
    assert browser.page.select(".notice.good"), browser.text
