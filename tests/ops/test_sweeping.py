"""What the program keeps for its own sake goes when its time is over; what people have done stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backoffice.core.audit import Fact
from backoffice.core.db import Base, db, for_writing, now
from backoffice.core.idempotency import IdempotencyKey
from backoffice.core.jobs import JOBS
from backoffice.ops import sweeping, worker
from backoffice.users.models import OpenForm, SignInAttempt, UserSession
from backoffice.users.presence import UNHEARD
from tests.clients.cast import rows
from tests.conftest import MakeApp, Work, on_sqlite_only
from tests.users.people import is_in, make_user, signed_in

DAY = timedelta(days=1)


def _add(app: Flask, user_id: int, *rows: Any) -> None:
    with app.app_context(), for_writing():
        for number, (model, values) in enumerate(rows):
            if model is UserSession:
                values = {"token_hash": f"{number}", "user_id": user_id, **values}
            db.session.add(model(**values))
        db.session.commit()


def _left(app: Flask, column: Any) -> list[Any]:
    with app.app_context():
        return sorted(db.session.scalars(select(column)))


def _try(name: str, ago: timedelta) -> tuple[Any, dict[str, Any]]:
    return SignInAttempt, {"purpose": "sign_in", "account": name, "network": "x", "at": now() - ago}


def _form(key: str, ago: timedelta) -> tuple[Any, dict[str, Any]]:
    return IdempotencyKey, {"key": key, "user_id": 1, "purpose": "x", "made_at": now() - ago}


def _open(token: str, user_id: int, session_id: int, ago: timedelta) -> tuple[Any, dict[str, Any]]:
    values = {"token": token, "user_id": user_id, "session_id": session_id, "kind": "client.edit_view"}
    return OpenForm, {**values, "record_id": 1, "seen_at": now() - ago}


def _session(name: str, begun: timedelta, ended: timedelta | None) -> tuple[Any, dict[str, Any]]:
    at = now()
    return UserSession, {"user_agent": name, "created_at": at - begun, "ended_at": ended and at - ended}


def test_what_is_out_of_its_time_goes_and_nothing_else(
    app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = make_user(app, "ada@exemple.fr")
    browser = signed_in(app, "ada@exemple.fr")
    _add(
        app,
        ada,
        _try("old", DAY * 1.1), _try("older", DAY * 9), _try("new", DAY * 0.9),
        _form("a", DAY * 2.1), _form("b", DAY * 1.9),
        _session("ended long ago", DAY * 40, DAY * 31), _session("ended", DAY * 40, DAY * 29),
        _session("ran out long ago", DAY * 31, None), _session("ran out", DAY * 29, None),
    )  # fmt: skip
    (here,) = [row["id"] for row in rows(app, UserSession, user_agent="")]
    _add(app, ada, _open("left", ada, here, 2.1 * UNHEARD), _open("open", ada, here, 1.9 * UNHEARD))
    before = _rows(app)
    monkeypatch.setattr(sweeping, "MOST_AT_ONCE", 1)  # each in a transaction of its own
    work("forget")

    assert _left(app, SignInAttempt.account) == ["new"]
    assert _left(app, IdempotencyKey.key) == ["b"]
    assert _left(app, UserSession.user_agent) == ["", "ended", "ran out"]
    assert _left(app, OpenForm.token) == ["open"]
    assert is_in(browser)
    swept = {"sign_in_attempt", "idempotency_key", "user_session", "open_form"}
    assert {name: count for name, count in _rows(app).items() if name not in swept} == {
        name: count for name, count in before.items() if name not in swept
    }
    assert before["fact"] > 0


def _rows(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {
            name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


@on_sqlite_only
def test_a_setting_says_for_how_many_days_ended_sessions_are_kept(make_app: MakeApp) -> None:
    app = make_app(SESSIONS_KEPT_DAYS="8")
    ada = make_user(app, "ada@exemple.fr")
    _add(app, ada, _session("gone", DAY * 9, DAY * 8.1), _session("kept", DAY * 9, DAY * 7.9))
    worker.do(app, "forget", is_tried_again=False)
    assert _left(app, UserSession.user_agent) == ["kept"]


@on_sqlite_only
def test_the_worker_does_it_once_a_day(app: Flask) -> None:
    assert JOBS["forget"].every == DAY
    assert _left(app, Fact.field) == []
