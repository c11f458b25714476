"""The first page after log-in."""

from __future__ import annotations

from typing import ClassVar

from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView, expose

from backoffice.admin import panels
from backoffice.admin.base import Guarded
from backoffice.admin.formats import in_words, today
from backoffice.dashboard.clients import is_new_product


class HomeView(Guarded, AdminIndexView):
    """The dashboard: figures that are links, and what a day begins with."""

    rights: ClassVar = {"index": "home.read"}

    @expose("/")
    def index(self) -> ResponseReturnValue:
        day = in_words(today(), "EEEE d MMMM y")
        if is_new_product():
            return self.render("dashboard/first_steps.html", day=day)
        return self.render(
            "dashboard/index.html",
            day=day,
            figures=[(figure, figure.read()) for figure in panels.figures()],
            columns=[
                [(panel, panel.context()) for panel in panels.panels(is_beside)]
                for is_beside in (False, True)
            ],
        )
