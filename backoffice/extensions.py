"""The extensions of the application, made once and bound to each app in `create_app`."""

from __future__ import annotations

from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
