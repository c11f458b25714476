"""Files of our own for the browser: their address changes with their content, so they may be kept for a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, request


def asset(name: str) -> str:
    """The address of a file in the static folder. Raises FileNotFoundError for one that is not there."""
    path = Path(str(current_app.static_folder), name)
    # Not url_for: an error page is also shown for a host that no address can be built on.
    return f"{request.script_root}{current_app.static_url_path}/{name}?v={_digest(path, path.stat().st_mtime_ns)}"


@lru_cache(maxsize=128)
def _digest(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def init_app(app: Flask) -> None:
    """Offer `asset` to the templates."""
    app.jinja_env.globals["asset"] = asset
