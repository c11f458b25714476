"""Forms read out of a page, changed, and made into what a browser would send for them.

A form is found in the tree of a page (`find`: quick, for pages that nobody looks at otherwise), or is a tag that a
test holds and may have changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bs4 import Tag
from lxml.html import HtmlElement
from werkzeug.datastructures import MultiDict

#: Controls that a browser sends only when they are pressed or ticked, or never.
_BUTTONS = ("submit", "button", "image", "reset", "file")
_CONTROLS = ("input", "select", "textarea", "button")
_BOXES = ("checkbox", "radio")

#: The selectors that forms are asked for by: names, ids, classes, attributes, and what is inside.
_PIECE = re.compile(
    r"""(?P<tag>[a-z]+)|\#(?P<id>[\w-]+)|\.(?P<class>[\w-]+)|:has\((?P<inside>[^()]+)\)|(?P<space>\s+)
    |\[(?P<name>[\w-]+)(?:(?P<how>[*^]?)=(?:'(?P<quoted>[^']*)'|"(?P<doubly>[^"]*)"|(?P<bare>[\w-]+)))?\]""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Control:
    """A field or a button: its attributes, the text inside it, and what it offers as (value, is it chosen)."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""
    options: tuple[tuple[str, bool], ...] = ()

    @property
    def kind(self) -> str:
        return self.attributes.get("type", "submit" if self.tag == "button" else "text").lower()


@dataclass(frozen=True)
class Form:
    """A form's own attributes, and its controls: those inside it, and those elsewhere that name it."""

    attributes: Mapping[str, str]
    controls: tuple[Control, ...]

    def fields(self, changes: Mapping[str, Any]) -> MultiDict[str, Any]:
        """What a browser would send after these changes, without a button."""
        fields: MultiDict[str, Any] = MultiDict()
        named = [control for control in self.controls if "name" in control.attributes]
        for control in named:
            if control.tag != "button" and "disabled" not in control.attributes:
                for value in _values(control, changes):
                    fields.add(control.attributes["name"], value)
        known = {control.attributes["name"] for control in named}
        boxes = {control.attributes["name"] for control in named if control.kind in _BOXES}
        for name, value in changes.items():
            if name not in known:
                raise KeyError(f"the form has no field {name}; it has {', '.join(sorted(known))}")
            if name not in boxes:
                fields.setlist(name, value if isinstance(value, list) else [str(value)])
        return fields

    def button(self, name: str | None) -> tuple[str, str] | None:
        """What the button of this name adds, by default the first one's."""
        for control in self.controls:
            if control.tag not in ("button", "input") or control.kind != "submit":
                continue
            own = control.attributes.get("name")
            if name in (None, own):
                return (own, control.attributes.get("value", "")) if own is not None else None
        assert name is None, f"the form has no button {name}"
        return None


def find(page: HtmlElement, selector: str) -> Form | None:
    """The first form of a page that a selector names."""
    found = page.xpath(path_of(selector))
    if not found:
        return None
    form, id_ = found[0], found[0].get("id")
    inside = list(form.iter(*_CONTROLS))
    outside = page.xpath("//*[@form=$id]", id=id_) if id_ else []
    elements = inside + [one for one in outside if one.tag in _CONTROLS and form not in one.iterancestors()]
    return Form(dict(form.attrib), tuple(map(_control, elements)))


def form_of(tag: Tag) -> Form:
    """The form that a tag is, as it stands now in its page."""
    tags = [*tag.find_all(_CONTROLS)]
    parents, id_ = tag.find_parents(), tag.get("id")
    outside = parents[-1].find_all(_CONTROLS, form=id_) if id_ and parents else []
    tags += [one for one in outside if tag not in one.parents]
    return Form(_attributes(tag), tuple(_control_of_tag(one) for one in tags))


@cache
def path_of(selector: str) -> str:
    """The XPath of a simple CSS selector. Raises ValueError for one that is not."""
    return "//" + _steps(selector)


def _steps(selector: str) -> str:
    steps, conditions, at = ["*"], [""], 0
    while at < len(selector):
        piece = _PIECE.match(selector, at)
        if piece is None:
            raise ValueError(f"forms are not looked for by {selector}")
        at = piece.end()
        if piece["space"]:
            steps.append("*")
            conditions.append("")
        elif piece["tag"]:
            steps[-1] = piece["tag"]
        else:
            conditions[-1] += f"[{_condition(piece)}]"
    return "//".join(step + condition for step, condition in zip(steps, conditions, strict=True))


def _condition(piece: re.Match[str]) -> str:
    if piece["inside"]:
        return f".//{_steps(piece['inside'])}"
    if piece["id"]:
        return f'@id="{piece["id"]}"'
    if piece["class"]:
        return f'contains(concat(" ", normalize-space(@class), " "), " {piece["class"]} ")'
    value = next((piece[name] for name in ("quoted", "doubly", "bare") if piece[name] is not None), None)
    if value is None:
        return f"@{piece['name']}"
    how = {"": "@{}={}", "^": "starts-with(@{}, {})", "*": "contains(@{}, {})"}[piece["how"]]
    return how.format(piece["name"], f"'{value}'" if '"' in value else f'"{value}"')


def _control(element: HtmlElement) -> Control:
    options = tuple(
        (option.get("value", option.text_content().strip()), "selected" in option.attrib)
        for option in (element.iter("option") if element.tag == "select" else ())
    )
    text = element.text_content() if element.tag == "textarea" else ""
    return Control(element.tag, dict(element.attrib), text, options)


def _control_of_tag(tag: Tag) -> Control:
    options = tuple(
        (str(option.get("value", option.get_text(strip=True))), option.has_attr("selected"))
        for option in (tag.find_all("option") if tag.name == "select" else ())
    )
    return Control(tag.name, _attributes(tag), tag.get_text() if tag.name == "textarea" else "", options)


def _attributes(tag: Tag) -> dict[str, str]:
    return {name: value if isinstance(value, str) else " ".join(value) for name, value in tag.attrs.items()}


def _values(control: Control, changes: Mapping[str, Any]) -> Iterator[str]:
    if control.tag == "textarea":
        yield control.text.removeprefix("\n")
    elif control.tag == "select":
        yield from _selected(control)
    elif control.kind in _BOXES:
        if _is_ticked(control, changes):
            yield control.attributes.get("value", "on")
    elif control.kind not in _BUTTONS:
        yield control.attributes.get("value", "")


def _selected(select: Control) -> list[str]:
    chosen = [value for value, is_chosen in select.options if is_chosen]
    if not chosen and "multiple" not in select.attributes:
        chosen = [value for value, _ in select.options[:1]]
    return chosen


def _is_ticked(box: Control, changes: Mapping[str, Any]) -> bool:
    value = box.attributes.get("value", "on")
    ticked = changes.get(box.attributes["name"], "checked" in box.attributes)
    if isinstance(ticked, list):  # of several boxes with one name, those with these values
        return value in map(str, ticked)
    if box.kind == "radio" and not isinstance(ticked, bool):
        return str(ticked) == value
    return bool(ticked)
