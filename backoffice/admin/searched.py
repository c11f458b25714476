"""Lists whose rows are found by the index of their texts: no row waits for the number of all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from backoffice.admin import pager
from backoffice.admin.listing import Asked
from backoffice.core.db import db
from backoffice.core.search_index import Search

if TYPE_CHECKING:
    from backoffice.admin.lists import RecordList as _List
else:
    # Flask-Admin binds all screens of a view's class anew: a mixin that were a view would hide its neighbours' own.
    _List = object


class FoundByIndex(_List):
    """The list of records that have texts of their own. While one searches, the page asks for the number later."""

    search_kind: ClassVar[str]

    def fetch(self, asked: Asked, **place: Any) -> pager.Page:
        search = Search(self.search_kind, asked.search)
        if not search:
            return super().fetch(asked, **place)
        return super().fetch(replace(asked, search=""), search=search, **place)

    def count(self, asked: Asked) -> pager.Count:
        search = Search(self.search_kind, asked.search)
        if not search:
            return super().count(asked)
        ids = self.list_ids(replace(asked, search=""))
        return pager.count(db.session(), search.among(db.session(), ids, self.model.id))

    def count_at_once(self, asked: Asked, page: pager.Page) -> pager.Count | None:
        if not asked.search:
            return self.count(asked)
        is_whole = not page.next and not page.previous
        return pager.Count(len(page.ids)) if is_whole else None

    @expose("/count/")
    def count_view(self) -> ResponseReturnValue:
        """How many rows there are, for a page that did not wait for it."""
        asked = Asked.read(request.args, self)
        return self.render("admin/count.html", asked=asked, count=self.count(asked))
