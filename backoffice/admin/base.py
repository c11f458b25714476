"""Screens are closed by default: a method that names no right is refused to everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask import abort, request
from flask_admin import BaseView
from flask_login import current_user

from backoffice.admin.transactions import SAFE_METHODS, act_as_current_user


class Guarded(BaseView):
    """A Flask-Admin view whose methods each name the right that they need.

    `rights` maps method names to rights; `main_right` is the one that shows the view in the menu.
    """

    rights: ClassVar[Mapping[str, str]] = {}
    in_menu: ClassVar[bool] = True
    menu_group: ClassVar[Any] = None
    #: The endpoint of the view under whose line of the menu this one stands; its own when empty.
    within: ClassVar[str] = ""

    def may(self, method: str) -> bool:
        """May the person who is logged in call this method?"""
        right = self.rights.get(method)
        return right is not None and current_user.is_authenticated and bool(current_user.can(right))

    def is_accessible(self) -> bool:
        return self.may(self._default_view or "index")  # type: ignore[attr-defined]

    def is_visible(self) -> bool:
        return self.in_menu

    def _handle_view(self, name: str, **kwargs: Any) -> None:
        if not self.may(name):
            abort(403)
        if request.method not in SAFE_METHODS:
            act_as_current_user()

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # The stock method calls again with other arguments on any TypeError, which hides real ones.
        return fn(self, *args, **kwargs)
