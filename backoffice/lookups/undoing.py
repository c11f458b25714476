"""How changes of the tables of choices and of the settings are taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from backoffice.core import undoing
from backoffice.core.audit import Actor
from backoffice.core.problems import Problem
from backoffice.core.undoing import Change, Person, Way
from backoffice.lookups import services
from backoffice.lookups.models import LOOKUPS, OfficeSettings

#: The rules that a screen asks of a row.
Check = Callable[[Session, Any], Iterable[Problem]]
_NO_LONGER_DEFAULT = _("Un autre choix est proposé par défaut maintenant : il le reste.")


def _may_keep(user: Person, _change: Change, _changes: Sequence[Change], _record: Any) -> bool:
    return user.can("lookup.write")


def _may_set(user: Person, _change: Change, _changes: Sequence[Change], _record: Any) -> bool:
    return user.can("settings.write")


def _set_default(session: Session, row: Any, is_default: Any, _by: Actor) -> None:
    if is_default or row.is_default:
        services.make_default(session, type(row), row if is_default else None)


def _settle(session: Session, _row: Any) -> None:
    services.forget_choices(session)


def _check_settings(_session: Session, settings: OfficeSettings) -> Iterable[Problem]:
    return services.check_settings(settings)


def _as_before(check: Check) -> Check:
    """What the screens ask; and of a row that was the default when it was removed, whether another one is by now."""

    def checked(session: Session, row: Any) -> Iterable[Problem]:
        yield from check(session, row)
        if row.is_default and not inspect(row).persistent and services.default_of(session, type(row)):
            row.is_default = False
            yield Problem("is_default", _NO_LONGER_DEFAULT, "warning", subject=row)

    return checked


def choices(model: Any, check: Check = services.check_lookup) -> Way:
    """How the rows of a table of choices are taken back; `check` is what its screen asks."""
    return Way(
        model,
        _may_keep,
        _as_before(check),
        services.refuse_delete,
        sets={"is_default": _set_default},
        settle=_settle,
        always="label",
        trash=undoing.all_for("lookup.write"),
    )


def register() -> None:
    """Let every table of choices be taken back, those of other features too that have not said how."""
    for model in LOOKUPS:
        if undoing.way_of(model.__tablename__) is None:
            undoing.register(choices(model))
    undoing.register(Way(OfficeSettings, _may_set, _check_settings))
