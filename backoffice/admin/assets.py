"""What is sent to the browser: files of our own, whose address changes with their content, so that they may be kept
for a year, and pages without the indentation of their templates.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, request
from jinja2.ext import Extension

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Lean(Extension):
    """Templates are indented for who reads them; a tenth of a page would be their blanks. Values keep theirs."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _INDENTATION.sub("", source) if name and name.endswith(".html") else source


def asset(name: str) -> str:
    """The address of a file in the static folder. Raises FileNotFoundError for one that is not there."""
    path = Path(str(current_app.static_folder), name)
    # Not url_for: an error page is also shown for a host that no address can be built on.
    return f"{request.script_root}{current_app.static_url_path}/{name}?v={_digest(path, path.stat().st_mtime_ns)}"


@lru_cache(maxsize=128)
def _digest(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def init_app(app: Flask) -> None:
    """Offer `asset` to the templates, and make their pages light."""
    app.jinja_env.add_extension(Lean)
    app.jinja_env.globals["asset"] = asset
