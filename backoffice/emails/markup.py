"""The HTML of messages as its tags and texts, made plain before anything else reads it.

What makes a browser's parser slow, or its document a thousand times as large as the message (tags left open, nested
without end), does not get past here: what leaves is balanced, not deep, and holds only tags and attributes that
are known. It is for `safe_html` to say what of that is safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from typing import NamedTuple

#: Opened within one another, more of these are no message that somebody wrote.
DEEPEST = 100
#: Of these fewer: a parser opens them anew in every block that follows.
_DEEPEST_WORDS = 12
#: More text than this is no message to read.
MOST_LETTERS = 2_000_000

_TAG = re.compile(r"""(/?)([a-z][^\s/>]*+)((?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z][a-z-]*+)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>]++)""", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")

#: What stands inside these is not for the eye.
_UNSEEN = frozenset(
    [
        "script",
        "style",
        "title",
        "template",
        "iframe",
        "noembed",
        "noframes",
        "object",
        "applet",
        "svg",
        "math",
        "select",
        "audio",
        "video",
    ]
)
_WORDS = frozenset(
    [
        "a",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "s",
        "small",
        "strike",
        "strong",
        "tt",
        "u",
        "sub",
        "sup",
        "del",
        "ins",
        "span",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "ul",
        "tr",
    ]
)
_INSIDE_TABLES = frozenset(["caption", "td", "th", "thead", "tbody", "tfoot"])
_EMPTY = frozenset(["br", "hr", "img"])
TAGS = _WORDS | _BLOCKS | _INSIDE_TABLES | _EMPTY


class Token(NamedTuple):
    """A text (its `tag` is ""), or a tag with what stands in it."""

    tag: str
    rest: str
    closes: bool = False


def tokens(html: str) -> Iterator[Token]:
    """The tags and texts of a message, each looked at once; comments and what nobody sees are left out."""
    at, end = 0, len(html)
    while at < end:
        start = html.find("<", at)
        if start < 0:
            yield Token("", html[at:])
            return
        if start > at:
            yield Token("", html[at:start])
        after = html[start + 1 : start + 3]
        if after[:1] in ("!", "?") or (after[:1] == "/" and not after[1:].isalpha()):
            at = _after_comment(html, start)
        elif not (after[:1].isalpha() or after[:1] == "/"):
            yield Token("", "<")
            at = start + 1
        elif (found := _TAG.match(html, start + 1)) is None:
            return  # a tag without an end takes the rest with it, as in a browser
        else:
            name = found[2].lower()
            at = found.end()
            if name in _UNSEEN:
                at = at if found[1] else _after_unseen(html, name, at)
            else:
                yield Token(name, found[3], bool(found[1]))


def _after_comment(html: str, start: int) -> int:
    mark = "-->" if html.startswith("<!--", start) else ">"
    found = html.find(mark, start + 2)
    return found + len(mark) if found >= 0 else len(html)


def _after_unseen(html: str, name: str, at: int) -> int:
    found = re.compile(f"</{name}[^>]*>", re.IGNORECASE).search(html, at)
    return found.end() if found else len(html)


def attributes(rest: str) -> dict[str, str]:
    """The attributes of a tag by their names; of two with one name the first."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(rest):
        bare = value[1:-1] if value[:1] in ("'", '"') else value
        found.setdefault(name.lower(), unescape(bare))
    return found


def opening(tag: str, values: Mapping[str, str]) -> str:
    """A tag as it is written."""
    written = "".join(f' {name}="{escape(value)}"' for name, value in values.items())
    return f"<{tag}{written}>"


class Balanced:
    """Tags as they are opened and closed, each closed once and in order."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._words = 0

    def open(self, tag: str) -> str | None:
        """What has to be closed before this tag may be opened; None when it may not."""
        before = self._close_to("p") if tag in _BLOCKS and "p" in self._open else ""
        is_word = tag in _WORDS
        if tag in _EMPTY:
            return before
        if len(self._open) >= DEEPEST or (is_word and self._words >= _DEEPEST_WORDS):
            return None
        self._open.append(tag)
        self._words += is_word
        return before

    @property
    def innermost(self) -> str:
        return self._open[-1] if self._open else ""

    def close(self, tag: str) -> str:
        """What is written for this closing tag: nothing where it closes nothing."""
        return self._close_to(tag) if tag in self._open else ""

    def close_all(self) -> str:
        return "".join(f"</{tag}>" for tag in reversed(self._open))

    def _close_to(self, tag: str) -> str:
        closed = []
        while True:
            last = self._open.pop()
            self._words -= last in _WORDS
            closed.append(f"</{last}>")
            if last == tag:
                return "".join(closed)


def to_text(html: str) -> str:
    """What a message says, without its markup."""
    written: list[str] = []
    for token in tokens(html[:MOST_LETTERS]):
        if not token.tag:
            written.append(_BLANKS.sub(" ", unescape(token.rest).replace("\n", " ")))
        elif token.tag == "br" or token.tag in _BLOCKS:
            written.append("\n\n" if token.tag in ("p", "table") else "\n")
        elif token.tag in _INSIDE_TABLES:
            written.append(" ")
    lines = (" ".join(line.split()) for line in "".join(written).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
