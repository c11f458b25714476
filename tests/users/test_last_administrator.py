"""There is always somebody who administers."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backoffice.core.audit import Fact
from backoffice.core.db import db
from backoffice.users.models import User
from tests.users.people import (
    change,
    count,
    is_in,
    logged_in,
    make_user,
)
from tests.web import Browser

RECORD = "form#record"


@pytest.fixture
def admin(app: Flask) -> Browser:
    make_user(app, "ada@exemple.fr", "administrateur", first_name="Ada", last_name="Lovelace")
    return logged_in(app, "ada@exemple.fr")


def _id(app: Flask, email: str) -> int:
    with app.app_context():
        return db.session.scalars(select(User.id).where(User.email == email)).one()


def _user(app: Flask, email: str) -> dict[str, Any]:
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == email)).one()
        return {"name": user.name, "role": user.role, "active": user.active, "password": user.password}


LAST = [{"role": "lecture"}, {"active": False}]


@pytest.mark.parametrize("values", LAST)
def test_the_last_administrator_cannot_step_down(app: Flask, admin: Browser, values: dict[str, Any]) -> None:
    make_user(app, "former@exemple.fr", "administrateur")
    change(app, "former@exemple.fr", active=False)
    number, before = _id(app, "ada@exemple.fr"), count(app, Fact)
    admin.get(f"/user/edit/?id={number}")
    admin.submit(RECORD, **values)
    assert "C’est le dernier administrateur actif" in admin.text
    assert admin.error_of(next(iter(values)))
    assert (_user(app, "ada@exemple.fr")["role"], _user(app, "ada@exemple.fr")["active"]) == (
        "administrateur",
        True,
    )
    assert count(app, Fact) == before
    assert is_in(admin)


@pytest.mark.parametrize("values", LAST)
def test_an_administrator_steps_down_when_there_is_another(
    app: Flask, admin: Browser, values: dict[str, Any]
) -> None:
    make_user(app, "grace@exemple.fr", "administrateur")
    admin.get(f"/user/edit/?id={_id(app, 'ada@exemple.fr')}")
    admin.submit(RECORD, **values)
    assert _user(app, "ada@exemple.fr")["role"] + str(_user(app, "ada@exemple.fr")["active"]) in (
        "lectureTrue",
        "administrateurFalse",
    )
    assert not is_in(admin)
