"""What this feature registers."""

from __future__ import annotations

from backoffice.admin.features import Feature

FEATURE = Feature("clients")
