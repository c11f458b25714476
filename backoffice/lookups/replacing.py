"""Putting one choice in the place of another, everywhere at once.

Set-based, since a choice may stand in hundreds of thousands of records: no record is loaded. The trace is
written here, record by record as the session's own listener would, and the versions move, so that forms opened
before are told.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, inspect, select, update
from sqlalchemy.orm import Session

from backoffice.core import audit
from backoffice.core.db import Base, Versioned
from backoffice.core.problems import Rejected
from backoffice.lookups import queries, services


def uses(session: Session, row: Any) -> int:
    """In how many records the row stands: all of them, since one decides on this figure."""
    counts = [
        select(func.count()).select_from(column.table).where(column == row.id).scalar_subquery()
        for column in queries.using_columns(type(row))
    ]
    return sum(session.execute(select(*counts)).one()) if counts else 0


def replace(
    session: Session, model: Any, old_id: int, new_id: int | None, deactivate: bool
) -> tuple[int, Any]:
    """Put a row in the place of another in every record and, where it was the default, as the default.

    Returns how many records changed, and what they hold now. Raises Rejected for a row that can't be chosen.
    """
    columns = queries.using_columns(model)
    # Owners before choices: whoever saves a client holds it by the time his contacts take their choices.
    for column in columns:
        _lock_owners(session, column, old_id)
    # While it is locked no record can come to point at the old one, so none is left over. The new one may be
    # chosen meanwhile: whoever puts it into a record that is still to change would wait for us, and we for them.
    locked = {
        row_id: session.scalar(queries.locked(model, row_id, may_be_chosen=row_id != old_id))
        for row_id in sorted({old_id, new_id or 0})
    }
    old, new = locked[old_id], locked[new_id or 0]
    if old is None or new is None or new is old or not new.is_active:
        raise Rejected(_("Choisissez dans la liste le choix à mettre à la place."), "replacement")
    changed = sum(_replace_in(session, column, old_id, new_id) for column in columns)
    if old.is_default:
        services.make_default(session, model, new)
    if deactivate:
        old.is_active = False
    session.flush()
    services.forget_choices(session)
    return changed, new


def _replace_in(session: Session, column: Any, old_id: int, new_id: int | None) -> int:
    model, where = _model_of(column.table.name), column == old_id
    prop = inspect(model).get_property_by_column(column)
    _raise_versions_of_owners(session, model, where)
    if model.__audited__ and column.info.get("audited", True):
        audit.record_all(session, model, where, prop.key, old_id, new_id)
    values = {column.name: new_id}
    if issubclass(model, Versioned):
        values["version"] = column.table.c.version + 1
    changed: int = session.execute(update(column.table).where(where).values(values)).rowcount  # type: ignore[attr-defined]
    return changed


def _raise_versions_of_owners(session: Session, model: Any, where: Any) -> None:
    """A contact is edited on its client's form as well: that form, too, is an old one now."""
    table, owned = _owners(model, where)
    if table is not None:
        session.execute(update(table).where(owned).values(version=table.c.version + 1))


def _lock_owners(session: Session, column: Any, old_id: int) -> None:
    table, owned = _owners(_model_of(column.table.name), column == old_id)
    if table is not None:
        rows = select(table.c.id).where(owned).order_by(table.c.id).with_for_update(key_share=True)
        session.execute(select(func.count()).select_from(rows.subquery()))


def _owners(model: Any, where: Any) -> tuple[Any, Any]:
    """The table of the records on whose forms these are edited too, and which of them; None when they have none."""
    owner_table, owner_ids = audit.owner_of(model)
    owner = _model_of(owner_table)
    if owner is model or not issubclass(owner, Versioned):
        return None, None
    table = Base.metadata.tables[owner_table]
    return table, table.c.id.in_(select(owner_ids).where(where))


def _model_of(table: str) -> Any:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ == table)
