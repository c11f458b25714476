"""The beginning of folded text, asked as a range that an index answers."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from backoffice.clients.models import Client
from backoffice.core.search_text import _after, begins_with
from backoffice.core.text import fold
from tests.clients.cast import add_clients


@pytest.mark.parametrize(
    ("folded", "beyond"), [("mar", "mas"), ("maz", "mb"), ("zz", None), ("a9", "aa"), ("й", None), ("", None)]
)
def test_the_end_of_a_range_comes_after_all_that_begins_so(folded: str, beyond: str | None) -> None:
    assert _after(folded) == beyond


NAMES = ["Le Mans", "Lemaire", "Le Mazet", "Zz Top", "Zzz", "3M", "39 Nord", "Österreich", "ЙОД", "Lé—ma"]


@pytest.mark.parametrize(
    "typed", ["l", "le", "le m", "le ma", "lem", "z", "zz", "3", "39", "os", "й", "йо", "le maz"]
)
def test_it_finds_what_begins_so_and_nothing_else(app: Any, session: Any, typed: str) -> None:
    add_clients(app, [{"name": name, "email": f"c{n}@x.example"} for n, name in enumerate(NAMES)])
    folded = fold(typed)
    found = session.scalars(select(Client.name).where(begins_with(Client.name_key, folded)))
    assert sorted(found) == sorted(name for name in NAMES if fold(name).startswith(folded))


def test_an_index_answers_it(session: Any) -> None:
    asked = select(Client.id).where(Client.is_active, begins_with(Client.name_key, "mar"))
    asked = asked.order_by(Client.name_key, Client.id).limit(7)
    plain = str(asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = " ".join(map(str, session.execute(text(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{plain}"))))
    assert "name_key>" in plan.replace(" ", "").replace("::text", "").replace("(name_key)", "name_key"), plan
