"""An exception as the log may hold it: where it happened and what it was, without what people typed.

Messages of exceptions quote values ("Key (email)=(…) already exists", "invalid literal: '…'"). The log
must hold no personal data, so only the first line is kept, and what stands in quotes is left out.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_CAUSES = 5
_FRAMES = 30
_MESSAGE_LENGTH = 300
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|«[^»]*»|\([^()]*\)=\([^()]*\)")
_CONSTRAINT = re.compile(r"\W*(uq|ck|fk|pk|ix)_\w+\W*")
_ADDRESS_OR_NUMBER = re.compile(r"\S+@\S+|\d[\d .-]{4,}\d")


def describe(error: BaseException) -> list[dict[str, object]]:
    """The exception and its causes, the outermost first."""
    return [_describe_one(link) for link in _chain(error)]


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    for _ in range(_CAUSES):
        if link is None:
            return
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _describe_one(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "message": scrub(_said(error)),
        "frames": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _said(error: BaseException) -> str:
    """What an exception says. A log must not fail because one cannot be put into words."""
    try:
        return str(error)
    except Exception:
        return ""


def scrub(message: str) -> str:
    """The first line of a message without quoted values, e-mail addresses and long numbers."""
    first = message.strip().partition("\n")[0]
    bare = _QUOTED.sub(lambda found: found[0] if _CONSTRAINT.fullmatch(found[0]) else "…", first)
    return _ADDRESS_OR_NUMBER.sub("…", bare)[:_MESSAGE_LENGTH]


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else "/".join(path.parts[-3:])
