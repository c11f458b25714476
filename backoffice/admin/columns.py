"""What a person has chosen for a list: its columns and how many rows stand on a page. Odd choices count as none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from backoffice.admin.preferences import keep, preference


def offered(view: Any) -> list[str]:
    """The columns that a list can show, those that it shows unasked first."""
    return [*view.column_list, *(name for name in view.optional_columns if name not in view.column_list)]


def shown(view: Any) -> list[str]:
    """The columns that the person who is logged in sees; the first one always stays."""
    kept = preference(f"columns.{view.endpoint}") if view.optional_columns else None
    return _known(view, kept) if isinstance(kept, list) else list(view.column_list)


def page_size(view: Any) -> int:
    """How many rows stand on a page, unless its address says otherwise."""
    kept = preference(f"page_size.{view.endpoint}")
    is_offered = isinstance(kept, int) and kept in view.page_size_options
    return int(kept) if is_offered else int(view.page_size)


def keep_choice(view: Any) -> None:
    """Keep what a form says of columns or page size; what it does not speak of stays as it was."""
    form = request.form
    if view.optional_columns and ("column" in form or "usual" in form):
        chosen = _known(view, form.getlist("column"))
        is_usual = "usual" in form or chosen == list(view.column_list)
        keep(f"columns.{view.endpoint}", None if is_usual else chosen)
    size = form.get("page_size", 0, type=int)
    if size in view.page_size_options:
        keep(f"page_size.{view.endpoint}", None if size == view.page_size else size)


def _known(view: Any, asked: Sequence[Any]) -> list[str]:
    return [name for name in offered(view) if name in asked or name == view.column_list[0]]
