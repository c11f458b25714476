"""The files of the data folder that a backup holds: whatever lies there and is not made anew or kept apart."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from backoffice.emails import storage
from backoffice.ops.worker import QUEUE_FILE
from config import SECRET_FILE, Settings


def documents(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Each with its path below the data folder. Databases, the key and what is only being written are none."""
    folder = settings.data_dir
    apart = {folder / SECRET_FILE, *_with_journals(folder / QUEUE_FILE)}
    if settings.database_url.drivername == "sqlite":
        apart |= _with_journals(Path(str(settings.database_url.database)))
    seen: set[tuple[int, int]] = set()
    for root, folders, files in os.walk(folder, followlinks=True):  # documents may lie on a disk of their own
        about = Path(root).stat()
        if (about.st_dev, about.st_ino) in seen:
            folders.clear()
            continue
        seen.add((about.st_dev, about.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(root, name)
            if not name.startswith(".") and path.suffix != ".part" and path not in apart and path.is_file():
                yield path.relative_to(folder).as_posix(), path


def _with_journals(file: Path) -> set[Path]:
    return {file.with_name(file.name + ending) for ending in ("", "-wal", "-shm", "-journal")}


def named(connection: Connection) -> Iterator[str]:
    """The documents that records name, each as its path below the data folder."""
    inspector = inspect(connection)
    if not inspector.has_table("entry") or "raw_name" not in {
        c["name"] for c in inspector.get_columns("entry")
    }:
        return  # a schema older than e-mails
    names = text("SELECT raw_name FROM entry WHERE raw_name IS NOT NULL").execution_options(yield_per=1_000)
    for name in connection.scalars(names):
        yield f"{storage.FOLDER}/{name[:2]}/{name}"
