"""What is wrong with a page, whatever it shows: labels, ids, tokens, scripts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

_POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
_NEEDS_NO_LABEL = {"hidden", "submit", "button", "reset", "image"}


def faults(page: BeautifulSoup) -> list[str]:
    """Everything a strict policy would block or a screen reader would miss; empty for a sound page."""
    return [
        *_of_the_whole(page),
        *_of_scripts(page),
        *_of_pointers(page),
        *_of_controls(page),
        *_of_forms(page),
    ]


def _of_the_whole(page: BeautifulSoup) -> Iterator[str]:
    if not page.select_one("html[lang]"):
        yield "no language"
    title = page.select_one("title")
    if title is None or not title.get_text().replace("· Back office", "").strip():
        yield "no title"
    if len(page.select("h1")) != 1:
        yield f"{len(page.select('h1'))} h1"
    if len(page.select("main")) != 1:
        yield f"{len(page.select('main'))} main"


def _of_scripts(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(True):
        assert isinstance(tag, Tag)
        for name, value in tag.attrs.items():
            if name == "style" or name.startswith("on"):
                yield f"{name} attribute on {tag.name}"
            if name in {"href", "src", "action"} and not re.match(
                r"(/(?!/)|#|\?|mailto:|tel:|https?://)|$", str(value)
            ):
                yield f"{name}={value}"
        if tag.name == "style" or (tag.name == "script" and not (tag.get("src") and tag.get("nonce"))):
            yield f"inline {tag.name}"


def _of_pointers(page: BeautifulSoup) -> Iterator[str]:
    ids = Counter(str(tag["id"]) for tag in page.select("[id]"))
    yield from (f"id {name} twice" for name, times in ids.items() if times > 1)
    for pointer in _POINTERS:
        for tag in page.select(f"[{pointer}]"):
            for name in str(tag[pointer]).split():
                if name not in ids:
                    yield f"{pointer}={name} leads nowhere"
    for link in page.select("a[href^='#']"):
        if str(link["href"])[1:] not in ids:
            yield f"link {link['href']} leads nowhere"


def _of_controls(page: BeautifulSoup) -> Iterator[str]:
    for control in page.select("input, select, textarea"):
        if control.get("type") in _NEEDS_NO_LABEL:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby")
        labelled = named or control.find_parent("label")
        if not labelled and not page.select_one(f'label[for="{control.get("id")}"]'):
            yield f"no label for {control.get('name') or control.get('id')}"
    for control in page.select("button, a[href], summary"):
        if not control.get("aria-label") and not control.get_text(strip=True):
            yield f"no words in {str(control)[:80]}"


def _of_forms(page: BeautifulSoup) -> Iterator[str]:
    for form in page.select("form"):
        if str(form.get("method")).lower() == "post" and not form.select_one("[name=csrf_token]"):
            yield f"no token in the form {form.get('action')}"
        if form.find_parent("form"):
            yield "a form inside a form"
