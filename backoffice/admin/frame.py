"""What stands around every page: the menu, who is logged in, the way back.

Error pages have the same frame, so nothing here may fail when the database does: whoever cannot be asked
for is nobody, and is not asked for a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, has_request_context, request
from flask.globals import request_ctx
from flask_admin import BaseView
from flask_babel import get_locale
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from backoffice.admin.base import Guarded
from backoffice.admin.preferences import preference
from backoffice.core import countries


@dataclass(frozen=True)
class Link:
    """One line of the menu. `section` is what the endpoints of its pages begin with."""

    name: str
    url: str
    section: str
    is_here: bool


@dataclass(frozen=True)
class Group:
    """Lines of the menu under one title; the first ones have none."""

    title: str
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class Waiting:
    """What waits for the person who is logged in: a count beside their name, which leads to it."""

    sign: str
    count: int
    label: str
    url: str


#: What asks for it, one query each: features add to it.
_asked: list[Callable[[], Iterable[Waiting]]] = []


@dataclass(frozen=True)
class Viewer:
    """The person who is logged in, as the frame shows them."""

    name: str
    may_create_clients: bool
    has_shortcuts: bool

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


def asked_of_user(question: Callable[[Any], Any]) -> Any:
    """The answer of the person who is logged in; None when there is nobody, or no database to say who."""
    if not has_request_context() or request_ctx.url_adapter is None:
        return None
    try:
        return question(current_user) if current_user and current_user.is_authenticated else None
    except SQLAlchemyError:
        forget_who_it_is()
        return None


def forget_who_it_is() -> None:
    """Take who asks for nobody: without a database Flask-Login would try again at every mention of them."""
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def viewer() -> Viewer | None:
    """Who is logged in; None for nobody."""
    found: Viewer | None = asked_of_user(
        lambda user: Viewer(user.name, user.can("client.write"), preference("shortcuts", True) is not False)
    )
    return found


def tell_of(ask: Callable[[], Iterable[Waiting]]) -> None:
    """Show on every page what waits for somebody."""
    if ask not in _asked:
        _asked.append(ask)


def waiting() -> list[Waiting]:
    """What waits for the person who is logged in; nothing is asked of a database that has just not answered."""
    if g.get("is_without_database"):
        return []
    return asked_of_user(lambda _user: [found for ask in _asked for found in ask()]) or []


def menu() -> list[Group]:
    """The sections that the person who is logged in may enter, in the order of their features."""
    return asked_of_user(lambda _user: _menu()) or []


def _menu() -> list[Group]:
    groups, here = {"": Group("")}, section()
    for admin in current_app.extensions.get("admin", ()):
        for view in admin._views:
            if isinstance(view, Guarded) and view.is_visible() and view.is_accessible():
                title = str(view.menu_group or "")
                groups.setdefault(title, Group(title)).links.append(_link(view, here))
    return [group for group in groups.values() if group.links]


def _link(view: BaseView, here: str) -> Link:
    address = view.get_url(f"{view.endpoint}.{view._default_view}")  # type: ignore[attr-defined]
    return Link(str(view.name), address, view.endpoint, here == view.endpoint)


def section() -> str:
    """The line of the menu under which the page that is shown stands."""
    shown = (request.endpoint or "").partition(".")[0]
    views = (view for admin in current_app.extensions.get("admin", ()) for view in admin._views)
    return (
        next((view.within for view in views if isinstance(view, Guarded) and view.endpoint == shown), "")
        or shown
    )


def is_first_page(view: BaseView) -> bool:
    """Is the page that is shown the one that the menu leads to? The others say how to come back to it."""
    return request.endpoint == f"{view.endpoint}.{view._default_view}"  # type: ignore[attr-defined]


def way_back() -> str | None:
    """The page of ours that led here, None when it is unknown, another's, or this one."""
    came_from = urlsplit(request.referrer or "")
    if came_from.scheme not in {"http", "https"} or came_from.netloc != request.headers.get("Host"):
        return None
    address = f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    is_here = came_from.path == request.path and came_from.query == request.query_string.decode(
        errors="replace"
    )
    return None if is_here or not address.startswith("/") or address.startswith("//") else address


def country_names() -> list[str]:
    """The countries that a field proposes, in the language of the screen."""
    return list(countries.country_names(str(get_locale() or "fr")).values())


def _settle_who_it_is() -> dict[str, Any]:
    """Before Flask-Login offers its `current_user` to a template, which fails when the database does."""
    asked_of_user(lambda user: user.name)
    return {}


def init_app(app: Flask) -> None:
    """Offer the frame to the templates. Must come before the log-in is set up."""
    app.context_processor(_settle_who_it_is)
    app.jinja_env.globals.update(
        country_names=country_names,
        is_first_page=is_first_page,
        menu=menu,
        section=section,
        viewer=viewer,
        waiting=waiting,
        way_back=way_back,
    )
