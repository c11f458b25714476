"""The HTML of a message as it may be shown: no script, no form, nothing that is fetched from anywhere.

It is cleaned here, shown in a frame that may do nothing, and that frame's own policy lets nothing be loaded: each
of the three would be enough.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import nh3
from flask_babel import gettext
from markupsafe import escape

from backoffice.emails import markup

_TABLE = {"align", "valign", "bgcolor", "border", "cellpadding", "cellspacing", "width", "height"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"style", "dir", "title", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "size", "face"},
    "ol": {"start", "type"},
    **dict.fromkeys(("table", "tr", "tbody", "thead", "tfoot"), _TABLE),
    **dict.fromkeys(("td", "th"), _TABLE | {"colspan", "rowspan", "nowrap"}),
}
#: Looks only: nothing that places a thing over another, moves it or fetches it.
_STYLES = {
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "color",
    "direction",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
}
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
#: None of the looks that are allowed needs these; what says them all the same is up to something.
_FETCHES = re.compile(r"url|\\|@", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
#: So small an image tells its sender that it was looked at, and the reader nothing.
_SPECK = frozenset(("0", "1", "2"))
_REL = "noopener noreferrer nofollow"


def clean(html: str, pictures: Mapping[str, str]) -> str:
    """The message's HTML, safe. `pictures` gives for the id of an image in the message its `data:` address."""
    made = _plain(html[: markup.MOST_LETTERS], pictures)
    return nh3.clean(
        made,
        tags=set(markup.TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_filter,
        url_schemes={"http", "https", "mailto", "data"},
        url_relative="deny",
        link_rel=_REL,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=_STYLES,
    )


def _filter(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _LINK.match(value) else None
    if name == "src":
        return value if _PICTURE.fullmatch(value) else None
    if name == "style":
        return ";".join(look for look in value.split(";") if not _FETCHES.search(look))
    return value


def _plain(html: str, pictures: Mapping[str, str]) -> str:
    """The same message of known tags only, balanced."""
    stack, written = markup.Balanced(), []
    for token in markup.tokens(html):
        tag = token.tag
        if not tag:
            written.append(token.rest.replace("<", "&lt;").replace(">", "&gt;"))
        elif tag not in markup.TAGS:
            continue
        elif token.closes:
            written.append(stack.close(tag))
        elif tag == "img":
            written.append(_image(markup.attributes(token.rest), pictures))
        elif (before := stack.open(tag)) is not None:
            written.append(before + markup.opening(tag, _known(tag, token.rest)))
    return "".join(written) + stack.close_all()


def _known(tag: str, rest: str) -> dict[str, str]:
    allowed = _ATTRIBUTES["*"] | _ATTRIBUTES.get(tag, set())
    return {name: value for name, value in markup.attributes(rest).items() if name in allowed}


def _image(values: dict[str, str], pictures: Mapping[str, str]) -> str:
    source = values.get("src", "").strip()
    if source.lower().startswith("cid:"):
        source = pictures.get(source[4:].strip("<> "), "")
    if _PICTURE.fullmatch(source):
        kept: dict[str, Any] = {name: values[name] for name in ("width", "height") if name in values}
        return markup.opening("img", {"src": source, "alt": values.get("alt", ""), **kept})
    if values.get("width") in _SPECK or values.get("height") in _SPECK:
        return ""
    said = gettext("Image distante non affichée")
    about = values.get("alt", "").strip()[:200]
    return f"<span>[{escape(f'{said} : {about}' if about else said)}]</span>"
