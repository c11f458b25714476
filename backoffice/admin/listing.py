"""What a list was asked for, read from its address: everything odd in it counts as not asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from backoffice.admin import columns
from backoffice.core.validators.compact import is_ascii_digits

STATUSES = ("active", "inactive", "all")
LONGEST_SEARCH = 200
LONGEST_TRAIL = 2000


@dataclass(frozen=True)
class Asked:
    """Search, sort, filters and position of one list page."""

    search: str = ""
    sort: str = ""
    descending: bool = False
    size: int = 50
    status: str = "active"
    filters: Mapping[str, str] = field(default_factory=dict)
    after: str | None = None
    before: str | None = None
    #: From the search box of every page: a single hit opens at once.
    opens_single: bool = False
    #: What the list is without being asked: it is left out of addresses.
    usual: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, args: MultiDict[str, str], view: Any) -> Asked:
        """Read the address of a list page of this view."""
        asked_sort = args.get("sort", "")
        sort = _by_index(asked_sort, view) if is_ascii_digits(asked_sort) else asked_sort
        known = sort in view.orders
        size = args.get("page_size", 0, type=int)
        status = args.get("status", "")
        usual = {
            "sort": view.default_sort,
            "descending": view.default_descending,
            "size": columns.page_size(view),
            "status": view.default_status,
        }
        return cls(
            search=" ".join(args.get("search", "")[:LONGEST_SEARCH].replace("\x00", " ").split()),
            sort=sort if known else usual["sort"],
            descending=args.get("desc") == "1" if known else usual["descending"],
            size=size if size in view.page_size_options else usual["size"],
            status=status if status in STATUSES else usual["status"],
            filters=_filters(args, view),
            after=args.get("after"),
            before=args.get("before"),
            opens_single=bool(args.get("open") and args.get("search")),
            usual=usual,
        )

    @classmethod
    def read_trail(cls, text: str, view: Any) -> Asked:
        """The list that one came from, as `trail` has written it."""
        try:
            pairs = parse_qsl(text[:LONGEST_TRAIL], max_num_fields=50)
        except ValueError:
            pairs = []
        return cls.read(MultiDict(pairs), view)

    def args(self, **changes: Any) -> dict[str, Any]:
        """The address arguments of this list with some changes; a change of what is listed starts at its top."""
        moved = replace(self, **{"after": None, "before": None, **changes})
        found: dict[str, Any] = {f"flt_{key}": value for key, value in moved.filters.items()}
        found["search"] = moved.search or None
        if (moved.sort, moved.descending) != (self.usual.get("sort"), self.usual.get("descending")):
            found |= {"sort": moved.sort or None, "desc": "1" if moved.descending else None}
        found["page_size"] = moved.size if moved.size != self.usual.get("size") else None
        found["status"] = moved.status if moved.status != self.usual.get("status") else None
        found |= {"after": moved.after, "before": moved.before}
        return {key: value for key, value in found.items() if value is not None}

    def without(self, key: str) -> dict[str, Any]:
        """The address arguments without one filter."""
        return self.args(filters={name: value for name, value in self.filters.items() if name != key})

    def with_filter(self, key: str, value: str) -> dict[str, Any]:
        """The address arguments with one more filter, or another value of it."""
        return self.args(filters={**self.filters, key: value})

    def sorted_by(self, sort: str) -> dict[str, Any]:
        """The address arguments of a click on a column's title."""
        return self.args(sort=sort, descending=self.sort == sort and not self.descending)

    @property
    def trail(self) -> str:
        """This list without the position in it, as the addresses of its records carry it along."""
        return urlencode(self.args(size=self.usual.get("size", self.size)))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.filters)


def _by_index(asked: str, view: Any) -> str:
    """Flask-Admin's own addresses sort by the number of the column."""
    index = int(asked[:4])
    return str(view.column_list[index]) if index < len(view.column_list) else ""


def _filters(args: MultiDict[str, str], view: Any) -> dict[str, str]:
    """Filters come as `flt_name=`, as `name=`, or with Flask-Admin's counter as `flt0_name=`."""
    found = {}
    for arg, value in args.items():
        name = arg.split("_", 1)[1] if arg.startswith("flt") and "_" in arg else arg
        filter_ = view.filters_by_key.get(name)
        asked = value.replace("\x00", " ").strip()[:LONGEST_SEARCH]
        if filter_ is not None and asked:
            found[name] = asked
    return found
