"""What the search over everything (Ctrl K) finds and offers: each feature registers its own.

A provider answers with the first of its records that the words speak of, and says where all of them are. An
action is a page where something begins. Without words a provider may offer what is most likely wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session

from backoffice.core.text import MAX_QUERY_LENGTH, fold, search_terms

#: A provider gives so many hits at the most, and one more where there are others.
MOST = 6


@dataclass(frozen=True)
class Hit:
    """One record or page: what it is called, where it is, and what tells it from others of its name."""

    label: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Provider:
    """Hits of one kind. `find` is asked with the words and how many to give at most: an index must answer it.

    `find_more`, for who can, looks further and may take longer; it begins with what `find` has found. `all_of`
    leads to the list of all that match, for a provider that has one.
    """

    key: str
    title: Any
    find: Callable[[Session, str, int], Sequence[Hit]]
    right: str
    position: int = 100
    all_of: Callable[[str], Hit] | None = None
    find_more: Callable[[Session, str, int], Sequence[Hit]] | None = None


@dataclass(frozen=True)
class Action:
    """Something that one begins from anywhere; `words` are further ones by which it is found."""

    key: str
    label: Any
    url: str
    right: str
    words: Any = ""
    position: int = 100


@dataclass(frozen=True)
class Group:
    """Hits under their title; `is_rest` where the only one leads further."""

    key: str
    title: str
    hits: Sequence[Hit]
    is_rest: bool = False


_providers: dict[str, Provider] = {}
_actions: dict[str, Action] = {}


def register(found: Provider | Action) -> None:
    """Add a provider or an action; one of the same key takes its place."""
    if isinstance(found, Provider):
        _providers[found.key] = found
    else:
        _actions[found.key] = found


def search(session: Session, typed: str, at_once: bool = False) -> list[Group]:
    """What the person who is logged in may find by these words, in groups, each in its order.

    `at_once` leaves out what takes longer.
    """
    words = " ".join(typed[:MAX_QUERY_LENGTH].replace("\x00", " ").split())
    allowed = [one for one in _providers.values() if current_user.can(one.right)]
    providers = sorted(allowed, key=lambda one: one.position)
    groups = [_group(session, provider, words, at_once) for provider in providers]
    found = [group for group in groups if group.hits]
    if at_once or not words:
        return found
    rest = [one.all_of(words) for one in providers[:1] if one.all_of and not found]
    return found + [Group("rest", "", rest, is_rest=True)] * bool(rest)


def _group(session: Session, provider: Provider, words: str, at_once: bool) -> Group:
    find = provider.find if at_once else provider.find_more or provider.find
    found = list(find(session, words, MOST + 1))
    hits = found[:MOST]
    if len(found) > MOST and provider.all_of is not None:
        hits.append(provider.all_of(words))
    return Group(provider.key, str(provider.title), hits)


def actions(words: str) -> list[Hit]:
    """The actions that the person who is logged in may begin, all of them or those that the words speak of."""
    allowed = [one for one in _actions.values() if current_user.can(one.right)]
    ordered = sorted(allowed, key=lambda one: one.position)
    return [Hit(str(one.label), one.url) for one in ordered if speaks_of(words, f"{one.label} {one.words}")]


def speaks_of(words: str, text: str) -> bool:
    """Does each of the words begin a word of the text? They do when there are none."""
    return speaker(words)(fold(text))


def speaker(words: str) -> Callable[[str], bool]:
    """The same, of many texts that are folded already."""
    wanted = [[f" {term}" for term in terms] for terms in search_terms(words)]
    return lambda folded: all(any(term in f" {folded}" for term in terms) for terms in wanted)
