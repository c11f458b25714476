"""Which names of fields a view asks its request for: found by listening, so that a new one is not forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict

_heard: set[str] = set()


class _Listening(ImmutableMultiDict[str, Any]):
    """The fields of a request, which remembers what it was asked for."""

    def __getitem__(self, key: str) -> Any:
        _heard.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        _heard.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, *more: Any, **named: Any) -> Any:
        _heard.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key: str, *more: Any) -> Any:
        _heard.add(key)
        return super().getlist(key, *more)


@contextmanager
def listening(app: Flask) -> Iterator[set[str]]:
    """The names that have been asked for, of whatever requests are made within the block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.request_class, "parameter_storage_class", _Listening)
        _heard.clear()
        yield _heard
