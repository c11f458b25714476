"""What tests of accounts share."""

from __future__ import annotations

from functools import partial

import pytest

from backoffice.users import totp


@pytest.fixture(autouse=True)
def cheap_recovery_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recovery codes are hashed as passwords of tests are: by the smallest argon2id, ten at a time."""
    monkeypatch.setattr(totp, "_slow_hash", partial(totp._slow_hash, time_cost=1, memory_cost=8))
