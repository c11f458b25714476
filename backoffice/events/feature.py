"""What this feature registers."""

from __future__ import annotations

from backoffice.admin.features import Feature
from backoffice.events import models  # noqa: F401 - the tables
FEATURE = Feature("events")
