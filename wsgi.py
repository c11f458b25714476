"""The application, as `flask` and any WSGI server find it by themselves."""

from __future__ import annotations

from backoffice import create_app
from config import SettingsError

try:
    app = create_app()
except SettingsError as wrong:
    raise SystemExit(f"{wrong}") from None  # one sentence on stderr, exit status 1
