"""The order in which forms offer the choices of a table. The service flushes; the edges commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from backoffice.core.problems import Rejected
from backoffice.lookups import queries, services


def reorder(session: Session, model: Any, ids: Sequence[int]) -> list[int]:
    """Put the rows in this order, numbered from 1, and return the order before.

    Rows that were added after `ids` were read keep their place at the end. Raises Rejected for ids that are not
    those of the table, each once.
    """
    services.lock(session, model)
    rows = session.scalars(queries.in_order(model)).all()
    former = [row.id for row in rows]
    newest = max(ids, default=0)  # ids are never given twice, so what came later is higher
    wanted = [*ids, *(row_id for row_id in former if row_id > newest)]
    if not ids or sorted(wanted) != sorted(former):
        raise Rejected(
            _("La liste a changé entre-temps : la voici à jour. Vérifiez-la, puis recommencez."), "order"
        )
    by_id = {row.id: row for row in rows}
    for position, row_id in enumerate(wanted, 1):
        by_id[row_id].position = position
    session.flush()
    services.forget_choices(session)
    return former


def moved(ids: Sequence[int], row_id: int | None, step: int) -> list[int]:
    """The ids with one of them a step further down (or up, for -1)."""
    found = list(ids)
    if row_id not in found:
        return found
    at = found.index(row_id)
    to = min(max(at + step, 0), len(found) - 1)
    found.insert(to, found.pop(at))
    return found
