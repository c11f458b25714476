"""What the first page shows of clients: their figures, those opened last, and the records to complete."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from backoffice.admin.formats import show
from backoffice.admin.panels import Figure, Panel, Reading, once_a_page, register
from backoffice.clients import completing, visits
from backoffice.core.db import db
from backoffice.dashboard import months, queries

#: What is missing, as the panel says it.
MISSING = {
    completing.SIREN: _("Sans SIREN"),
    completing.VAT_NUMBER: _("Sans numéro de TVA"),
    completing.ADDRESS: _("Adresse incomplète"),
}


def register_own() -> None:
    """Put the figures and panels of clients on the first page."""
    for figure in (
        Figure("clients.active", 10, _("Clients actifs"), _active, "client.read"),
        Figure("clients.new", 20, _("Nouveaux ce mois-ci"), _new, "client.read"),
        Figure("clients.incomplete", 90, _("Fiches à compléter"), _incomplete, "client.read"),
    ):
        register(figure)
    for panel in (
        Panel("clients.months", 10, "dashboard/months.html", months.chart, "client.read"),
        Panel("clients.opened", 20, "dashboard/opened.html", _opened, "client.read"),
        Panel("clients.lacks", 90, "dashboard/lacks.html", _missing, "client.read", is_beside=True),
    ):
        register(panel)


@once_a_page
def counts() -> dict[str, int]:
    """Clients that are active, and those of them whose records lack something, and what."""
    return dict(db.session.execute(queries.client_counts()).one()._mapping)


def is_new_product() -> bool:
    """Is there no client at all, inactive ones included?"""
    return not counts()["active"] and db.session.scalar(queries.any_client()) is None


def _active() -> Reading:
    new = months.last_months()[-1].count
    note = ngettext("%(n)s nouveau ce mois", "%(n)s nouveaux ce mois", new, n=show(new))
    return Reading(
        up_to(counts()["active"], queries.MOST_CLIENTS), url_for("client.index_view"), note if new else ""
    )


def _new() -> Reading:
    this, before = months.last_months()[-1], months.last_months()[-2]
    note = gettext("%(n)s en %(month)s", n=show(before.count), month=before.name)
    return Reading(show(this.count), months.created_between(this.first.isoformat()), note)


def _incomplete() -> Reading:
    value = up_to(counts()["any"], queries.MOST_INCOMPLETE)
    return Reading(value, list_of("any"), _("SIREN, TVA ou adresse"))


def _opened() -> dict[str, Any]:
    return {"clients": db.session.scalars(visits.opened_lately(current_user.id)).all()}


def _missing() -> dict[str, Any]:
    found = [
        (label, up_to(counts()[kind], queries.MOST_INCOMPLETE), list_of(kind))
        for kind, label in MISSING.items()
        if counts()[kind]
    ]
    return {"missing": found, "any": up_to(counts()["any"], queries.MOST_INCOMPLETE)}


def list_of(kind: str) -> str:
    """The list of the records that lack this."""
    return url_for("client.index_view", lacks=kind)


def up_to(count: int, most: int) -> str:
    """A count that stopped at a cap, as it is shown."""
    if count <= most:
        return show(count)
    return str(gettext("plus de %(n)s", n=show(most)))
