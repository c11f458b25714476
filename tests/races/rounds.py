"""Races in rounds: two or more people at the same moment, again and again on one database.

How many rounds says RACE_ROUNDS: 20 unless it is set, many more where one has the time. Forms are sent as a
browser sends them, by real requests in threads of their own, but the pages that follow are not drawn.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backoffice.admin import base
from backoffice.core.audit import Fact
from backoffice.core.db import db
from tests.clients.cast import browser_of, rows
from tests.clients.together import at_once
from tests.races.replay import assert_history_tells_all
from tests.users.people import session_cookie
from tests.web import Browser, Shown

ROUNDS = int(os.environ.get("RACE_ROUNDS", "20"))
#: What an answer may be: done, the form again with a sentence, logged out, gone, or told that somebody was faster.
TOLD = frozenset({200, 302, 401, 404, 409})
#: All get as far as to be let in, and wait for one another there, if they are no more than have a connection each.
ALL_COME = 5.0
MOST_AT_THE_DOOR = 8
#: Further inside a guard may hold one back: the others go on after this many seconds.
PATIENCE = 0.02


@dataclass
class Answer:
    """What came back: the status, where it leads, and what the next page says."""

    status: int
    leads_to: str
    said: list[str]
    page: Shown

    @property
    def is_done(self) -> bool:
        """Was it carried out? Whoever is refused in a form sees it again, whoever is refused an act is told why."""
        return self.status == 302 and self.category == "success"

    category: str = ""

    @property
    def words(self) -> str:
        """All words of the page, and what the next one says."""
        return " ".join([*self.page.soup.get_text(" ").split(), *self.said])


class Racer:
    """One person whose forms are sent without drawing the page that follows."""

    def __init__(self, app: Flask, email: str) -> None:
        self.app, self.email = app, email
        self.come_in()

    def come_in(self) -> None:
        """Log in (again), and take the token that every form of this session carries."""
        browser = Browser(self.app)
        browser.client.set_cookie(*session_cookie(self.app, self.email))
        browser.get("/account/")
        self.http, self._token = browser.client, browser.csrf_token

    def window(self) -> Racer:
        """A second window of the same person: the same session."""
        other = object.__new__(Racer)
        other.app, other.email, other._token = self.app, self.email, self._token
        other.http = self.app.test_client()
        cookie = self.http.get_cookie("session")
        assert cookie is not None
        other.http.set_cookie("session", cookie.value)
        return other

    def open(self, path: str, form: str = "#record") -> dict[str, list[str]] | None:
        """The fields of a form as it opens now, to be sent whenever one likes; None where there is none."""
        response = self.http.get(path)
        assert response.status_code in TOLD, (path, response.status_code)
        found = Shown(response.get_data(as_text=True)).form(form)
        return dict(found.fields({}).lists()) if found is not None else None

    def will(self, path: str, **fields: Any) -> Callable[[], Answer]:
        """A form that stands filled in, and is sent when this is called."""
        return partial(self.send, path, **fields)

    def send(self, path: str, **fields: Any) -> Answer:
        """Send a form."""
        response = self.http.post(path, data={"csrf_token": self._token, **fields})
        flashed: list[Any] = []
        if response.status_code == 302:
            with self.http.session_transaction() as session:
                flashed = session.pop("_flashes", [])
        said = [str(text["text"] if isinstance(text, dict) else text) for _category, text in flashed]
        return Answer(
            response.status_code,
            response.headers.get("Location", ""),
            said,
            Shown(response.get_data(as_text=True)),
            flashed[-1][0] if flashed else "",
        )


class Race:
    """One kind of race on one database."""

    def __init__(self, app: Flask, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self._monkeypatch = app, monkeypatch
        self._meets: list[dict[str, Any]] = []
        self._is_sqlite = engine == "sqlite"
        self._meet_after(base, "act_as_current_user", ALL_COME)  # let in, and nothing is read or written yet

    def meet_after(self, owner: Any, name: str) -> None:
        """Whoever has called this function waits there for the others: what it said may be old by then.

        On SQLite the second writer stands before the database until the first has gone: nobody to meet inside.
        """
        if not self._is_sqlite:
            self._meet_after(owner, name, PATIENCE)

    def _meet_after(self, owner: Any, name: str, patience: float) -> None:
        meet: dict[str, Any] = {"barrier": None, "met": set()}
        real = getattr(owner, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            result = real(*args, **kwargs)
            here = threading.get_ident()
            if meet["barrier"] is not None and here not in meet["met"]:  # once: a view may call another one
                meet["met"].add(here)
                with suppress(threading.BrokenBarrierError):
                    meet["barrier"].wait(patience)
            return result

        self._monkeypatch.setattr(owner, name, call)
        self._meets.append(meet)

    def run(self, *acts: Callable[[], Any]) -> list[Any]:
        """Let all of them act at the same moment; what came back, in their order. No answer is an error page."""
        for meet in self._meets if len(acts) <= MOST_AT_THE_DOOR else []:
            meet["barrier"], meet["met"] = threading.Barrier(len(acts)), set()
        answers = at_once(*acts)
        for meet in self._meets:
            meet["barrier"] = None
        for answer in answers:
            if isinstance(answer, Answer):
                assert answer.status in TOLD, (answer.status, answer.words[:400])
        return answers

    def people(self, *names: str, role: str = "gestionnaire") -> list[Racer]:
        """Somebody logged in for each of these first and last names."""
        for name in names:
            browser_of(self.app, role, name=name)
        return [Racer(self.app, f"{name.lower().replace(' ', '.')}@office.example") for name in names]

    def rounds(self, number: int = ROUNDS) -> Iterator[int]:
        """Count the rounds; at their end the history must tell all that has become of the records."""
        yield from range(number)
        assert_history_tells_all(self.app)

    def count(self, model: Any, *where: Any) -> int:
        """How many rows there are of which this holds."""
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0

    def values(self, *columns: Any, **where: Any) -> list[Any]:
        """These columns of all rows that meet the conditions, in the order of their ids."""
        model = columns[0].class_
        with self.app.app_context():
            found = db.session.execute(select(*columns).filter_by(**where).order_by(model.id))
            return [tuple(row) if len(columns) > 1 else row[0] for row in found]

    def facts(self, entity: str, id_: int, field: str) -> list[tuple[Any, Any]]:
        """What the history holds of a field of one record: before and after, oldest first."""
        found = rows(self.app, Fact, entity=entity, entity_id=id_, field=field)
        return [(fact["before"], fact["after"]) for fact in found]
