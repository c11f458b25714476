"""`flask search rebuild`: the searchable texts of all records, composed anew."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import delete, func, select

from backoffice.clients.models import Client
from backoffice.clients.search import KIND
from backoffice.core import search_text
from backoffice.core.audit import SYSTEM
from backoffice.core.search_text import SearchText
from backoffice.ops.commands import bar, refuse_old_schema, whole_or_nothing
from backoffice.users.transactions import short_read, short_write

#: Records of each kind that is searched for, and the table that they stand in.
SEARCHED: dict[str, Any] = {KIND: Client}
_BATCH = 1_000


@click.group("search", help="L’index de recherche.")
def search() -> None:
    """The group."""


@search.command(
    "rebuild",
    help="Recompose tous les textes de recherche, lot par lot : on peut travailler pendant ce temps.",
)
@with_appcontext
def rebuild() -> None:
    refuse_old_schema()
    with whole_or_nothing():
        total = sum(_rebuild(kind, model) for kind, model in SEARCHED.items())
    click.echo(f"Textes de recherche recomposés : {total}.")


def _rebuild(kind: str, model: Any) -> int:
    """Compose the texts of one kind, in short transactions by the order of ids, and drop those of nobody."""
    with short_read() as session:
        total = session.scalar(select(func.count()).select_from(model)) or 0
    done, last = 0, 0
    with bar(total, "textes") as progress:
        while ids := _next(kind, model, last):
            done, last = done + len(ids), ids[-1]
            progress.update(len(ids))
    with short_write(SYSTEM, via="command") as session:
        nobody = select(model.id).where(model.id == SearchText.record_id).exists()
        session.execute(delete(SearchText).where(SearchText.kind == kind, ~nobody))
    return done


def _next(kind: str, model: Any, last: int) -> list[int]:
    """Rebuild one batch beyond this id, and return its ids."""
    with short_write(SYSTEM, via="command") as session:
        batch = select(model.id).where(model.id > last).order_by(model.id).limit(_BATCH)
        ids = list(session.scalars(batch.with_for_update()))
        search_text.rebuild(session, kind, ids)
    return ids
