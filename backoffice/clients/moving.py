"""A contact goes to another client and takes its past along. A service that flushes; the edges commit."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from backoffice.clients import queries
from backoffice.clients.models import Client, Contact
from backoffice.clients.services import CHOOSE_ANOTHER_MAIN, is_main
from backoffice.core import audit
from backoffice.core.audit import Actor
from backoffice.core.problems import Problem

CHANGED_SINCE = _("Ce contact a changé de société entre-temps : rien n'a été modifié.")


def move_contact(
    session: Session, contact: Contact, to: Client, by: Actor, instead_of: int | None = None
) -> Problem | None:
    """Move a contact to another client; both keep the trace. `instead_of`, the client it must still be at, says that
    a move is taken back: that is also possible to a client which has become inactive since.
    """
    # Both are locked, in the order of their ids, so that no two moves wait for each other.
    clients = [session.scalar(queries.locked_client(id_)) for id_ in sorted({contact.client_id, to.id})]
    found = session.scalar(queries.fresh_contact(contact.id))
    if found is None or found.client not in clients or instead_of not in (None, found.client_id):
        return Problem("client", CHANGED_SINCE, "warning")
    if to.id == found.client_id:
        return Problem("client", _("Ce contact est déjà chez cette société : choisissez-en une autre."))
    if is_main(found):
        return Problem("client", CHOOSE_ANOTHER_MAIN)
    if not to.is_active and instead_of is None:
        return Problem("client", _("Cette société est inactive : réactivez-la, ou choisissez-en une autre."))
    _move(session, found, to)
    return None


def _move(session: Session, contact: Contact, to: Client) -> None:
    former = contact.client
    contact.client, contact.left_with_client = to, False
    for client in (former, to):
        audit.touch(client)
    session.flush()
    # The contact's own fact stands in the history of the client where it is now.
    audit.record(session, former, "contacts", contact.full_name, None)
