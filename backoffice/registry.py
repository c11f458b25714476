"""The composition root: the ordered list of features. A new feature is its folder and one line here."""

from __future__ import annotations

from backoffice.activity import feature as activity
from backoffice.admin.features import Feature
from backoffice.agenda import feature as agenda
from backoffice.clients import feature as clients
from backoffice.dashboard import feature as dashboard
from backoffice.emails import feature as emails
from backoffice.events import feature as events
from backoffice.history import feature as history
from backoffice.lookups import feature as lookups
from backoffice.ops import feature as ops
from backoffice.search import feature as search
from backoffice.users import feature as users

FEATURES: tuple[Feature, ...] = (
    dashboard.FEATURE,
    clients.FEATURE,
    events.FEATURE,
    activity.FEATURE,
    emails.FEATURE,
    agenda.FEATURE,
    lookups.FEATURE,
    users.FEATURE,
    history.FEATURE,
    search.FEATURE,
    ops.FEATURE,
)
