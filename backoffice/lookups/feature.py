"""What this feature registers."""

from __future__ import annotations

from functools import partial

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.admin.features import Feature
from backoffice.admin.fields import OFFERS
from backoffice.admin.help import explain
from backoffice.lookups import tellings, undoing
from backoffice.lookups.acts import offer
from backoffice.lookups.admin import views
from backoffice.lookups.models import LOOKUPS


def _init(app: Flask) -> None:
    _explain()
    tellings.register()
    undoing.register()
    OFFERS.update({model: partial(offer, model) for model in LOOKUPS})


def _explain() -> None:
    keep = "lookup.write"
    lists = ("companytype", "language", "source", "civility")
    explain("lookups/help/lookups", _("Listes de choix"), keep, *lists)
    explain("lookups/help/payment_terms", _("Délais de paiement"), keep, "paymentterm")
    explain("lookups/help/settings", _("Réglages"), "settings.write", "settings")


FEATURE = Feature("lookups", views=views, init=_init)
