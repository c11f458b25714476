"""What this feature registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from backoffice.activity.shown import Kind, register_kind
from backoffice.admin.features import Feature
from backoffice.emails import models as models


def _init(app: Flask) -> None:
    register_kind("email", Kind(_("E-mail"), _("E-mails"), "✉", right=None))


FEATURE = Feature("emails", init=_init)
