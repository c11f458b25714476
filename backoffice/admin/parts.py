"""Parts of a page that change without loading it anew (htmx), on top of views that know nothing of it.

A form or link inside the page may carry `hx-*` attributes; its view answers as it always does. A view that has
acted redirects, the browser follows by itself, and the page it arrives at takes the place of the one that is
shown: `#content` for `#content`. A refused form stays where it stands (`admin/form.html`), since its own
`hx-target` and `hx-select` say so.
"""

from __future__ import annotations

from flask import Flask, Response, request

#: Methods of views that answer with a form: their page goes where the link or the form has said.
FORMS = frozenset({"create_view", "edit_view", "field_view"})
#: Blueprints whose pages have another frame: the browser goes there itself.
_OTHER_FRAME = frozenset({"security", "reset", "setup"})
_WHOLE = {"HX-Retarget": "#content", "HX-Reselect": "#content", "HX-Reswap": "outerHTML show:none"}


def is_part() -> bool:
    """Is a part of the page that is shown asked for?"""
    return request.headers.get("HX-Request") == "true"


def is_inside(target: str) -> bool:
    """Is a part asked for, for the element with this id?"""
    return is_part() and request.headers.get("HX-Target") == target


def init_app(app: Flask) -> None:
    """Tell htmx where pages go. After the views, so that only what they answer is placed."""
    app.after_request(_place)


def _place(response: Response) -> Response:
    if not is_part():
        return response
    response.headers.setdefault("Vary", "HX-Request")
    if not response.is_streamed and response.status_code == 200 and response.mimetype == "text/html":
        blueprint, _dot, method = (request.endpoint or "").rpartition(".")
        if blueprint in _OTHER_FRAME:
            response.headers["HX-Redirect"] = request.full_path
        elif method not in FORMS and request.headers.get("HX-Target") != "dialog":
            for name, value in _WHOLE.items():
                response.headers.setdefault(name, value)
    return response
