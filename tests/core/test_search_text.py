"""The searchable text follows each change in the change's own transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from backoffice.clients.models import Client, Contact
from backoffice.core import search_text
from backoffice.core.db import db
from backoffice.core.search_index import Search
from backoffice.core.search_text import SearchText, compose
from tests.core.records import make_client

Scoped = scoped_session[Any]


def text_of(session: Scoped, client: Client) -> str:
    """The text that is kept of a client."""
    return str(session.get_one(SearchText, ("client", client.id), populate_existing=True).text)


def found(session: Scoped, query: str) -> list[int]:
    search = Search("client", query)
    return sorted(session.scalars(search.ids)) if search else []


def test_a_text_is_a_run_of_words_each_led_by_a_space_and_each_once() -> None:
    assert compose(["boulangerie", "muller", "lyon", "muller"]) == " boulangerie muller lyon"
    assert compose([]) == ""


def test_a_new_record_can_be_found_from_its_commit_on(session: Scoped) -> None:
    client = make_client(session, "Boulangerie Müller", city="Lyon", email="zoe@exemple.fr")
    session.commit()

    for query in ("boul", "MULLER", "lyon müller", "zoe", "exemple"):
        assert found(session, query) == [client.id], query
    for query in ("ulangerie", "boul zzz", "paris"):
        assert found(session, query) == [], query


def test_nothing_to_look_for_is_told_apart_from_nothing_found() -> None:
    assert not Search("client", "")
    assert not Search("client", " .,; ")


def test_a_change_replaces_the_old_words(session: Scoped) -> None:
    client = make_client(session, "Boulangerie Müller", city="Lyon")
    session.commit()

    client.city = "Nice"
    session.commit()

    assert found(session, "lyon") == []
    assert found(session, "nice") == [client.id]


def test_a_change_of_a_contact_renews_the_text_of_its_client(session: Scoped) -> None:
    client = make_client(session)
    session.commit()
    contact = Contact(email="zoe@exemple.fr", last_name="Dupont")
    client.contacts.append(contact)
    session.commit()
    assert found(session, "dupont") == [client.id]

    contact.last_name = "Lefèvre"
    session.commit()
    assert found(session, "dupont") == []
    assert found(session, "lefevre") == [client.id]

    session.delete(contact)
    session.commit()
    assert found(session, "lefevre") == []


def test_a_deleted_record_leaves_no_text(session: Scoped) -> None:
    client = make_client(session, "Boulangerie Müller")
    session.commit()

    session.delete(client)
    session.commit()

    assert list(session.scalars(select(SearchText.text))) == []


def test_a_change_that_is_rolled_back_leaves_the_text_as_it_was(session: Scoped) -> None:
    client = make_client(session, city="Lyon")
    session.commit()
    before = text_of(session, client)

    client.city = "Nice"
    session.flush()
    session.rollback()
    session.commit()

    assert text_of(session, client) == before


@pytest.mark.parametrize("sign", ["%", "_", "\\", "%%", "a%", "_oulangerie", "boul_ngerie"])
def test_signs_of_sql_patterns_find_nothing_more(session: Scoped, sign: str) -> None:
    make_client(session, "Boulangerie Müller")
    session.commit()

    assert found(session, sign) == []


@pytest.fixture
def badges() -> Iterator[None]:
    """A feature above clients that adds words to their texts."""

    def contribution(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
        return {client_id: ["badge", f"numero{client_id}"] for client_id in ids}

    search_text.contribute("client", contribution)
    search_text.contribute("client", contribution)  # a second app in the same process registers again
    yield
    search_text._contributions["client"].remove(contribution)


@pytest.mark.usefixtures("badges")
def test_a_feature_adds_its_words_to_the_text_of_another_one(session: Scoped) -> None:
    client = make_client(session)
    session.commit()

    assert found(session, f"badge numero{client.id}") == [client.id]
    assert text_of(session, client).count(" badge") == 1


def test_texts_are_renewed_in_bulk(session: Scoped) -> None:
    clients = [make_client(session, f"Maison{number}") for number in range(3)]
    session.commit()
    with Session(db.engine) as other, other.begin():
        other.query(SearchText).delete()
    assert found(session, "maison1") == []

    search_text.rebuild(session(), "client", [client.id for client in clients])
    session.commit()

    assert found(session, "maison1") == [clients[1].id]
    assert len(found(session, "maison")) == 3
