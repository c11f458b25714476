"""What this feature registers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from backoffice.admin.features import Feature
from backoffice.dashboard.admin import HomeView

FEATURE = Feature("dashboard", home=lambda: HomeView(name=_("Tableau de bord"), url="/"))
