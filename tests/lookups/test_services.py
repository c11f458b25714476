"""Lookup tables by themselves: their order, their one default, their uses, and what the database holds of them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.exc import IntegrityError

from backoffice.core.audit import Fact
from backoffice.core.db import Base, db
from backoffice.emails.models import EmailTemplate
from backoffice.events.models import EventStatus
from backoffice.lookups import queries, services
from backoffice.lookups.models import (
    LOOKUPS,
    Civility,
    CompanyType,
    Language,
    OfficeSettings,
    PaymentTerm,
    Source,
)
from tests.clients.cast import add_client

#: Which table is used by what: (model, how a client of the cast uses its row).
USES: list[tuple[type[Any], Any]] = [
    (CompanyType, lambda row_id: {"type_id": row_id}),
    (Language, lambda row_id: {"language_id": row_id}),
    (PaymentTerm, lambda row_id: {"payment_term_id": row_id}),
    (Source, lambda row_id: {"main": {"source_id": row_id}}),
    (Civility, lambda row_id: {"main": {"civility_id": row_id}}),
]


def labels(session: Any, model: Any) -> list[str]:
    session.info.pop("lookup_choices", None)
    return [row.label for row in services.choices(session, model.__tablename__)]


def defaults(session: Any, model: Any) -> list[str]:
    found = session.scalars(select(model.label).where(model.is_default))
    return list(found)


def named(session: Any, model: Any, label: str) -> Any:
    return session.scalars(select(model).where(model.label == label)).one()


@pytest.mark.parametrize("model", LOOKUPS)
def test_each_table_is_shipped_with_rows_and_no_more_than_one_default(session: Any, model: Any) -> None:
    assert len(labels(session, model)) >= 3
    assert len(defaults(session, model)) <= 1
    rows = session.scalars(select(model)).all()
    assert all(row.is_active and row.label and row.label_en for row in rows)


def test_choices_come_in_their_order_then_by_label(session: Any) -> None:
    session.add_all(CompanyType(label=label, position=-1) for label in ("Zèbre", "Abeille"))
    session.add(CompanyType(label="Tout premier", position=-2))
    session.flush()
    assert labels(session, CompanyType)[:3] == ["Tout premier", "Abeille", "Zèbre"]


def test_the_choices_of_all_tables_are_asked_once(session: Any) -> None:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    services.choices(session, "source")
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for model in LOOKUPS:
            services.choices(session, model.__tablename__)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert sent == []


@pytest.mark.parametrize("model", LOOKUPS)
def test_a_new_default_steps_the_old_one_back_in_every_table(session: Any, model: Any) -> None:
    first, second = session.scalars(select(model).order_by(model.id).limit(2))
    services.make_default(session, model, first)
    services.make_default(session, model, second)
    assert defaults(session, model) == [second.label]
    offered = services.choices(session, model.__tablename__)
    assert [row.id for row in offered if row.is_default] == [second.id]


def test_the_default_made_default_again_leaves_no_fact(session: Any) -> None:
    prospect = named(session, CompanyType, "Prospect")
    services.make_default(session, CompanyType, prospect)
    before = len(session.scalars(select(Fact)).all())
    services.make_default(session, CompanyType, prospect)
    assert len(session.scalars(select(Fact)).all()) == before


def test_a_table_may_be_without_a_default(session: Any) -> None:
    services.make_default(session, Language, None)
    assert defaults(session, Language) == []
    assert services.default_of(session, Language) is None


@pytest.mark.parametrize(("model", "used_by"), USES)
def test_a_row_knows_in_how_many_records_it_is_used(
    app: Flask, request: pytest.FixtureRequest, model: Any, used_by: Any
) -> None:
    for name in ("EDF", "Engie"):
        add_client(app, name, **used_by(2))
    session = request.getfixturevalue("session")
    assert services.use_counts(session, model, [1, 2, 3]) == {1: 0, 2: 2, 3: 0}
    assert services.refuse_delete(session, session.get(model, 1)) is None
    used = session.get(model, 2)
    problem = services.refuse_delete(session, used)
    assert problem is not None
    assert str(problem.message).startswith(f"« {used.label} » est utilisé : désactivez-le")


def test_every_table_is_used_somewhere() -> None:
    """A table that nothing points at would never be held to "used rows stay"."""
    copied = {EmailTemplate}  # an e-mail begins with its text, and does not point at it
    assert {model for model in LOOKUPS if not queries.using_columns(model)} == copied
    of_events = {EventStatus}  # their uses are shown where events are
    assert {model for model, _used_by in USES} == set(LOOKUPS) - of_events - copied


def test_uses_are_counted_no_further_than_the_cap(
    app: Flask, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("EDF", "Engie", "Total"):
        add_client(app, name, type_id=2)
    monkeypatch.setattr(queries, "USE_CAP", 1)
    assert services.use_counts(request.getfixturevalue("session"), CompanyType, [2]) == {2: 2}


def test_no_rows_have_no_uses(session: Any) -> None:
    assert services.use_counts(session, CompanyType, []) == {}


@pytest.mark.parametrize("typed", ["client", "CLIENT", " Client ", "Cliént", "client…"])
def test_a_label_is_taken_whatever_its_case_and_accents(session: Any, typed: str) -> None:
    row = CompanyType(label=typed)
    problems = services.check_lookup(session, row)
    assert [(found.field, found.level) for found in problems] == [("label", "error")]
    assert str(problems[0].message) == "Le libellé « Client » existe déjà : choisissez-en un autre."


def test_a_label_may_change_its_own_case_and_be_used_in_another_table(session: Any) -> None:
    own = named(session, CompanyType, "Client")
    own.label = "CLIENT"
    assert services.check_lookup(session, own) == []
    assert services.check_lookup(session, Source(label="Prospect")) == []


@pytest.mark.parametrize("model", LOOKUPS)
@pytest.mark.parametrize(
    "broken",
    [{"is_default": True}, {"label_key": "same"}, {"label": " "}, {"is_active": False, "is_default": True}],
    ids=["two defaults", "two labels", "a blank label", "an inactive default"],
)
def test_the_database_refuses_by_itself(session: Any, model: Any, broken: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        session.execute(update(model).values(**broken))


@pytest.mark.parametrize(
    "broken", [{"days": -1}, {"days": 366}, {"day_of_month": 0}, {"day_of_month": 32}, {"end_of_month": "x"}]
)
def test_the_database_holds_the_ranges_of_terms(session: Any, broken: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        session.execute(update(PaymentTerm).values(**broken))


@pytest.mark.parametrize(("model", "used_by"), USES)
def test_a_used_row_cannot_be_deleted_by_sql_either(
    app: Flask, request: pytest.FixtureRequest, model: Any, used_by: Any
) -> None:
    add_client(app, "EDF", **used_by(2))
    session = request.getfixturevalue("session")
    with pytest.raises(IntegrityError):
        session.execute(delete(model).where(model.id == 2))


def test_there_is_one_row_of_settings_and_never_a_second(session: Any) -> None:
    assert services.office(session).id == 1
    columns = {
        column.name: getattr(services.office(session), column.name)
        for column in Base.metadata.tables["office_settings"].columns
    }
    with pytest.raises(IntegrityError):
        session.execute(insert(OfficeSettings).values(columns | {"id": 2}))
