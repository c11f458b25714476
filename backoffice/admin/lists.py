"""The list half of a record view: it pages by key, asks ids first and rows after, and counts to a cap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from flask import abort, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_admin.helpers import get_redirect_target
from flask_babel import gettext as _
from sqlalchemy import Select, false, select

from backoffice.admin import columns, naming, pager
from backoffice.admin.base import Guarded
from backoffice.admin.chips import Chips, chips_of
from backoffice.admin.filters import NamedFilter
from backoffice.admin.formats import show
from backoffice.admin.listing import LONGEST_SEARCH, Asked
from backoffice.core.db import db
from backoffice.core.search_index import Search


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
    #: Columns that a person may have shown beside or in place of `column_list`.
    optional_columns: ClassVar[Sequence[str]] = ()
    #: On a narrow screen, where rows are cards: columns that are left out, and those that need no label.
    wide_columns: ClassVar[Sequence[str]] = ()
    plain_columns: ClassVar[Sequence[str]] = ()
    #: What a row of the list shows, loaded with it: always, and for single columns when they are shown.
    list_loads: ClassVar[Sequence[Any]] = ()
    column_loads: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    named_filters: ClassVar[Sequence[NamedFilter]] = ()
    #: The keys of the filters that have a chip of their own; all of them when none is named.
    front_filters: ClassVar[Sequence[str]] = ()
    filters_by_key: Mapping[str, NamedFilter] = MappingProxyType({})
    #: The kind of search text that finds these records; None where the list has no search box.
    search_kind: ClassVar[str | None] = None
    has_own_search: ClassVar[bool] = True
    has_status: ClassVar[bool] = False
    default_status: ClassVar[str] = "active"
    #: What can be done with the rows that are ticked; rows have boxes where a view says so.
    selection_template: ClassVar[str | None] = None
    #: Where the form of the ticked rows leads, unless the button that is pressed says otherwise.
    selection_action: ClassVar[str] = ".index_view"

    def scope(self, statement: Select[Any]) -> Select[Any]:
        """Leave out the rows that this view must not show at all."""
        return statement

    def find(self, id: Any, loads: Iterable[Any] = (), lock: bool = False) -> Any:
        """The record with this id; the page 404 for any other."""
        raise NotImplementedError

    def get_query(self) -> Any:
        return self.scope(select(self.model))

    def get_count_query(self) -> Any:
        return self.scope(select(self.model.id))

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        asked = Asked.read(request.args, self)
        named = naming.named_filter(self, asked, request.args)
        if named is not None:
            return redirect(self.get_url(".index_view", **named))
        page = self.page(asked)
        if asked.opens_single and len(page.ids) == 1 and not page.next:
            return redirect(self.get_url(".details_view", id=page.ids[0]))
        count, rows = self.count_at_once(asked, page), self.rows(page.ids)
        more = self.list_context(asked, rows)
        return self.render(self.list_template, asked=asked, page=page, count=count, rows=rows, **more)

    def page(self, asked: Asked) -> pager.Page:
        """The page of ids that was asked for."""
        return self.fetch(asked, after=asked.after, before=asked.before, size=asked.size)

    def fetch(self, asked: Asked, **place: Any) -> pager.Page:
        """The page of ids from some place on."""
        ids, order = self.list_ids(asked), self.orders[asked.sort]
        return pager.fetch(db.session(), ids, self.model.id, order, descending=asked.descending, **place)

    def count(self, asked: Asked) -> pager.Count:
        """How many rows the list has."""
        return pager.count(db.session(), self.list_ids(asked))

    def count_at_once(self, asked: Asked, page: pager.Page) -> pager.Count | None:
        """The same; None where the rows would have to wait for it."""
        return self.count(asked)

    @property
    def selects(self) -> bool:
        """May the person who is logged in do something with several rows at once?"""
        return False

    @property
    def shown_columns(self) -> list[str]:
        return columns.shown(self)

    @property
    def offered_columns(self) -> list[str]:
        return columns.offered(self)

    def chips(self, asked: Asked) -> Chips:
        return chips_of(self, asked)

    @expose("/columns/", methods=("POST",))
    def columns_view(self) -> ResponseReturnValue:
        """Keep the columns or the page size that a person has chosen for this list."""
        back = get_redirect_target() or self.get_url(".index_view")
        columns.keep_choice(self)
        return redirect(back)

    @expose("/countries/")
    def countries_view(self) -> ResponseReturnValue:
        """The names that the filter by country proposes, asked for when it is first used."""
        return self.render("admin/countries.html")

    @expose("/beside/")
    def beside_view(self) -> ResponseReturnValue:
        """The record before or after this one in the list that one came from."""
        record = self.find(request.args.get("id"))
        trail, backwards = request.args.get("in", ""), request.args.get("to") == "previous"
        beside = self.beside(record.id, Asked.read_trail(trail, self), backwards)
        if beside is None:
            flash(
                _("C’est la première fiche de cette liste.")
                if backwards
                else _("C’est la dernière fiche de cette liste."),
                "info",
            )
        stays = {"in": trail, "tab": request.args.get("tab")}
        return redirect(self.get_url(".details_view", id=beside or record.id, **stays))

    def beside(self, id: int, asked: Asked, backwards: bool) -> int | None:
        """The id of a neighbour in a list, found from the place that this record has or would have in it."""
        order, session = self.orders[asked.sort], db.session()
        start = pager.position_of(session, self.model.id, id, order)
        found = self.fetch(asked, size=1, **{"before" if backwards else "after": start}).ids
        return found[0] if start and found else None

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

    def holds_anything(self) -> bool:
        """Is there a row at all, in whatever state?"""
        return bool(db.session.scalar(select(select(self.model.id).exists())))

    def search_condition(self, search: str) -> Any:
        """The rows that a search finds; none for one without a word in it."""
        found = Search(self.search_kind or "", search)
        return self.model.id.in_(found.ids) if found else false()

    def rows(self, ids: Sequence[int]) -> list[Any]:
        """The records of a page, in its order, with what the list shows of them loaded at once."""
        if not ids:
            return []
        loads = [self.column_loads[name] for name in self.shown_columns if name in self.column_loads]
        statement = select(self.model).where(self.model.id.in_(ids)).options(*self.list_loads, *loads)
        found = db.session.scalars(statement)
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
