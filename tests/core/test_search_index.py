"""The same finds on both engines, whichever way they are looked for; the index follows every change of a text."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import scoped_session

from backoffice.admin import pager
from backoffice.clients.models import Client
from backoffice.core import search_index
from backoffice.core.search_index import Search
from backoffice.core.search_text import SearchText
from tests.core.records import make_client

Scoped = scoped_session[Any]

NAMES = (
    "Zinguerie Moreau",
    "Moreau Conseil",
    "Atelier Conseils Moreaux",
    "L'Oréal Paris",
    "Conseil de Paris",
    "Œuvres d'Été",
    "Ελληνικά Δώρα",
    "3 Suisses",
)
#: What is typed, and the names that it finds, in the order of the list.
FOUND = {
    "moreau": ["Atelier Conseils Moreaux", "Moreau Conseil", "Zinguerie Moreau"],
    "MOREAU conseil": ["Atelier Conseils Moreaux", "Moreau Conseil"],
    "moreauconseil": ["Moreau Conseil"],
    "conseil paris": ["Conseil de Paris"],
    "m": ["Atelier Conseils Moreaux", "Moreau Conseil", "Zinguerie Moreau"],
    "loreal": ["L'Oréal Paris"],
    "l oreal": ["L'Oréal Paris"],
    "oeuvre été": ["Œuvres d'Été"],
    "ΕΛΛΗΝ": ["Ελληνικά Δώρα"],
    "3": ["3 Suisses"],
    "oreau": [],
    "moreau zzz": [],
    '"moreau" OR paris*': [],
    "moreau NEAR conseil": [],
}


@pytest.fixture
def clients(session: Scoped) -> None:
    for number, name in enumerate(NAMES):
        make_client(session, name, email=f"n{number}@exemple.fr")
    session.commit()


def listed(session: Scoped, query: str) -> list[str]:
    order = pager.Order((Client.name_key,))
    page = pager.fetch(session(), select(Client.id), Client.id, order, search=Search("client", query))
    return [session.get_one(Client, id_).name for id_ in page.ids]


@pytest.mark.parametrize("ways", ["few", "many", "many of which the beginning of the list holds none"])
@pytest.mark.usefixtures("clients")
def test_rare_and_common_words_find_the_same_in_the_same_order(
    session: Scoped, ways: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ways != "few":
        monkeypatch.setattr(search_index, "FEW", 0)
    if ways.startswith("many of"):
        monkeypatch.setattr(search_index, "WALKED", 1)

    assert {query: listed(session, query) for query in FOUND} == FOUND


@pytest.mark.usefixtures("clients")
def test_pages_of_a_search_go_on_where_the_last_one_ended(
    session: Scoped, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, search = pager.Order((Client.name_key,)), Search("client", "moreau")
    for few in (0, 5_000):
        monkeypatch.setattr(search_index, "FEW", few)
        ids: list[int] = []
        after = None
        while True:
            page = pager.fetch(
                session(), select(Client.id), Client.id, order, size=1, after=after, search=search
            )
            ids += page.ids
            if (after := page.next) is None:
                break
        assert [session.get_one(Client, id_).name for id_ in ids] == FOUND["moreau"]


@pytest.mark.usefixtures("clients")
def test_the_index_follows_texts_that_change_and_go(session: Scoped) -> None:
    client = session.scalars(select(Client).where(Client.name == "Moreau Conseil")).one()
    own = SearchText.record_id == client.id

    session.execute(update(SearchText).where(own).values(text=" dupont conseil"))
    assert client.name not in listed(session, "moreau")
    assert listed(session, "dupont") == [client.name]
    session.execute(delete(SearchText).where(own))
    assert listed(session, "dupont") == []


def test_what_is_rolled_back_is_not_found(session: Scoped) -> None:
    make_client(session, "Fugace")
    session.flush()
    session.rollback()

    assert list(session.scalars(Search("client", "fugace").ids)) == []


@pytest.mark.usefixtures("clients")
def test_a_search_goes_by_the_index_of_its_engine(session: Scoped) -> None:
    others = [{"kind": "client", "record_id": 1000 + n, "text": f" societe numero{n}"} for n in range(9000)]
    session.execute(insert(SearchText), others)
    session.execute(text("ANALYZE"))
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    search = Search("client", "moreau")
    asked = search.among(session(), select(Client.id), Client.id) if is_sqlite else search.ids
    how = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    sql = asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = str(session.connection().exec_driver_sql(f"{how} {sql}").fetchall())

    assert ("client_words VIRTUAL TABLE" if is_sqlite else "ix_search_text_words") in plan
    assert "SCAN client'" not in plan
