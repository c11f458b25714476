"""Counts that stop at a cap, so that no page waits for a million rows to be told apart."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select


def counted(found: Select[Any], most: int) -> ScalarSelect[int]:
    """How many rows a query finds, as a subquery that looks at no more than `most` of them."""
    few = found.order_by(None).limit(most).subquery()
    return select(func.count()).select_from(few).scalar_subquery()
