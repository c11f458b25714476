"""What changes accounts, sessions and counted tries. Everything here flushes and never commits."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backoffice.core import audit
from backoffice.core.db import now
from backoffice.core.problems import Problem, RecordRef, Rejected, check
from backoffice.users import queries, rules
from backoffice.users.models import (
    SetupLink,
    SignInAttempt,
    User,
    UserSession,
    new_uniquifier,
)
from backoffice.users.rights import ADMINISTRATEUR

#: Who acts before anybody has logged in.
VISITOR = audit.Actor(None, "visiteur")


class _Nobody:
    """In whose place the history notes what was tried with an address that nobody has."""

    __tablename__ = User.__tablename__
    id = 0


_MOST_UNKNOWN_TRIES = 60
#: Of tries only the last quarter of an hour counts.
KEEP_TRIES = timedelta(days=1)


class TooManyTriesError(Exception):
    """The limit of tries is reached; `wait` says for how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many tries")
        self.wait = wait


# ------------------------------------------------------------------------------------------ tries


def waiting_time(
    session: Session, purpose: str, account: str, network: str, allowed: int = 0
) -> timedelta | None:
    """How long to wait before the next try, None when there is none to wait for.

    `allowed` is 1 for somebody whose own try is already among those counted.
    """
    limit, at = rules.LIMITS[purpose], now()
    for column, value, most in (
        (SignInAttempt.account, account, limit.per_account),
        (SignInAttempt.network, network, limit.per_network),
    ):
        found, first = session.execute(queries.tries(purpose, column, value, at - limit.window)).one()
        if found >= most + allowed:
            return max(first + limit.window - at, timedelta(seconds=1))
    return None


def count_try(session: Session, purpose: str, account: str, network: str) -> int:
    """Count a try before it is made: of many at once, none is made that the others do not see."""
    attempt = SignInAttempt(purpose=purpose, account=account, network=network)
    session.add(attempt)
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now() - KEEP_TRIES))
    session.flush()
    return attempt.id


def forget_try(session: Session, attempt_id: int) -> None:
    """A try that was refused before it was made does not prolong the wait."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))


def forgive_tries(session: Session, account: str, purpose: str = "sign_in") -> None:
    """Somebody got it right: what they mistyped before counts no more."""
    session.execute(
        update(SignInAttempt)
        .where(SignInAttempt.account == account, SignInAttempt.purpose == purpose, SignInAttempt.counts)
        .values(counts=False)
    )


def note(session: Session, user: User, what: str, how: str) -> None:
    """A fact that changes no field: a log-in, a refused try, a log-out, a reset link."""
    audit.record(session, user, what, None, how, operation="note")


def note_unknown_try(session: Session) -> None:
    """A try with an address that nobody has: not with what was typed, and so many an hour that no disk fills."""
    earlier = session.scalar(queries.unknown_tries().offset(_MOST_UNKNOWN_TRIES - 1).limit(1))
    if earlier is None or earlier < now() - timedelta(hours=1):
        audit.record(session, _Nobody, "sign_in", None, "unknown", operation="note")


# --------------------------------------------------------------------------------------- sessions


def open_session(session: Session, user: User, user_agent: str, address: str) -> str:
    """Begin a session; the token returned is shown to the browser only."""
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_hash=rules.token_hash(token),
            user_id=user.id,
            user_agent=user_agent[:200].replace("\x00", ""),
            address=address[:64],
        )
    )
    session.execute(update(User).where(User.id == user.id).values(last_seen_at=now()))
    session.flush()
    return token


def end_session(session: Session, user: User, session_id: int, reason: str) -> bool:
    """End one session of this person; False when they have no such open session."""
    ended = _end(session, reason, UserSession.user_id == user.id, UserSession.id == session_id) > 0
    if ended:
        note(session, user, "session", reason)
    return ended


def end_sessions(session: Session, user: User, reason: str, but: int | None = None) -> int:
    """End the sessions of this person, all or all but one; how many there were."""
    conditions: list[Any] = [UserSession.user_id == user.id]
    if but is not None:
        conditions.append(UserSession.id != but)
    ended = _end(session, reason, *conditions)
    if ended:
        note(session, user, "session", reason)
    return ended


def _end(session: Session, reason: str, *conditions: Any) -> int:
    result: Any = session.execute(
        update(UserSession)
        .where(UserSession.ended_at.is_(None), *conditions)
        .values(ended_at=now(), ended_reason=reason)
    )
    return int(result.rowcount)


def touch(session: Session, session_id: int, user_id: int, at: datetime) -> None:
    """Somebody was here."""
    session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.last_seen_at < at)
        .values(last_seen_at=at)
    )
    session.execute(update(User).where(User.id == user_id).values(last_seen_at=at))


# --------------------------------------------------------------------------------------- accounts


@dataclass(frozen=True)
class NewUser:
    """What a new account is made from."""

    email: str
    role: str
    first_name: str | None = None
    last_name: str | None = None
    password_hash: str | None = None
    locale: str = "fr"


def create_user(session: Session, new: NewUser) -> User:
    """Make an account. Raises Rejected with the first sentence of what is wrong with it."""
    user = User(
        email=new.email,
        role=new.role,
        first_name=new.first_name,
        last_name=new.last_name,
        password=new.password_hash,
        locale=new.locale,
        active=True,
    )
    for problem in check_user(session, user):
        raise Rejected(problem.message, problem.code)
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else was faster than our look
        raise Rejected(rules.taken_email(user.email), "email_taken") from error
    return user


def check_user(session: Session, user: User) -> list[Problem]:
    """Clean an account in place and say what is wrong with it. Call it before anything of it is flushed."""
    problems = check(user, rules.USER_RULES, rules.USER_CLEANERS)
    with session.no_autoflush:
        if not any(problem.field == "email" for problem in problems):
            other = session.scalar(queries.by_email_key(user.email_key))
            if other is not None and other is not user:
                owner = RecordRef("user", other.id, other.name)
                message = rules.taken_email(user.email)
                problems.append(Problem("email", message, code="email_taken", subject=user, record=owner))
        problems.extend(_last_administrator(session, user))
    return problems


def _last_administrator(session: Session, user: User) -> Iterator[Problem]:
    """Refuse what would leave nobody to administer."""
    if user.id is None or (user.active and user.role == ADMINISTRATEUR):
        return
    if lock_administrators(session) == [user.id]:
        message = _("C’est le dernier administrateur actif : nommez d’abord un autre administrateur.")
        field = "role" if user.active else "active"
        yield Problem(field, message, code="last_administrator", subject=user)


def lock_administrators(session: Session) -> list[int]:
    """The active administrators as they are stored, locked until the transaction ends.

    All rows in one order, so that two who demote each other at once are told apart: the second sees what the first
    has left. Before any other row of an account is locked.
    """
    return list(session.scalars(queries.active_administrators().with_for_update()))


def lock_user(session: Session, user_id: int) -> User:
    """Somebody's account as it is stored, locked until the transaction ends."""
    return session.get_one(User, user_id, with_for_update=True, populate_existing=True)


