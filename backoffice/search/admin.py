"""The search over everything: a page by itself, and the part that the palette (Ctrl K) shows while one types."""

from __future__ import annotations

from typing import ClassVar

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from backoffice.admin import frame, palette, parts
from backoffice.admin.base import Guarded
from backoffice.admin.palette import Group, Hit
from backoffice.core.db import db
from backoffice.core.text import MAX_QUERY_LENGTH


class SearchView(Guarded):
    """Records of all kinds, actions and pages that the words of a person speak of."""

    in_menu = False
    rights: ClassVar = {"index": "home.read"}

    @expose("/")
    def index(self) -> ResponseReturnValue:
        words = request.args.get("q", "")[:MAX_QUERY_LENGTH]
        found = palette.search(db.session(), words, at_once="at_once" in request.args)
        hits = [hit for group in found if not group.is_rest for hit in group.hits]
        if request.args.get("open") and words.strip() and len(hits) == 1:
            return redirect(hits[0].url)
        begun = _begun(words)
        groups = sorted([*found, *begun], key=lambda group: group.is_rest)
        number = len(hits) + (sum(len(group.hits) for group in begun) if words.strip() else 0)
        shown = {"groups": groups, "words": words.strip(), "number": number}
        if parts.is_inside("palette-hits"):
            return self.render("search/hits.html", **shown), {"HX-Retarget": "#palette-hits"}
        return self.render("search/index.html", **shown)


def _begun(words: str) -> list[Group]:
    """What one may begin, and once words are typed the pages of the menu."""
    acts = Group("actions", _("Actions"), palette.actions(words))
    links = [link for group in frame.menu() for link in group.links] if words.strip() else []
    pages = [Hit(link.name, link.url) for link in links if palette.speaks_of(words, link.name)]
    return [group for group in (acts, Group("pages", _("Aller à"), pages)) if group.hits]


def views() -> list[BaseView]:
    """The screens of this feature, made for one app."""
    return [SearchView(name=lazy_gettext("Recherche"), endpoint="search", url="/search")]
