"""How the history tells of e-mails: as of other entries, by their subjects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import func

from backoffice.activity.models import Entry
from backoffice.activity.tellings import ENTRY
from backoffice.admin.tellings import tell_of
from backoffice.emails import shown

# Asked of the models, an entry would be of one kind alone.
_TABLE: Any = Entry.__table__


def register() -> None:
    """Tell of them beside the entries whose table they share."""
    kind = replace(
        ENTRY,
        named=lambda: func.coalesce(func.nullif(_TABLE.c.subject, ""), ENTRY.named()),
        name_fields=("subject", *ENTRY.name_fields),
        shows={**ENTRY.shows, "failure": shown.failure},
    )
    tell_of(kind)
