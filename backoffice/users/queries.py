"""Named questions about accounts, sessions and tries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from backoffice.core.audit import Fact
from backoffice.users.models import OpenForm, RecoveryCode, SecondFactor, SignInAttempt, User, UserSession
from backoffice.users.rights import ADMINISTRATEUR


def by_email_key(key: str) -> Select[User]:
    """The account with this folded e-mail."""
    return select(User).where(User.email_key == key)


def unknown_tries() -> Select[datetime]:
    """When somebody tried to log in with an address that nobody has, the last time first."""
    of_nobody = (Fact.entity == User.__tablename__, Fact.entity_id == 0)
    return select(Fact.at).where(*of_nobody).order_by(Fact.id.desc())


def by_uniquifier(uniquifier: str) -> Select[User]:
    """The account that a reset link names."""
    return select(User).where(User.fs_uniquifier == uniquifier)


def anybody() -> Select[bool]:
    """Is there any account?"""
    return select(exists(select(User.id)))


def session_and_user(token_hash: str) -> Select[UserSession, User, bool]:
    """The session of a cookie and whose it is, over or not; has this person a second factor?"""
    return (
        select(UserSession, User, SecondFactor.user_id.is_not(None))
        .join(User, User.id == UserSession.user_id)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .where(UserSession.token_hash == token_hash)
    )


def open_sessions(user_id: int, seen_after: datetime, begun_after: datetime) -> Select[UserSession]:
    """The sessions in which somebody is logged in, the last used first."""
    return (
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.last_seen_at > seen_after,
            UserSession.created_at > begun_after,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        .limit(50)
    )


def active_people() -> Select[User]:
    """Who can be given work or be mentioned, by name."""
    return select(User).where(User.active).order_by(User.name_key, User.id)


def active_administrators() -> Select[int]:
    """Ids of those who can administer, in the order in which their rows are locked."""
    return select(User.id).where(User.role == ADMINISTRATEUR, User.active).order_by(User.id)


def tries(purpose: str, column: Any, value: str, since: datetime) -> Select[int, datetime]:
    """How many tries count for this account or network since a moment, and when the first of them was."""
    return select(func.count(SignInAttempt.id), func.min(SignInAttempt.at)).where(
        column == value,
        SignInAttempt.purpose == purpose,
        SignInAttempt.counts,
        SignInAttempt.at > since,
    )


def unprotected_administrators() -> Select[int]:
    """How many of those who can administer have no second factor."""
    theirs = exists().where(SecondFactor.user_id == User.id)
    return select(func.count(User.id)).where(User.role == ADMINISTRATEUR, User.active, ~theirs)


def second_factor(user_id: int) -> Select[SecondFactor]:
    """The second factor of somebody, if they have one."""
    return select(SecondFactor).where(SecondFactor.user_id == user_id)


def unused_codes(user_id: int) -> Select[RecoveryCode]:
    """The recovery codes that still get somebody in."""
    return select(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))


def codes_left(user_id: int) -> Select[int]:
    """How many recovery codes somebody still has."""
    return select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )


def open_forms(
    kind: str, record_id: int, but: str, user_id: int, heard_after: datetime, opened_after: datetime
) -> Select[User, datetime]:
    """Who edits a record in other windows and since when, the earliest first. One's own count only when heard of:
    without a script nobody knows whether they were left."""
    is_open = or_(OpenForm.seen_at > heard_after, and_(~OpenForm.is_heard, OpenForm.seen_at > opened_after))
    return (
        select(User, OpenForm.opened_at)
        .join(OpenForm, OpenForm.user_id == User.id)
        .join(UserSession, UserSession.id == OpenForm.session_id)
        .where(
            OpenForm.kind == kind,
            OpenForm.record_id == record_id,
            OpenForm.token != but,
            or_(OpenForm.user_id != user_id, OpenForm.is_heard),
            UserSession.ended_at.is_(None),
            is_open,
        )
        .order_by(OpenForm.opened_at, OpenForm.token)
        .limit(50)
    )
