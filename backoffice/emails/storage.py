"""The messages that were kept, as they came, each a file in the data folder. No name comes from outside.

A file is whole on the disk before its row is committed. Until then, and while its row is being deleted, a mark lies
beside it: what a machine leaves behind that dies in between is found by that, and a file that is settled is never
judged by a database that may be another one.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

FOLDER = "mails"
_NAME = re.compile(r"[0-9a-f]{32}\.eml")
#: No request takes so long: what is still not settled then has been left behind.
_LEFT_BEHIND = timedelta(hours=1)


def keep(data: Path, raw: bytes) -> str:
    """Write a message, for nobody else to read; returns the name under which it is found.

    Once its row is committed, `settle` it.
    """
    name = f"{secrets.token_hex(16)}.eml"
    path = _path(data, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside, mark = path.with_suffix(".part"), _mark(path)
    try:
        mark.touch(0o600)
        number = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    except OSError:
        for left in (aside, mark):
            left.unlink(missing_ok=True)
        raise
    _sync(path.parent)
    return name


def settle(data: Path, name: str | None) -> None:
    """Its row is committed: from now on nobody asks whether there is one."""
    if name is not None and _NAME.fullmatch(name):
        _mark(_path(data, name)).unlink(missing_ok=True)


def unsettle(data: Path, name: str | None) -> None:
    """Its row is about to be deleted."""
    if name is not None and _NAME.fullmatch(name) and (path := _path(data, name)).exists():
        _mark(path).touch(0o600)


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
        for path in (_path(data, name), _mark(_path(data, name))):
            path.unlink(missing_ok=True)


def sweep(data: Path, named: Callable[[list[str]], set[str]]) -> int:
    """Settle or remove what machines have left behind that died meanwhile; returns how many messages went.

    `named` says which of these names have a row.
    """
    before = time.time() - _LEFT_BEHIND.total_seconds()
    found = [*(data / FOLDER).glob("*/.*.new"), *(data / FOLDER).glob("*/*.part")]
    names = {f"{path.stem.lstrip('.')}.eml" for path in found if path.stat().st_mtime < before}
    known = named(sorted(names))
    for name in names:
        _path(data, name).with_suffix(".part").unlink(missing_ok=True)
        settle(data, name) if name in known else remove(data, name)
    return len(names - known)


def _mark(path: Path) -> Path:
    return path.with_name(f".{path.stem}.new")


def _path(data: Path, name: str) -> Path:
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / name[:2] / name


def _sync(folder: Path) -> None:
    """The name of a file is on the disk once its folder is."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
