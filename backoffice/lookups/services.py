"""Keeping lookup tables and settings: what touches more than one row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from backoffice.core.problems import Problem, check
from backoffice.core.text import fold
from backoffice.lookups import queries
from backoffice.lookups.models import OfficeSettings, PaymentTerm
from backoffice.lookups.rules import (
    DEFAULT_INACTIVE,
    LOOKUP_CLEANERS,
    LOOKUP_RULES,
    PAYMENT_TERM_RULES,
    SETTINGS_CLEANERS,
    SETTINGS_RULES,
)

DEFAULT_CHANGED = Problem(
    "is_default", _("Le choix par défaut a changé entre-temps : rien n'a été annulé."), "warning"
)
_CACHE = "lookup_choices"


def choices(session: Any, kind: str) -> Sequence[Any]:
    """All rows of a lookup table in their order, asked once for all tables in a session."""
    if _CACHE not in session.info:
        by_kind: dict[str, list[Any]] = defaultdict(list)
        for row in session.execute(queries.all_choices()):
            by_kind[row.kind].append(row)
        session.info[_CACHE] = by_kind
    found: Sequence[Any] = session.info[_CACHE][kind]
    return found


def forget_choices(session: Any) -> None:
    """Ask for the choices anew the next time: some have changed."""
    session.info.pop(_CACHE, None)


def office(session: Session) -> OfficeSettings:
    """The settings of the office."""
    return session.scalars(queries.office_settings()).one()


def lock(session: Session, model: Any) -> None:
    """Keep the rows of a table from changing until the transaction ends, all of them: a row that becomes the default
    takes the place of another one. Before any of them is read.
    """
    session.scalars(queries.all_locked(model)).all()


def default_of(session: Session, model: Any) -> Any:
    """The default row of a lookup table, None when none is marked."""
    return session.scalar(queries.default_row(model))


def check_lookup(session: Session, row: Any) -> list[Problem]:
    """What is wrong with a row of a lookup table."""
    problems = check(
        row, PAYMENT_TERM_RULES if isinstance(row, PaymentTerm) else LOOKUP_RULES, LOOKUP_CLEANERS
    )
    return [*problems, *_taken_label(session, row)]


def _taken_label(session: Session, row: Any) -> Iterator[Problem]:
    holder = session.scalar(queries.namesake(type(row), row.label_key or "", row.id)) if row.label else None
    if holder is not None:
        yield _taken("label", holder.label)
    english = fold(row.label_en or "")
    for other in session.scalars(queries.other_english_labels(type(row), row.id)) if english else ():
        if fold(other) == english:
            yield _taken("label_en", other)
            return


def _taken(field: str, label: str) -> Problem:
    return Problem(field, _("Le libellé « %(label)s » existe déjà : choisissez-en un autre.", label=label))


def make_default(session: Session, model: Any, row: Any | None) -> None:
    """Make this row (or none) the default of its table. The old one steps back first: the database allows one."""
    current = default_of(session, model)
    if current is row:
        return
    if current is not None:
        current.is_default = False
        session.flush()
    if row is not None:
        row.is_default = True
        session.flush()
    forget_choices(session)


def set_default(
    session: Session, row: Any, is_default: bool, instead_of: int | None = None
) -> Problem | None:
    """Make the row the default of its table, or leave the table without one. Returns why it can't be.

    `instead_of` says which row must still be the default, 0 none.
    """
    former = default_of(session, type(row))
    if instead_of not in (None, former.id if former is not None else 0):
        return DEFAULT_CHANGED
    if is_default and not row.is_active:
        return DEFAULT_INACTIVE
    if is_default or row.is_default:
        make_default(session, type(row), row if is_default else None)
    return None


def switch(session: Session, row: Any, is_active: bool) -> Problem | None:
    """Offer the row in forms, or no longer. Returns why it can't be: the default stays offered."""
    if row.is_default and not is_active:
        return DEFAULT_INACTIVE
    row.is_active = is_active
    session.flush()
    forget_choices(session)
    return None


def use_counts(session: Session, model: Any, ids: Sequence[int]) -> dict[int, int]:
    """In how many records each of these rows is used, no further than the cap."""
    if not ids or not queries.using_columns(model):
        return dict.fromkeys(ids, 0)
    return dict(zip(ids, session.execute(queries.use_counts(model, ids)).one(), strict=True))


def refuse_delete(session: Session, row: Any) -> Problem | None:
    """A row that is used somewhere is deactivated or replaced, never deleted."""
    if use_counts(session, type(row), [row.id])[row.id]:
        return Problem(
            "label",
            _(
                "« %(label)s » est utilisé : désactivez-le, il restera visible là où il sert.",
                label=row.label,
            ),
        )
    return None


def check_settings(settings: OfficeSettings) -> list[Problem]:
    """What is wrong with the settings of the office."""
    return check(settings, SETTINGS_RULES, SETTINGS_CLEANERS)
