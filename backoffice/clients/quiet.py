"""When something last happened with a client, as its row keeps it: the column, its indexes, and who has gone quiet.

`happening` moves it forward; no form and no person does, so it is no fact of the history and opens no conflict.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Index, text
from sqlalchemy.orm import Mapped, mapped_column

#: After so many days without activity the dashboard names a client.
QUIET_DAYS = 90
#: What a list of clients can be narrowed to.
SPANS: dict[str, Any] = {
    "30": _("30 jours"),
    str(QUIET_DAYS): _("90 jours"),
    "180": _("180 jours"),
    "365": _("1 an"),
}


def _when_created(context: Any) -> datetime:
    """Its creation is the first thing that happens with a client."""
    moment: datetime = context.get_current_parameters()["created_at"]
    return moment


class HasLastActivity:
    """A client that knows when something last happened with it, or will: its next event keeps it from being quiet."""

    #: A row that is added around the models counts as quiet for ever.
    last_activity_at: Mapped[datetime] = mapped_column(
        default=_when_created,
        server_default=text("'1970-01-01 00:00:00'"),
        info={"label": _("Dernière activité"), "audited": False, "kept": True},
    )


def is_quiet(client: Any, since: datetime) -> ColumnElement[bool]:
    """Nothing has happened with this client since then; `client` is the model."""
    quiet: ColumnElement[bool] = client.last_activity_at < since
    return quiet


def indexes(client: Any) -> tuple[Index, ...]:
    """Those who have been quiet for the longest time first, among the active ones and among all."""
    return (
        Index("ix_client_active_quiet", client.is_active, client.last_activity_at, client.id),
        Index("ix_client_last_activity", client.last_activity_at, client.id),
    )
