"""How changes of events are taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from backoffice.clients import removal
from backoffice.core import undoing
from backoffice.core.problems import Problem, check
from backoffice.core.undoing import Change, Person, Way
from backoffice.events import services
from backoffice.events.models import Event
from backoffice.events.rules import CLEANERS, event_rules


def _may(user: Person, _change: Change, _changes: Sequence[Change], _record: Any) -> bool:
    return user.can("client.write")


def _check(_session: Session, event: Event) -> Iterable[Problem]:
    """One that was removed comes back as it was: who has left since stays where they were chosen."""
    if inspect(event).persistent:
        return services.check_event(event)
    return check(event, event_rules(()), CLEANERS)


EVENT = Way(Event, _may, _check, removal.refusal, always="name", trash=undoing.all_for("client.write"))


def register() -> None:
    """Let them be taken back."""
    undoing.register(EVENT)
