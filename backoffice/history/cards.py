"""The tab "Historique" of a client and of a contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user

from backoffice.admin import tabs
from backoffice.admin.tellings import Kind, fields_of, kind_of, kinds
from backoffice.core.db import db
from backoffice.history import queries, reading
from backoffice.history.queries import Narrowing

KEY = "history"
#: After "Activité", and after what other features will put between.
POSITION = 90
_LONGEST_KEY = 60


@dataclass(frozen=True)
class Asked:
    """What of a history is asked for, in the address of the card."""

    about: str = ""
    field: str = ""
    who: int | None = None
    after: str | None = None

    @classmethod
    def read(cls, args: Mapping[str, str], told: list[Kind]) -> Asked:
        """What makes no sense counts as not asked."""
        tables = {kind.table for kind in told}
        about, field = args.get("about", ""), args.get("field", "")
        table, _dot, name = field.partition(".")
        is_known = len(field) <= _LONGEST_KEY and table in tables and name in fields_of(_kind(table))
        return cls(
            about if about in tables else "", field if is_known else "", read_who(args), args.get("after")
        )

    @property
    def narrowing(self) -> Narrowing:
        table, _dot, name = self.field.partition(".")
        return Narrowing(self.who, table or self.about, name)

    @property
    def is_narrowed(self) -> bool:
        return self.narrowing != Narrowing()

    def args(self, **changes: Any) -> dict[str, Any]:
        """What is asked for, in an address."""
        wanted = {"about": self.about, "field": self.field, "who": self.who, **changes}
        return {name: value for name, value in wanted.items() if value not in ("", None)}


def read_who(args: Mapping[str, str]) -> int | None:
    """The person whom an address names, 0 for nobody in particular; None for anybody."""
    typed = args.get("who", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _kind(table: str) -> Any:
    return kind_of(table)


def context(record: Any) -> dict[str, Any]:
    """A page of the history of a client or a contact, and how it can be narrowed."""
    own = (str(record.__tablename__), int(record.id))
    told = [kind for kind in kinds() if own[0] in (kind.table, kind.owner)]
    asked = Asked.read(request.args, told)
    ids = (queries.of_owner if own[0] == _kind(own[0]).owner else queries.of_record)(*own)
    session = db.session()
    narrowed = ids.where(*asked.narrowing.conditions)
    leaf = reading.read(session, narrowed, reading.AS_WRITTEN, asked.after, current_user, own)

    def address(**args: Any) -> str:
        trail: dict[str, Any] = {"in": request.args["in"]} if "in" in request.args else {}
        return url_for(f"{own[0]}.details_view", id=own[1], tab=KEY, **trail, **args)

    return {
        "leaf": leaf,
        "asked": asked,
        "told": told,
        "fields": [(kind, fields_of(kind)) for kind in told],
        "people": list(session.scalars(queries.people())),
        "address": address,
        "here": address(),
        "card": f"{own[0]}-{own[1]}",
    }


def register() -> None:
    """Put the tab on the cards that have a history to show."""
    for of in ("client", "contact"):
        tab = tabs.Tab(KEY, _("Historique"), "history/tab.html", context, position=POSITION)
        tabs.register(of, tab)
