"""The first page after log-in."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView, expose

from backoffice.admin import pager
from backoffice.admin.base import Guarded
from backoffice.admin.formats import start_of, today
from backoffice.clients import queries
from backoffice.core.db import db


def start_of_month() -> datetime:
    """The moment at which this month began, where the office is."""
    return start_of(today().replace(day=1))


class HomeView(Guarded, AdminIndexView):
    """The dashboard: figures that are links, and the way to a new client."""

    rights: ClassVar = {"index": "home.read"}

    @expose("/")
    def index(self) -> ResponseReturnValue:
        session, since = db.session(), start_of_month()
        return self.render(
            "dashboard/index.html",
            active=pager.count(session, queries.active_client_ids()),
            new=pager.count(session, queries.client_ids_created_since(since)),
            since=since,
            latest=session.scalars(queries.latest_clients()).all(),
        )
