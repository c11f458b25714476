"""race: one kind of race, on a fresh database, on each engine."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.races.rounds import Race
from tests.smtp import post

__all__ = ["post"]


@pytest.fixture
def race(app: Flask, engine: str, monkeypatch: pytest.MonkeyPatch) -> Race:
    return Race(app, engine, monkeypatch)
