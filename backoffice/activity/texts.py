"""The texts of entries: Markdown shown safely, and the colleagues whom they mention (`@Claire Vasseur`).

A text is kept as it was typed. What is shown is made of it each time: no HTML of the writer's, no image, and links
that tell nothing of us.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

from backoffice.core.text import fold

#: A first line no longer than this titles the text under it.
LONGEST_TITLE = 80
#: With more of these a text is no Markdown that somebody wrote, and would take long to read as such.
MOST_MARKS = 1000
#: A name has at most so many words.
_MOST_WORDS = 5
_MARKS = re.compile(r"[\[*_~`<]")
_AT = re.compile(r"(?<![\w.@/-])@(?=\w)")
_WORD = re.compile(r"[\w’'.-]+ ?")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\"'.,;:!?)\]’»]", re.IGNORECASE)
_TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "ul", "ol", "li", "blockquote", "a", "span"}
_ATTRIBUTES = {"*": set[str](), "a": {"href"}, "ol": {"start"}, "span": {"class"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


class Named(Protocol):
    """Somebody who can be mentioned."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


class Mentioned(NamedTuple):
    """Where a text names somebody: from the @ to the end of the name."""

    start: int
    end: int
    person: Named


def mentions(text: str, people: Iterable[Named]) -> list[Mentioned]:
    """Whom a text mentions: `@Prénom Nom` or `@prenom.nom`, whatever the case and the accents; the longest name wins."""
    if "@" not in text:
        return []
    by_name = {_key(person.name): person for person in people}
    by_name.pop("", None)
    found = (_mention(text, at.start(), by_name) for at in _AT.finditer(text))
    return [each for each in found if each is not None]


def _key(name: str) -> str:
    """A name as it is compared; somebody without one is called by what stands before the @ of their address."""
    return fold(name.partition("@")[0])


def _mention(text: str, start: int, by_name: dict[str, Named]) -> Mentioned | None:
    end, best = start + 1, None
    for _word in range(_MOST_WORDS):
        word = _WORD.match(text, end)
        if word is None:
            break
        end = word.end()
        typed = text[start + 1 : end].rstrip(" .'’-")
        person = by_name.get(fold(typed))
        if person is not None:
            best = Mentioned(start, start + 1 + len(typed), person)
    return _with_address(text, best)


def _with_address(text: str, found: Mentioned | None) -> Mentioned | None:
    """Somebody without a name is called by their address: what follows its @ is theirs as well."""
    if found is None:
        return None
    whole = text[found.start + 1 : found.start + 1 + len(found.person.name)]
    is_whole = "@" in whole and whole.casefold() == found.person.name.casefold()
    return found._replace(end=found.start + 1 + len(whole)) if is_whole else found


def headline(text: str) -> tuple[str, str]:
    """A text whose first line titles it, as that line and the rest; "" in its place when it does not."""
    first, _line, rest = text.partition("\n")
    is_title = len(first) <= LONGEST_TITLE and first[:1].isalnum() and not re.match(r"\d+[.)]", first)
    return (first.strip(), rest.strip("\n")) if is_title and rest.strip() else ("", text)


def shown(text: str | None, people: Sequence[Named] = ()) -> Markup:
    """A text as HTML that can do no harm, with its mentions as chips."""
    if not text:
        return Markup()
    if len(_MARKS.findall(text)) > MOST_MARKS:
        return Markup("<p>{}</p>").format(text)
    made = _markdown().render(text, {"people": people})
    clean = nh3.clean(
        made, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener nofollow"
    )
    return Markup(clean)  # noqa: S704  cleaned a line above


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with line breaks as typed; no HTML, image, heading, rule or reference."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
    parser.disable(["image", "heading", "lheading", "hr", "html_block", "html_inline", "reference", "entity"])
    parser.core.ruler.push("names_and_addresses", _mark_texts)
    parser.add_render_rule("mention", _show_mention)
    return parser


def _mark_texts(state: StateCore) -> None:
    """Cut the plain texts where they name somebody or hold a bare address; code and links stay as they are."""
    people = state.env.get("people", ())
    for block in state.tokens:
        if block.type != "inline" or not block.children:
            continue
        made: list[Token] = []
        links = 0
        for token in block.children:
            links += token.nesting if token.type.startswith("link_") else 0
            made.extend(_cut(token, people) if token.type == "text" and not links else [token])
        block.children = made


def _cut(token: Token, people: Sequence[Named]) -> Iterator[Token]:
    text, end = token.content, 0
    marks: list[tuple[int, int, Any]] = [
        (each.start, each.end, each.person.name) for each in mentions(text, people)
    ]
    marks += [(each.start(), each.end(), None) for each in _ADDRESS.finditer(text)]
    for start, stop, name in sorted(marks, key=lambda mark: mark[0]):
        if start < end:
            continue
        yield _text(text[end:start])
        if name is not None:
            yield Token("mention", "", 0, content=name)
        else:
            yield Token("link_open", "a", 1, attrs={"href": text[start:stop]})
            yield _text(text[start:stop])
            yield Token("link_close", "a", -1)
        end = stop
    yield _text(text[end:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _show_mention(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    return f'<span class="mention">@{escape(tokens[index].content)}</span>'
