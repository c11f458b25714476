"""What refuses to let a record be deleted: features whose records hang on a client, a contact… say so here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.clients.models import Client, Contact
from backoffice.core.problems import Message, Problem

#: From a record to a query of what hangs on it.
Hanging = Callable[[Any], Select[Any]]

_guards: dict[type[Any], dict[Hanging, Message]] = defaultdict(dict)


def guard(model: type[Any], hanging: Hanging, sentence: Message) -> None:
    """A record of this kind is not deleted, however that is done, while this query finds anything."""
    _guards[model][hanging] = sentence


def refusal(session: Session, record: Any) -> Problem | None:
    """The first reason why this record can't be deleted: all of them are asked for in one query."""
    guards = _guards[type(record)]
    if not guards:
        return None
    found = session.execute(select(*(hanging(record).exists() for hanging in guards))).one()
    sentence = next(
        (sentence for is_there, sentence in zip(found, guards.values(), strict=True) if is_there), None
    )
    return Problem("id", sentence, code="hanging") if sentence is not None else None


def refused_rows(session: Session, client: Client, removed: Iterable[Contact]) -> Iterator[Problem]:
    """Contacts that a form of their client takes away and that can't be deleted."""
    for contact in removed:
        why = refusal(session, contact)
        if why is not None:
            message = _("%(name)s : %(why)s", name=contact.full_name, why=why.message)
            yield Problem("contacts", message, code="contact_kept", subject=client)
