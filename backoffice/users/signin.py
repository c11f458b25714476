"""Is this the person they say they are? Tries are counted before they are made, the hash is checked outside locks."""

from __future__ import annotations

from flask import current_app, request
from flask_security import hash_password as _hash
from werkzeug.exceptions import TooManyRequests

from backoffice.users import queries, rules, second_factor, services, totp
from backoffice.users.models import User
from backoffice.users.transactions import counted_try, seconds, short_read, short_write


def hash_password(typed: str) -> str:
    """The argon2id hash of a password as somebody typed it. Takes a tenth of a second: hold no lock."""
    return str(_hash(rules.normal_password(typed)))


def sign_in(email: str, password: str, what: str = "sign_in") -> User | None:
    """The person whose e-mail and password these are, else None. Raises TooManyRequests (429).

    `what` is tried, for the history: the log-in, or the change of one's own password.
    """
    account = rules.account_hash(email)
    _count_try("sign_in", account)
    with short_read() as reading:
        user = reading.scalar(queries.by_email_key(rules.login_key(email)))
    accepted = is_password_of(user, password)
    with short_write() as writing:
        if accepted:
            services.forgive_tries(writing, account)
        elif user is not None:
            services.note(writing, user, what, "refused")
        else:
            services.note_unknown_try(writing)
    return user if accepted else None


def _count_try(purpose: str, account: str) -> None:
    try:
        counted_try(purpose, account, rules.network_of(request.remote_addr))
    except services.TooManyTriesError as error:
        raise TooManyRequests(retry_after=seconds(error)) from None


def has_second_factor(user: User) -> bool:
    """Is the password of this person not enough?"""
    with short_read() as session:
        return session.scalar(queries.second_factor(user.id)) is not None


def accept_code(user: User, typed: str) -> bool:
    """Is this a code of this person's app, or a recovery code? Either is taken once. Raises TooManyRequests (429)."""
    account = rules.account_hash(user.email)
    _count_try("code", account)
    with short_read() as session:
        factor = session.scalar(queries.second_factor(user.id))
        hashes = [code.code_hash for code in session.scalars(queries.unused_codes(user.id))]
    if factor is None:
        return True  # turned off in the meantime
    found = totp.find_code(typed, factor.salt, hashes)
    step = totp.time_step(factor.secret, typed, secret_key(), factor.last_counter)
    with short_write(user.actor) as session:
        taken = step is not None and second_factor.use_step(session, user, step)
        taken = taken or (found is not None and second_factor.use_code(session, user, found))
        if taken:
            services.forgive_tries(session, account, "code")
        else:
            services.note(session, user, "second_factor", "refused")
    return taken


def secret_key() -> str:
    """What the secrets of second factors are encrypted under."""
    return str(current_app.secret_key)


def is_password_of(user: User | None, typed: str) -> bool:
    """Does this person get in with this password? Takes equally long for nobody. Hold no lock."""
    password = rules.normal_password(typed)
    if user is None or not user.active or not user.password or len(password) > rules.PASSWORD_MAX:
        _hash(password[: rules.PASSWORD_MAX])
        return False
    return bool(current_app.extensions["security"].pwd_context.verify(password, user.password))
