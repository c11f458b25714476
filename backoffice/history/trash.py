"""The trash: what was removed within the last thirty days, whatever it was, and the way back for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask import request, url_for
from flask_admin import expose
from flask_babel import lazy_gettext as _
from flask_login import current_user

from backoffice.admin import pager
from backoffice.admin.base import Guarded
from backoffice.admin.tellings import kind_of
from backoffice.core import undoing
from backoffice.core.audit import Fact
from backoffice.core.db import db, now
from backoffice.core.undoing import Ref
from backoffice.history import queries
from backoffice.history.names import Names
from backoffice.history.reading import BY_MOMENT

PAGE_SIZE = 40


@dataclass(frozen=True)
class Removed:
    """One record of the trash."""

    action: str
    ref: Ref
    name: str
    kind: Any
    by: str
    at: datetime
    #: Of whom it was, and their card, where they are there.
    of: str = ""
    of_url: str = ""


class TrashView(Guarded):
    """What can be brought back."""

    rights: ClassVar = {"index": "client.write"}
    menu_group = _("Administration")

    def __init__(self) -> None:
        super().__init__(name=_("Corbeille"), endpoint="trash", url="/trash")

    @expose("/")
    def index(self) -> str:
        mine = {way: own for way in undoing.ways() if (own := way.trash(current_user)) is not None}
        told = [kind for way in mine if (kind := kind_of(way.table)) is not None]
        kinds = [kind for kind in told if kind.owner == "client"]  # lists of choices are seldom looked for
        about = request.args.get("about", "")
        about = about if about in {kind.table for kind in kinds} else ""
        wanted = {way: own for way, own in mine.items() if about in ("", way.table)}
        ids = queries.removed(wanted, now() - undoing.TRASH)
        after = request.args.get("after")
        session = db.session()
        page = pager.fetch(session, ids, Fact.id, BY_MOMENT, descending=True, after=after, size=PAGE_SIZE)
        found = {fact.id: fact for fact in session.scalars(queries.facts(page.ids))} if page.ids else {}
        names = Names(session, found.values())
        return str(
            self.render(
                "history/trash.html",
                removed=[_removed(names, found[id_]) for id_ in page.ids],
                kinds=kinds,
                about=about,
                after=after,
                more=page.next,
                days=undoing.TRASH.days,
            )
        )


def _removed(names: Names, fact: Fact) -> Removed:
    ref, owner = (fact.entity, fact.entity_id), (fact.owner, fact.owner_id)
    kind, of = kind_of(ref[0]), kind_of(owner[0])
    name, kind_name = names.plain(ref), kind.name if kind is not None else ""
    has_owner = owner != ref
    url = url_for(of.page, id=owner[1]) if of is not None and has_owner and names.is_there(owner) else ""
    told_owner = names.plain(owner) if has_owner else ""
    return Removed(fact.action, ref, name, kind_name, fact.actor_name, fact.at, told_owner, url)
