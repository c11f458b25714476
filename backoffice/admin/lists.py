"""The list half of a record view: it pages by key, asks ids first and rows after, and counts to a cap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from flask import abort, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from sqlalchemy import Select, false, select

from backoffice.admin import pager
from backoffice.admin.base import Guarded
from backoffice.admin.filters import NamedFilter
from backoffice.admin.formats import show
from backoffice.admin.listing import LONGEST_SEARCH, Asked
from backoffice.core import search_text
from backoffice.core.db import db


class RecordList(Guarded, ModelView):
    """The list of one kind of record. A view declares `orders`, `list_loads`, `named_filters`, `search_kind`."""

    list_template = "admin/list.html"
    can_set_page_size = True
    page_size = 50
    page_size_options = (20, 50, 100)
    simple_list_pager = True
    named_filter_urls = True
    column_display_actions = False

    # Flask-Admin types these for its own fields and plain strings; ours take more.
    model: Any
    column_labels: Any = None
    column_formatters: Any = MappingProxyType({})

    orders: Mapping[str, pager.Order] = MappingProxyType({})
    default_sort: ClassVar[str] = ""
    default_descending: ClassVar[bool] = False
    #: What a row of the list shows, loaded with it.
    list_loads: ClassVar[Sequence[Any]] = ()
    named_filters: ClassVar[Sequence[NamedFilter]] = ()
    filters_by_key: Mapping[str, NamedFilter] = MappingProxyType({})
    #: The kind of search text that finds these records; None where the list has no search box.
    search_kind: ClassVar[str | None] = None
    has_status: ClassVar[bool] = False
    default_status: ClassVar[str] = "active"

    def scope(self, statement: Select[Any]) -> Select[Any]:
        """Leave out the rows that this view must not show at all."""
        return statement

    def get_query(self) -> Any:
        return self.scope(select(self.model))

    def get_count_query(self) -> Any:
        return self.scope(select(self.model.id))

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        asked = Asked.read(request.args, self)
        ids = self.list_ids(asked)
        page = self.page(asked, ids)
        if asked.opens_single and len(page.ids) == 1 and not page.next:
            return redirect(self.get_url(".details_view", id=page.ids[0]))
        count, rows = pager.count(db.session(), ids), self.rows(page.ids)
        more = self.list_context(asked, rows)
        return self.render(self.list_template, asked=asked, page=page, count=count, rows=rows, **more)

    def page(self, asked: Asked, ids: Select[Any]) -> pager.Page:
        """The page of ids that was asked for."""
        return pager.fetch(
            db.session(),
            ids,
            self.model.id,
            self.orders[asked.sort],
            descending=asked.descending,
            after=asked.after,
            before=asked.before,
            size=asked.size,
        )

    def list_context(self, asked: Asked, rows: Sequence[Any]) -> dict[str, Any]:
        """What the list's own template needs beside its rows."""
        return {}

    def list_ids(self, asked: Asked) -> Select[Any]:
        """The narrow query of the ids that a list holds."""
        ids: Select[Any] = self.get_count_query()
        if self.has_status and asked.status != "all":
            ids = ids.where(self.model.is_active == (asked.status == "active"))
        for key, value in asked.filters.items():
            ids = self.filters_by_key[key].narrow(ids, value)
        if self.search_kind and asked.search:
            ids = ids.where(self.search_condition(asked.search))
        return ids

    def search_condition(self, search: str) -> Any:
        """The rows that a search finds; none for one without a word in it."""
        found = search_text.matches(self.search_kind or "", search)
        return self.model.id.in_(found) if found is not None else false()

    def rows(self, ids: Sequence[int]) -> list[Any]:
        """The records of a page, in its order, with what the list shows of them loaded at once."""
        if not ids:
            return []
        found = db.session.scalars(select(self.model).where(self.model.id.in_(ids)).options(*self.list_loads))
        by_id = {record.id: record for record in found.unique()}
        return [by_id[key] for key in ids if key in by_id]

    def cell(self, record: Any, name: str) -> Any:
        """What the list shows of a record in one column."""
        formatter = self.column_formatters.get(name)
        return formatter(self, None, record, name) if formatter else show(getattr(record, name))

    # Choices found as one types

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> ResponseReturnValue:
        loader = (self._form_ajax_refs or {}).get(request.args.get("name", "")) or abort(404)
        asked = request.args.get("q") or request.args.get("query") or ""
        return jsonify([loader.format(record) for record in loader.get_list(asked[:LONGEST_SEARCH])])
