"""What refuses to let a record be deleted: features whose records hang on a client, a contact… say so here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from backoffice.clients.models import Client, Contact
from backoffice.core.problems import Problem

#: Why a record can't be deleted, None when it can.
Guard = Callable[[Session, Any], Problem | None]

_guards: dict[type[Any], list[Guard]] = defaultdict(list)


def guard(model: type[Any], refuses: Guard) -> None:
    """Ask this before a record of this kind is deleted, however that is done."""
    if refuses not in _guards[model]:
        _guards[model].append(refuses)


def refusal(session: Session, record: Any) -> Problem | None:
    """The first reason why this record can't be deleted."""
    return next(filter(None, (refuses(session, record) for refuses in _guards[type(record)])), None)


def refused_rows(session: Session, client: Client, removed: Iterable[Contact]) -> Iterator[Problem]:
    """Contacts that a form of their client takes away and that can't be deleted."""
    for contact in removed:
        why = refusal(session, contact)
        if why is not None:
            message = _("%(name)s : %(why)s", name=contact.full_name, why=why.message)
            yield Problem("contacts", message, code="contact_kept", subject=client)
