"""Is this the person they say they are? Tries are counted before they are made, the hash is checked outside locks."""

from __future__ import annotations

from flask import current_app, request
from flask_security import hash_password as _hash
from werkzeug.exceptions import TooManyRequests

from backoffice.users import queries, rules, services
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
    try:
        counted_try("sign_in", account, rules.network_of(request.remote_addr))
    except services.TooManyTriesError as error:
        raise TooManyRequests(retry_after=seconds(error)) from None
    with short_read() as reading:
        user = reading.scalar(queries.by_email_key(rules.login_key(email)))
    accepted = is_password_of(user, password)
    with short_write() as writing:
        if accepted:
            services.forgive_tries(writing, account)
        elif user is not None:
            services.note(writing, user, what, "refused")
    return user if accepted else None


def is_password_of(user: User | None, typed: str) -> bool:
    """Does this person get in with this password? Takes equally long for nobody. Hold no lock."""
    password = rules.normal_password(typed)
    if user is None or not user.active or not user.password or len(password) > rules.PASSWORD_MAX:
        _hash(password[: rules.PASSWORD_MAX])
        return False
    return bool(current_app.extensions["security"].pwd_context.verify(password, user.password))