def set_password(session: Session, user: User, password_hash: str, reason: str) -> None:
    """Give somebody a new password; their sessions and reset links are over. `reason`: "changed" or "reset"."""
    user.password = password_hash
    user.fs_uniquifier = new_uniquifier()
    session.flush()
    note(session, user, "password", reason)


def set_active(session: Session, user: User, active: bool) -> list[Problem]:
    """Let somebody in again, or no longer; their sessions are then over. What is wrong with it, if anything."""
    user.active = active
    with session.no_autoflush:
        problems = list(_last_administrator(session, user))
    if not problems:
        session.flush()
    return problems


def keep_preference(session: Session, user_id: int, name: str, value: Any) -> dict[str, Any]:
    """Keep a choice of somebody, None to forget it; all their choices. No new version of the account, and no fact."""
    if not rules.is_preference(name, value):
        raise ValueError(f"no such preference: {name}")
    row = select(User.preferences).where(User.id == user_id).with_for_update()
    chosen = {**(session.scalar(row) or {}), name: value}
    if value is None:
        del chosen[name]
    session.execute(update(User).where(User.id == user_id).values(preferences=chosen))
    return chosen


# -------------------------------------------------------------------------------------- first use


def new_setup_link(session: Session) -> str | None:
    """The token of the link that makes the first administrator, replacing any before; None when there are accounts."""
    if session.scalar(queries.anybody()):
        return None
    token = secrets.token_urlsafe(32)
    session.merge(SetupLink(id=1, token_hash=rules.token_hash(token), created_at=now()))
    session.flush()
    return token


def is_setup_token(session: Session, token: str) -> bool:
    """Is this the token of the link that is valid now?"""
    link = session.get(SetupLink, 1)
    return link is not None and secrets.compare_digest(link.token_hash, rules.token_hash(token))


def use_setup_link(session: Session, token: str, make: Callable[[], User]) -> User | None:
    """Make the first administrator, once: None when the link is false or was used, by whoever was faster."""
    used: Any = session.execute(
        delete(SetupLink).where(SetupLink.id == 1, SetupLink.token_hash == rules.token_hash(token))
    )
    if used.rowcount != 1 or session.scalar(queries.anybody()):
        return None
    return make()
