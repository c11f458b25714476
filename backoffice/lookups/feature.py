"""What this feature registers."""

from __future__ import annotations

from functools import partial

from flask import Flask

from backoffice.admin.features import Feature
from backoffice.admin.fields import OFFERS
from backoffice.lookups.acts import offer
from backoffice.lookups.admin import views
from backoffice.lookups.models import LOOKUPS


def _init(app: Flask) -> None:
    OFFERS.update({model: partial(offer, model) for model in LOOKUPS})


FEATURE = Feature("lookups", views=views, init=_init)
