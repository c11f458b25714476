"""What changes second factors. Everything here flushes and never commits; nothing secret goes into the history."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from backoffice.core.db import now
from backoffice.users import queries
from backoffice.users.models import RecoveryCode, SecondFactor, User
from backoffice.users.services import end_sessions, note
from backoffice.users.totp import HashedCodes


def turn_on(session: Session, user: User, secret: str, step: int, codes: HashedCodes) -> bool:
    """From the next log-in on, a code is asked for; `step` is that of the code just shown. False when it is on."""
    if session.get(SecondFactor, user.id) is not None:
        return False
    session.add(SecondFactor(user_id=user.id, secret=secret, last_counter=step, salt=codes.salt))
    _store(session, user, codes)
    note(session, user, "second_factor", "on")
    return True


def turn_off(session: Session, user: User) -> bool:
    """The password alone is enough again. False when it was."""
    return _forget(session, user, "off")


def take_away(session: Session, user: User) -> bool:
    """An administrator helps who has lost the phone and the codes: their sessions are over as well."""
    gone = _forget(session, user, "removed")
    if gone:
        end_sessions(session, user, "second_factor")
    return gone


def renew_codes(session: Session, user: User, codes: HashedCodes) -> bool:
    """New recovery codes; those before are worth nothing. False when there is no second factor."""
    factor = session.get(SecondFactor, user.id)
    if factor is None:
        return False
    factor.salt = codes.salt
    _store(session, user, codes)
    note(session, user, "recovery_codes", "renewed")
    return True


def use_step(session: Session, user: User, step: int) -> bool:
    """Take a code of the app, once: False when it, or a later one, was taken by whoever was faster."""
    taken: Any = session.execute(
        update(SecondFactor)
        .where(SecondFactor.user_id == user.id, SecondFactor.last_counter < step)
        .values(last_counter=step)
    )
    return int(taken.rowcount) == 1


def use_code(session: Session, user: User, code_hash: str) -> bool:
    """Take a recovery code, once: False when it was taken by whoever was faster."""
    taken: Any = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == code_hash,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
    )
    if taken.rowcount != 1:
        return False
    note(session, user, "recovery_code", "used")
    return True


def codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes somebody still has."""
    return session.scalar(queries.codes_left(user_id)) or 0


def _store(session: Session, user: User, codes: HashedCodes) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.add_all(RecoveryCode(user_id=user.id, code_hash=hashed) for hashed in codes.hashes)
    session.flush()


def _forget(session: Session, user: User, how: str) -> bool:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    gone: Any = session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    if gone.rowcount != 1:
        return False
    note(session, user, "second_factor", how)
    return True
