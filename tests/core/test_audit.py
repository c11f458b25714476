"""The history: each change of a record leaves its facts, in its own transaction, with who and through what."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import scoped_session
from sqlalchemy.orm.attributes import flag_modified

from backoffice.clients.models import Client, Contact
from backoffice.core import audit
from backoffice.core.audit import SYSTEM, Actor, Fact, MissingActor, act_as
from backoffice.lookups.models import Source
from backoffice.users.models import User
from tests.core.records import changes, facts, make_client

ALICE = Actor(7, "Alice Martin")
Session = scoped_session[Any]


def test_a_creation_is_one_fact_for_each_field_that_holds_something(session: Session) -> None:
    act_as(session(), ALICE, "screen")
    source = Source(label="Foire de Pau")
    session.add(source)
    session.commit()

    written = facts(session, entity="source", entity_id=source.id)

    assert {(fact.field, fact.after) for fact in written} == {
        ("label", "Foire de Pau"),
        ("position", 0),
        ("is_active", True),
        ("is_default", False),
    }
    assert {fact.before for fact in written} == {None}
    assert {(fact.operation, fact.actor_id, fact.actor_name, fact.via) for fact in written} == {
        ("create", 7, "Alice Martin", "screen")
    }


def test_an_update_tells_before_and_after_of_what_has_changed_and_nothing_else(session: Session) -> None:
    client = make_client(session, city="Lyon")
    session.commit()

    client.city = "Nice"
    session.commit()

    assert changes(session, entity="client", operation="update", field="city") == [("city", "Lyon", "Nice")]
    assert {fact.field for fact in facts(session, operation="update")} <= {"city", "main_contact_id"}


def test_a_deletion_tells_what_the_record_held(session: Session) -> None:
    source = Source(label="Foire de Pau")
    session.add(source)
    session.commit()
    source_id = source.id

    session.delete(source)
    session.commit()

    gone = changes(session, entity="source", entity_id=source_id, operation="delete")
    assert ("label", "Foire de Pau", None) in gone
    assert {after for _field, _before, after in gone} == {None}


def test_without_somebody_who_acts_nothing_is_written(session: Session) -> None:
    before = session.scalars(select(Source.id)).all()
    session.info.clear()
    session.add(Source(label="Foire de Pau"))

    with pytest.raises(MissingActor, match="nobody acts: create of source"):
        session.commit()

    session.rollback()
    assert session.scalars(select(Source.id)).all() == before
    assert facts(session, entity="source", operation="create", field="label") == []


def test_a_table_that_is_not_audited_changes_without_facts_and_without_an_actor(session: Session) -> None:
    session.info.clear()
    session.add(
        Fact(
            at=datetime.now(UTC),
            action="a",
            actor_name="b",
            via="c",
            operation="note",
            entity="source",
            entity_id=1,
            owner="source",
            owner_id=1,
            field="d",
        )
    )
    session.commit()

    assert len(facts(session, field="d")) == 1


def test_an_expired_attribute_keeps_its_before(session: Session) -> None:
    client = make_client(session, city="Lyon")
    session.commit()
    session.expire(client)

    client.city = "Nice"
    session.commit()

    assert changes(session, field="city", operation="update") == [("city", "Lyon", "Nice")]


def test_an_attribute_set_to_none_keeps_its_before(session: Session) -> None:
    client = make_client(session, city="Lyon")
    session.commit()

    client.city = None
    session.commit()

    assert changes(session, field="city", operation="update") == [("city", "Lyon", None)]


def test_moving_the_star_is_a_fact_although_only_a_pointer_changes(session: Session) -> None:
    client = make_client(session)
    other = Contact(email="zoe@exemple.fr")
    client.contacts.append(other)
    session.commit()
    first = client.main_contact_id

    client.main_contact = other
    session.commit()

    moved = changes(session, entity="client", field="main_contact_id", operation="update")
    assert moved[-1] == ("main_contact_id", first, other.id)


def test_a_flag_and_an_equal_value_make_no_fact(session: Session) -> None:
    client = make_client(session, city="Lyon")
    session.commit()
    count = len(facts(session))

    session.refresh(client)
    flag_modified(client, "name")
    session.flush()
    client.city = "Nice"
    client.city = "Lyon"
    session.commit()

    assert len(facts(session)) == count


def test_a_change_of_a_contact_stands_in_the_history_of_its_client(session: Session) -> None:
    client = make_client(session)
    session.commit()

    client.contacts[0].job_title = "Gérante"
    session.commit()

    (fact,) = facts(session, field="job_title", operation="update")
    assert (fact.entity, fact.entity_id) == ("contact", client.contacts[0].id)
    assert (fact.owner, fact.owner_id) == ("client", client.id)
    latest = audit.latest_fact(session, client)
    assert latest is not None
    assert latest.id == fact.id


def test_a_secret_is_noted_as_changed_and_never_shown(session: Session) -> None:
    user = User(email="alice@exemple.fr", role="lecture", password="$argon2id$one")
    session.add(user)
    session.commit()
    user.password = "$argon2id$two"
    session.commit()

    assert changes(session, entity="user", field="password") == [
        ("password", None, "•••"),
        ("password", None, "•••"),
    ]
    assert not any("argon2" in str((fact.before, fact.after)) for fact in facts(session))


def test_all_that_one_action_changes_has_one_action_id(session: Session) -> None:
    make_client(session)
    session.flush()
    session.add(Source(label="Foire de Pau"))
    session.commit()
    first = {fact.action for fact in facts(session)}
    act_as(session(), ALICE, "screen")
    session.add(Source(label="Foire de Dax"))
    session.commit()
    both = {fact.action for fact in facts(session)}

    assert len(first) == 1
    assert len(both) == 2


def test_a_change_that_is_rolled_back_takes_its_facts_along(session: Session) -> None:
    client = make_client(session, city="Lyon")
    session.commit()
    count = len(facts(session))

    client.city = "Nice"
    session.flush()
    assert len(facts(session)) == count + 1
    session.rollback()

    assert len(facts(session)) == count
    assert client.city == "Lyon"


def test_a_bulk_change_is_traced_by_hand(session: Session) -> None:
    client = make_client(session)
    audit.record(session, client, "city", "Lyon", "Nice")
    audit.record(session, client, "note", None, "fusion", operation="note")
    session.commit()

    assert changes(session, entity="client", operation="note") == [("note", None, "fusion")]
    assert ("city", "Lyon", "Nice") in changes(session, operation="update")


def test_what_json_does_not_know_is_written_plainly(session: Session) -> None:
    client = make_client(session)
    for value in (date(2026, 3, 1), datetime(2026, 3, 1, 8, 30, tzinfo=UTC), Decimal("12.50"), b"abc", 3):
        audit.record(session, client, "value", None, value, operation="note")
    session.commit()

    assert [after for _field, _before, after in changes(session, field="value")] == [
        "2026-03-01",
        "2026-03-01T08:30:00+00:00",
        "12.50",
        "3 octets",
        3,
    ]


def test_keys_versions_and_folded_copies_are_no_facts() -> None:
    names = {name for name, _secret in audit.audited_columns(Client(name="Müller"))}

    assert names.isdisjoint({"id", "version", "name_key", "city_key", "created_at"})
    assert {"name", "siret", "main_contact_id", "is_active"} <= names


def test_the_product_itself_has_no_account(session: Session) -> None:
    act_as(session(), SYSTEM, "command")
    session.add(Source(label="Foire de Pau"))
    session.commit()

    (fact,) = facts(session, entity="source", field="label")
    assert (fact.actor_id, fact.actor_name, fact.via) == (None, "système", "command")
