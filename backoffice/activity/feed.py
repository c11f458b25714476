"""The feed of a client, a contact or an event: what it shows, and how it is narrowed and paged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from flask_login import current_user

from backoffice.activity import queries, rules, scopes, services, shown
from backoffice.activity.fields import contacts_of
from backoffice.activity.models import Entry
from backoffice.activity.queries import Narrowing
from backoffice.admin import pager
from backoffice.admin.records import read_id
from backoffice.core.db import db

PAGE_SIZE = 20
_ORDER = pager.Order((Entry.at,))
_BY_REMOVAL = pager.Order((Entry.removed_at,))
TRASH = "removed"


def kinds() -> dict[str, Any]:
    """The choices of a feed, as chips."""
    return {"": _("Tout"), **{name: kind.many for name, kind in shown.KINDS.items()}}


@dataclass(frozen=True)
class Asked:
    """What of a feed is asked for."""

    kind: str = ""
    author_id: int | None = None
    contact_id: int | None = None
    after: str | None = None
    begin: int | None = None

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Asked:
        """What makes no sense counts as not asked."""
        kind = args.get("kind", "")
        return cls(
            kind if kind in shown.KINDS or kind == TRASH else "",
            read_id(args.get("author")),
            read_id(args.get("who")),
            args.get("after"),
            read_id(args.get("begin")),
        )

    @property
    def narrowing(self) -> Narrowing:
        return Narrowing(self.kind, self.author_id, self.contact_id)

    @property
    def is_narrowed(self) -> bool:
        return self.narrowing != Narrowing()

    def args(self, **changes: Any) -> dict[str, Any]:
        """What is asked for, in an address."""
        wanted = {"kind": self.kind, "author": self.author_id, "who": self.contact_id, **changes}
        return {name: value for name, value in wanted.items() if value}


def context(where: scopes.Where) -> dict[str, Any]:
    """What the template of a feed needs."""
    asked = Asked.read(request.args)
    entries, more = _page(where, asked)
    is_start = asked.after is None and asked.begin is None and asked.kind != TRASH
    session = db.session()
    return {
        "where": where,
        "asked": asked,
        "choices": kinds(),
        "kinds": shown.KINDS,
        "pinned": list(session.scalars(queries.pinned(where.scope, asked.narrowing, rules.MOST_PINNED)))
        if is_start
        else [],
        "entries": entries,
        "more": more,
        "home": where.card(**asked.args(**({"in": request.args["in"]} if "in" in request.args else {}))),
        **shown.permissions(),
    }


def choices(where: scopes.Where) -> dict[str, Sequence[Any]]:
    """The people and contacts by whom a feed can be narrowed."""
    contacts = contacts_of(where.client) if where.of != "contact" else []
    return {"authors": shown.people(), "contacts": contacts}


def _page(where: scopes.Where, asked: Asked) -> tuple[list[Entry], str | None]:
    """The entries of a page in its order, and the position of the next one."""
    session = db.session()
    order, ids = _ORDER, queries.feed(where.scope, asked.narrowing)
    if asked.kind == TRASH:
        mine = None if current_user.can("activity.edit_all") else current_user.id
        order, ids = _BY_REMOVAL, queries.removed(where.scope, services.trash_since(), mine)
    if asked.begin is not None:
        ids = ids.where(queries.not_after(asked.begin))
    page = pager.fetch(session, ids, Entry.id, order, descending=True, after=asked.after, size=PAGE_SIZE)
    found = {entry.id: entry for entry in session.scalars(queries.entries(page.ids))} if page.ids else {}
    return [found[id_] for id_ in page.ids if id_ in found], page.next
