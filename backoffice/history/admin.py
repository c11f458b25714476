"""The journal: every fact of every record, for administrators. It is read here, and can be edited nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from flask import request
from flask_admin import expose
from flask_babel import lazy_gettext as _
from flask_login import current_user

from backoffice.admin.base import Guarded
from backoffice.admin.formats import start_of
from backoffice.admin.quantities import read_day
from backoffice.admin.tellings import VIAS, kind_of, kinds
from backoffice.core.db import db
from backoffice.history import queries, reading
from backoffice.history.cards import read_who
from backoffice.history.queries import Narrowing
from backoffice.users.models import User

#: A choice among the kinds of records that is none: who came in, who was refused, who left.
SIGN_INS = "sign_in"
_YEARS = range(1900, 9000)


@dataclass(frozen=True)
class Asked:
    """What of the journal is asked for, in its address."""

    who: int | None = None
    about: str = ""
    via: str = ""
    first: date | None = None
    last: date | None = None
    wrong: str = ""
    after: str | None = None

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Asked:
        """What makes no sense counts as not asked; a day that is none is said to be wrong."""
        about, via = args.get("about", ""), args.get("via", "")
        days, wrong = {}, ""
        for name in ("first", "last"):
            try:
                days[name] = _day(args.get(name, ""))
            except ValueError as error:
                wrong = str(error)
        return cls(
            read_who(args),
            about if about == SIGN_INS or kind_of(about) else "",
            via if via in VIAS else "",
            days.get("first"),
            days.get("last"),
            wrong,
            args.get("after"),
        )

    @property
    def narrowing(self) -> Narrowing:
        is_sign_in = self.about == SIGN_INS
        return Narrowing(
            self.who,
            User.__tablename__ if is_sign_in else self.about,
            via=self.via,
            only_sign_ins=is_sign_in,
            since=_start(self.first),
            until=_start(self.last + timedelta(days=1)) if self.last else None,
        )

    @property
    def is_narrowed(self) -> bool:
        return self.narrowing != Narrowing()

    def args(self, **changes: Any) -> dict[str, Any]:
        """What is asked for, in an address."""
        wanted = {name: getattr(self, name) for name in ("who", "about", "via", "first", "last")} | changes
        return {name: value for name, value in wanted.items() if value not in ("", None)}


def _day(typed: str) -> date | None:
    if not typed.strip():
        return None
    day = read_day(typed[:20])
    return day if day.year in _YEARS else None


def _start(day: date | None) -> datetime | None:
    return start_of(day) if day is not None else None


class JournalView(Guarded):
    """Who did what, anywhere, the latest first."""

    rights: ClassVar = {"index": "history.read"}
    menu_group = _("Administration")

    def __init__(self) -> None:
        super().__init__(name=_("Journal"), endpoint="history", url="/history")

    @expose("/")
    def index(self) -> str:
        asked, session = Asked.read(request.args), db.session()
        ids = queries.everything().where(*asked.narrowing.conditions)
        return str(
            self.render(
                "history/journal.html",
                asked=asked,
                here=self.get_url(".index", **asked.args()),
                leaf=reading.read(session, ids, reading.BY_MOMENT, asked.after, current_user),
                kinds=kinds(),
                vias=VIAS,
                people=list(session.scalars(queries.people())),
                sign_ins=SIGN_INS,
            )
        )
