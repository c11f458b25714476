"""How the history speaks of records: each feature says it of its own, in the order in which filters name them.

A sentence goes on after the name of whoever acted: "a modifié le contact %(name)s". It may name the record (`name`),
what a value was and is (`before`, `after`) and what records of this kind are called (`kind`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func

from backoffice.core.audit import owner_of

#: A sentence; or one by what the value has become, under None the one for all others; or what makes it of both values.
Sentence = Any


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of record as the history tells of it."""

    model: Any
    #: What records of this kind are called together, for filters: "Contacts".
    name: Any
    created: Sentence
    changed: Sentence
    deleted: Sentence
    #: The name of a record, in SQL and in the language of the screen.
    named: Callable[[], Any]
    #: The fields that its name was made of, for a record that is gone.
    name_fields: tuple[str, ...]
    #: The endpoint of its page, when it has one.
    page: str = ""
    #: How values of a field read, where the column does not say it.
    shows: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    #: What a field without a value means.
    blanks: Mapping[str, Any] = field(default_factory=dict)
    #: Fields of which another fact tells already.
    hides: Collection[str] = ()
    #: Its fields are shown on demand: in the history of its owner it is one line.
    is_brief: bool = False

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)

    @property
    def owner(self) -> str:
        """The table of the records whose history tells of these."""
        return str(owner_of(self.model)[0])


_kinds: dict[str, Kind] = {}
_sentences: dict[tuple[str, str], Sentence] = {}
#: Through what something was changed, as screens call it.
VIAS: dict[str, Any] = {
    "screen": _("écran"),
    "command": _("commande"),
    "worker": _("travail de fond"),
    "undo": _("annulation"),
}


def tell_of(kind: Kind, sentences: Mapping[str, Sentence] | None = None) -> None:
    """Say how the history tells of a kind of record, and of those of its fields that have sentences of their own."""
    _kinds[kind.table] = kind
    for name, sentence in (sentences or {}).items():
        say(kind.table, name, sentence)


def say(table: str, name: str, sentence: Sentence) -> None:
    """Give a field, or a note on a record, its sentence."""
    _sentences[table, name] = sentence


def kinds() -> list[Kind]:
    """All kinds, in the order of the features."""
    return list(_kinds.values())


def kind_of(table: str) -> Kind | None:
    """How the records of this table are told of; None for a table that nobody speaks for."""
    return _kinds.get(table)


def sentence_of(table: str, name: str, before: Any, after: Any) -> Any:
    """The sentence of a field that has become this; None when it is told as any other field."""
    found = _sentences.get((table, name))
    if isinstance(found, Mapping):
        return found.get(after, found.get(None)) if isinstance(after, str | bool) else found.get(None)
    return found(before, after) if callable(found) else found


@cache
def columns_of(model: Any) -> dict[str, Any]:
    """The columns of a kind of record by attribute, those that only some of them have too."""
    return {
        attribute.key: attribute.columns[0]
        for mapper in model.__mapper__.self_and_descendants
        for attribute in mapper.column_attrs
    }


def fields_of(kind: Kind) -> dict[str, Any]:
    """The labels of the fields that the history tells of."""
    return {
        name: column.info["label"]
        for name, column in columns_of(kind.model).items()
        if column.info.get("label") and column.info.get("audited", True) and name not in kind.hides
    }


def person_name(model: Any) -> ColumnElement[Any]:
    """First and last name in SQL, or the e-mail address of somebody without a name."""
    both = func.trim(func.coalesce(model.first_name, "") + " " + func.coalesce(model.last_name, ""))
    return func.coalesce(func.nullif(both, ""), model.email)


def choice_name(model: Any) -> ColumnElement[Any]:
    """The label of a choice in SQL, in the language of the screen."""
    is_english = str(get_locale()) == "en"
    return func.coalesce(model.label_en, model.label) if is_english else model.label


PERSON_FIELDS = ("first_name", "last_name", "email")
