"""What is asked for a calendar: whose address it is, and what stands in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import joinedload

from backoffice.activity.models import Task
from backoffice.agenda.models import CalendarAddress
from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Fact
from backoffice.events.models import MOST_DAYS, Event
from backoffice.users.models import User


def address_of(user_id: int) -> Select[CalendarAddress]:
    """The address of somebody, if they have one."""
    return select(CalendarAddress).where(CalendarAddress.user_id == user_id)


def address_and_user(token_hash: str) -> Select[CalendarAddress, User]:
    """The address with this token and whose it is."""
    return (
        select(CalendarAddress, User)
        .join(User, User.id == CalendarAddress.user_id)
        .where(CalendarAddress.token_hash == token_hash)
    )


def open_tasks(owner_id: int, last: date, most: int) -> Select[Task, datetime]:
    """What somebody has to do up to a day and when it was last changed; of too many those due last."""
    return (
        select(Task, _changed_at(Task))
        .where(
            Task.owner_id == owner_id,
            Task.due_on.is_not(None),
            Task.done_at.is_(None),
            Task.removed_at.is_(None),
            Task.due_on <= last,
        )
        .order_by(Task.due_on.desc(), Task.id.desc())
        .limit(most)
        .options(*_loads(Task), joinedload(Task.event).load_only(Event.name))
    )


def events_between(owner_id: int, first: date, last: date, most: int) -> Select[Event, datetime]:
    """The events that somebody is in charge of and that touch these days, as tasks are given."""
    return (
        select(Event, _changed_at(Event))
        .where(
            Event.owner_id == owner_id,
            Event.starts_on >= first - timedelta(days=MOST_DAYS),
            Event.starts_on <= last,
            Event.ends_on >= first,
        )
        .order_by(Event.starts_on.desc(), Event.id.desc())
        .limit(most)
        .options(*_loads(Event), joinedload(Event.status))
    )


def _changed_at(model: Any) -> ScalarSelect[datetime]:
    """The moment of the newest fact of a record: nothing else knows when it was last changed."""
    newest = select(Fact.at).where(Fact.entity == model.__tablename__, Fact.entity_id == model.id)
    return newest.order_by(Fact.id.desc()).limit(1).correlate(model).scalar_subquery()


def _loads(model: Any) -> tuple[Any, ...]:
    people = (
        Contact.first_name,
        Contact.last_name,
        Contact.email,
        Contact.direct_phone,
        Contact.mobile_phone,
    )
    return (
        joinedload(model.client).load_only(Client.name, Client.country),
        joinedload(model.contact).load_only(*people),
    )
