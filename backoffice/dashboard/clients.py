"""What the first page shows of clients: their figures, those opened last, and the records to complete."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from backoffice.admin.formats import show
from backoffice.admin.panels import Figure, Panel, Reading, once_a_page, register
from backoffice.clients import completing
from backoffice.clients.listing import quiet_since
from backoffice.clients.models import Client
from backoffice.clients.quiet import QUIET_DAYS
from backoffice.core.db import db
from backoffice.dashboard import months, queries

#: What is missing, as the panel says it.
MISSING = {
    completing.SIREN: _("Sans SIREN"),
    completing.VAT_NUMBER: _("Sans numéro de TVA"),
    completing.ADDRESS: _("Adresse incomplète"),
}
#: How many of the clients without activity are named.
QUIET_SHOWN = 5


def register_own() -> None:
    """Put the figures and panels of clients on the first page."""
    for figure in (
        Figure("clients.active", 10, _("Clients actifs"), _active, "client.read"),
        Figure("clients.new", 20, _("Nouveaux ce mois-ci"), _new, "client.read"),
        Figure("clients.quiet", 80, _("Sans activité"), _quiet, "client.read"),
        Figure("clients.incomplete", 90, _("Fiches à compléter"), _incomplete, "client.read"),
    ):
        register(figure)
    for panel in (
        Panel("clients.months", 10, "dashboard/months.html", months.chart, "client.read"),
        Panel("clients.opened", 20, "dashboard/opened.html", _opened, "client.read"),
        Panel("clients.quietest", 80, "dashboard/quiet.html", _quietest, "client.read"),
        Panel("clients.lacks", 90, "dashboard/lacks.html", _missing, "client.read", is_beside=True),
    ):
        register(panel)


@once_a_page
def counts() -> dict[str, int]:
    """Clients that are active, those of them that are quiet, and those whose records lack something, and what."""
    asked = queries.client_counts(quiet_since(QUIET_DAYS))
    return dict(db.session.execute(asked).one()._mapping)


@once_a_page
def _all_named() -> list[tuple[str, datetime, Client]]:
    asked = queries.named_clients(current_user.id, quiet_since(QUIET_DAYS), QUIET_SHOWN)
    found = [(row.panel, row.at, row.Client) for row in db.session.execute(asked)]
    return sorted(found, key=lambda row: (row[1], row[2].id))


def named(panel: str) -> list[Client]:
    """The clients that a panel names, from the earliest moment on."""
    return [client for of, _at, client in _all_named() if of == panel]


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


def _quiet() -> Reading:
    note = gettext("depuis %(n)s jours", n=QUIET_DAYS)
    return Reading(up_to(counts()["quiet"], queries.MOST_QUIET), list_of_quiet(), note)


def _quietest() -> dict[str, Any]:
    return {
        "clients": named("quiet"),
        "number": up_to(counts()["quiet"], queries.MOST_QUIET),
        "url": list_of_quiet(),
        "days": QUIET_DAYS,
    }


def _opened() -> dict[str, Any]:
    return {"clients": named("opened")[::-1]}


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


def list_of_quiet() -> str:
    """The list of the clients without activity, those who have been so for the longest time first."""
    return url_for("client.index_view", quiet=QUIET_DAYS, sort="last_activity_at")


def up_to(count: int, most: int) -> str:
    """A count that stopped at a cap, as it is shown."""
    if count <= most:
        return show(count)
    return str(gettext("plus de %(n)s", n=show(most)))
