"""The SQLite database of a test as it was at a moment, to begin from again and again."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from flask import Flask

from backoffice.core.db import db


class Moment:
    """What the database holds when this is made."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app, self._kept = app, folder / "moment.db"
        self._file = Path(str(app.extensions["settings"].database_url.database))
        self._let_go()
        source, target = sqlite3.connect(self._file), sqlite3.connect(self._kept)
        source.backup(target)
        source.close()
        target.close()

    def come_back(self) -> None:
        """Hold it again, whatever has happened since."""
        self._let_go()
        for ending in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self._kept, self._file)

    def _let_go(self) -> None:
        with self._app.app_context():
            db.session.remove()
            db.engine.dispose()
