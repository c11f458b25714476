"""The person whose calendar is read."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.clients.cast import browser_of
from tests.web import Browser


@pytest.fixture
def ada(app: Flask) -> Browser:
    return browser_of(app, name="Ada Lovelace")
