"""Whose card somebody has opened lately: kept beside the page that is read, and left out when others write."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, contains_eager

from backoffice.clients.models import Client, ClientVisit
from backoffice.core.db import insert_into, now
from backoffice.users.transactions import impatient_write

#: How many clients are kept for each person, and how many the dashboard shows.
KEPT, SHOWN = 20, 6
#: A card that is opened again within this time is the same visit.
ONE_VISIT = timedelta(minutes=1)

log = logging.getLogger(__name__)


def opened_lately(user_id: int) -> Select[Client]:
    """The clients whose cards this person has opened last, the last one first, with their main contacts."""
    return (
        select(Client)
        .join(ClientVisit, ClientVisit.client_id == Client.id)
        .join(Client.main_contact)
        .options(contains_eager(Client.main_contact))
        .where(ClientVisit.user_id == user_id)
        .order_by(ClientVisit.at.desc(), Client.id.desc())
        .limit(SHOWN)
    )


def note_opened(reading: Session, user_id: int, client_id: int) -> None:
    """Note that this person opens this client's card. `reading` is the page's own session, which only reads."""
    at = now()
    earlier = _visits(reading, user_id)
    if (last := earlier.get(client_id)) is not None and at - last < ONE_VISIT:
        return
    gone = [] if client_id in earlier else list(earlier)[KEPT - 1 :]
    try:
        with impatient_write() as writing:
            writing.execute(_note(writing, user_id, client_id, at))
            if gone:
                writing.execute(_forget(user_id, gone))
    except DBAPIError:  # the client is just being deleted, somebody else writes, or nobody may write
        log.info("visit not noted")


def _visits(session: Session, user_id: int) -> dict[int, datetime]:
    """When this person has opened which clients, the last one first."""
    found = select(ClientVisit.client_id, ClientVisit.at).where(ClientVisit.user_id == user_id)
    return {row.client_id: row.at for row in session.execute(found.order_by(ClientVisit.at.desc()))}


def _note(writing: Session, user_id: int, client_id: int, at: datetime) -> Any:
    row = insert_into(ClientVisit, writing).values(user_id=user_id, client_id=client_id, at=at)
    key = [ClientVisit.user_id, ClientVisit.client_id]
    return row.on_conflict_do_update(index_elements=key, set_={"at": at})


def _forget(user_id: int, client_ids: list[int]) -> Any:
    return delete(ClientVisit).where(ClientVisit.user_id == user_id, ClientVisit.client_id.in_(client_ids))
