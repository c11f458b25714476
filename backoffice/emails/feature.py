"""What this feature registers."""

from __future__ import annotations

from flask import Flask

from backoffice.admin.features import Feature
from backoffice.emails import models as models


def _init(app: Flask) -> None:
    """Nothing yet."""


FEATURE = Feature("emails", init=_init)
