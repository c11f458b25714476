"""A form changes what it shows and nothing else, whatever is sent along with it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from backoffice.clients.models import Address, Contact
from backoffice.core.db import db, now
from backoffice.events.models import Event
from backoffice.users import services
from backoffice.users.models import User
from tests.attack.forms import ROW, all_forms, foreign
from tests.attack.moments import Moment
from tests.attack.tables import Row, Tables, changed, tables
from tests.browser.pages import add_cast, records
from tests.conftest import AsRole, on_sqlite_only
from tests.web import Browser

pytestmark = on_sqlite_only

#: Made by chance: keys, salts, hashes, secrets.
_BY_CHANCE = re.compile(r"^(?:[0-9a-f]{32,}|[\w-]{43}|\$argon2.*|\{.*\"tag\".*\}|<[^>]+@[^>]+>)$")

_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$")


@pytest.fixture
def browser(app: Flask, as_role: AsRole) -> Browser:
    add_cast(app)
    return as_role("administrateur")


def _of_others(app: Flask) -> dict[str, str]:
    """Ids of what belongs to another client than that of the pages."""
    with app.app_context():
        first = db.session.scalar
        own = records(app)["client"]
        found = {
            "contact": first(select(Contact.id).where(Contact.client_id != own).order_by(Contact.id)),
            "address": first(select(Address.id).where(Address.client_id != own).order_by(Address.id)),
            "event": first(select(Event.id).where(Event.client_id != own).order_by(Event.id)),
        }
        return {name: str(number) for name, number in found.items()}


def test_no_form_changes_what_it_does_not_show(app: Flask, browser: Browser, tmp_path: Path) -> None:
    forms, other = all_forms(app, browser), _of_others(app)
    moment, before = Moment(app, tmp_path), _comparable(tables(app))
    wrong, done = {}, 0
    for form in forms:
        alone = _after(app, browser, moment, form.action, form.fields)
        with_more = MultiDict([*foreign(form, other).items(), *form.fields.items(multi=True)])
        attacked = _after(app, browser, moment, form.action, with_more)
        done += attacked == alone != before
        if attacked not in (alone, before):  # done as without, or refused whole
            wrong[f"{form.action} on {form.page}"] = changed(alone, attacked)
    assert wrong == {}
    assert (len(forms) > 60, done > 15) == (True, True), (len(forms), done)


def test_no_form_takes_what_its_lists_do_not_offer(app: Flask, browser: Browser) -> None:
    """Each list by itself, with the id of nobody and with what is no id: the whole form is refused."""
    forms, before = all_forms(app, browser), tables(app)
    tried, wrong = 0, list[tuple[str, ...]]()
    for form in forms:
        for name in form.chosen:
            for odd in ("999999", "rien\x00"):
                sent = MultiDict(form.fields)
                sent[name] = odd
                with browser.client.post(form.action, data=sent) as answer:
                    tried += 1
                    if answer.status_code >= 500:
                        wrong.append((form.action, name, odd))
        if form.chosen and changed(before, tables(app)):
            wrong.append((form.action, *form.chosen))
            before = tables(app)
    assert wrong == []
    assert tried > 60


def test_no_row_of_another_client_is_reached_by_its_id(app: Flask, browser: Browser, tmp_path: Path) -> None:
    own, moment = records(app)["client"], Moment(app, tmp_path)
    before, tried = _of_other_clients(app, own), 0
    for form in all_forms(app, browser):
        rows = {match.group(1, 2) for name in form.fields if (match := ROW.match(name))}
        for kind, number in sorted(rows):
            moment.come_back()
            sent = MultiDict(form.fields)
            sent[f"{kind}-{number}-id"] = _of_others(app)[kind.removesuffix("s").removesuffix("e")]
            sent[f"{kind}-{number}-{'email' if kind == 'contacts' else 'city'}"] = "vole@exemple.fr"
            browser.client.post(form.action, data=sent).close()
            sent[f"del-{kind}-{number}"] = "1"
            browser.client.post(form.action, data=sent).close()
            after = _of_other_clients(app, own)  # there may be a new client
            assert {key: after.get(key) for key in before} == before, (form.action, kind, number)
            tried += 1
    assert tried >= 6


def _of_other_clients(app: Flask, own: int) -> dict[tuple[str, int], Row]:
    return {
        (name, row["id"]): row
        for name, rows in tables(app).items()
        if name in ("client", "contact", "address")
        for row in rows
        if row.get("client_id", row["id"]) != own
    }


def test_a_form_that_took_whatever_column_it_is_sent_would_be_seen(
    app: Flask, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = Moment(app, tmp_path)
    form = next(form for form in all_forms(app, browser) if form.action.startswith("/account/profile/"))
    alone = _after(app, browser, moment, form.action, form.fields)
    sent = MultiDict([*foreign(form, {}).items(), *form.fields.items(multi=True)])
    check = services.check_user

    def take_all(session: Any, user: User) -> Any:
        if "created_at" in request.form:
            user.created_at = datetime.fromisoformat("1999-01-01T00:00+00:00")
        return check(session, user)

    monkeypatch.setattr(services, "check_user", take_all)
    assert changed(alone, _after(app, browser, moment, form.action, sent)).keys() >= {"user"}


def _after(app: Flask, browser: Browser, moment: Moment, action: str, fields: Any) -> Tables:
    """What is stored once these fields were sent, from the moment on."""
    moment.come_back()
    browser.client.post(action, data=fields).close()
    return _comparable(tables(app))


def _comparable(found: Tables) -> Tables:
    return {
        name: [{column: _same(value) for column, value in row.items()} for row in rows]
        for name, rows in found.items()
    }


def _same(value: Any) -> Any:
    """What two requests one after the other keep of one and the same: not the moment, and not what is made by chance."""
    if isinstance(value, str) and _MOMENT.match(value):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime) and now() - value < timedelta(hours=1):
        return "now"
    return "by chance" if isinstance(value, str) and _BY_CHANCE.match(value) else value
