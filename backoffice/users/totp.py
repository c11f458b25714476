"""The arithmetic of the second factor: codes of an app (TOTP, RFC 6238), and recovery codes on paper."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import segno
from argon2.low_level import Type, hash_secret_raw
from passlib.exc import TokenError  # type: ignore[import-untyped]
from passlib.totp import TOTP  # type: ignore[import-untyped]

ISSUER = "Back office"
RECOVERY_CODES = 10

#: A code counts one step (30 seconds) before and after its time: clocks of phones are not ours.
_DRIFT_SECONDS = 30
#: Without what is read wrongly from paper: l, 1, o, 0.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 2, 5

#: The codes hold 50 bits of chance: by NIST SP 800-63B and ASVS 6.5.2 less than 112 need a slow, salted hash.
_slow_hash = partial(
    hash_secret_raw, time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, type=Type.ID
)


@dataclass(frozen=True)
class Invitation:
    """What an app needs to make codes: as a picture, and as text to type."""

    picture: str
    typed: str


@dataclass(frozen=True)
class HashedCodes:
    """Recovery codes as they are stored."""

    salt: str
    hashes: tuple[str, ...]


def new_secret(key: str) -> str:
    """A secret for one person, encrypted under the secret key of the installation."""
    return str(_apps(key).new().to_json())


def invitation(secret: str, email: str, key: str) -> Invitation:
    """How an app learns the secret."""
    totp = _apps(key).from_json(secret)
    address = totp.to_uri(label=email.replace(":", ""))
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, light="#fff")
    return Invitation(picture, totp.pretty_key(sep=" "))


def time_step(secret: str, typed: str, key: str, last: int | None = None) -> int | None:
    """The time step of a code that is right now, None for any other; `last` is the step of the last one taken."""
    try:
        match = _apps(key).from_json(secret).match(typed, window=_DRIFT_SECONDS, last_counter=last)
    except TokenError:
        return None
    return int(match.counter)


def _apps(key: str) -> Any:
    return TOTP.using(secrets={"1": f"second factor:{key}"}, issuer=ISSUER)


def new_recovery_codes() -> list[str]:
    """Codes for a sheet of paper."""
    return ["-".join(_group() for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES)]


def _group() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_GROUP))


def hash_codes(codes: Iterable[str]) -> HashedCodes:
    """What is stored of recovery codes. Takes a quarter of a second for ten: hold no lock."""
    salt = secrets.token_hex(16)
    return HashedCodes(salt, tuple(_hash(code, salt) for code in codes))


def find_code(typed: str, salt: str, hashes: Iterable[str]) -> str | None:
    """The hash of the recovery code that was typed, None when it is none of these. Hold no lock."""
    if not looks_like_recovery_code(typed):
        return None
    hashed = _hash(typed, salt)
    return next((known for known in hashes if hmac.compare_digest(known, hashed)), None)


def looks_like_recovery_code(typed: str) -> bool:
    """Was a recovery code meant, and no code of the app?"""
    return len(_plain(typed)) == _GROUPS * _GROUP


def _hash(code: str, salt: str) -> str:
    return _slow_hash(_plain(code).encode(), bytes.fromhex(salt)).hex()


def _plain(typed: str) -> str:
    return "".join(character for character in typed[:100].lower() if character in _LETTERS)
