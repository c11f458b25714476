"""The messages that were kept, as they came, each a file in the data folder. No name comes from outside.

A file is whole on the disk before its row is committed; a row that is not leaves a file that nothing names.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

FOLDER = "mails"
_NAME = re.compile(r"[0-9a-f]{32}\.eml")


def keep(data: Path, raw: bytes) -> str:
    """Write a message, for nobody else to read; returns the name under which it is found."""
    name = f"{secrets.token_hex(16)}.eml"
    path = _path(data, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    try:
        number = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    _settle(path.parent)
    return name


def read(data: Path, name: str | None) -> bytes | None:
    """A message as it came, None when it is not (or no longer) there."""
    if name is None or not _NAME.fullmatch(name):
        return None
    try:
        return _path(data, name).read_bytes()
    except OSError:
        return None


def remove(data: Path, name: str | None) -> None:
    """Forget a message."""
    if name is not None and _NAME.fullmatch(name):
        _path(data, name).unlink(missing_ok=True)


def _path(data: Path, name: str) -> Path:
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / name[:2] / name


def _settle(folder: Path) -> None:
    """The name of a file is on the disk once its folder is."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
