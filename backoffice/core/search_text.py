"""The searchable text of a record, kept in the transaction of the change by contributions.

A feature registers what it adds to the text of a kind of record (`contribute`) and which of its objects
make a text stale (`depends`). After the changes of a transaction are flushed and before it commits, the
texts of the records concerned are composed again from the database.

The text is a run of folded words, each led by a space, so that ` word` finds the beginning of a word. How they
are looked through is told by `search_index`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, Text, and_, delete, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backoffice.core.db import Base, insert_into

#: From ids to the folded words under which each record is found (see `core.text.search_tokens`).
Contribution = Callable[[Session, Sequence[int]], Mapping[int, Iterable[str]]]
#: From a changed object to the id of the record whose text it is part of.
Owner = Callable[[Any], int | None]

_contributions: dict[str, list[Contribution]] = defaultdict(list)
_dependents: dict[type, list[tuple[str, Owner]]] = defaultdict(list)
_STALE = "stale_search_texts"
_CHUNK = 500


class SearchText(Base):
    """The folded words by which one record is found."""

    __tablename__ = "search_text"
    __audited__ = False

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


def contribute(kind: str, contribution: Contribution) -> None:
    """Add to the searchable text of a kind of record."""
    if contribution not in _contributions[kind]:
        _contributions[kind].append(contribution)


def depends(kind: str, model: type, owner: Owner) -> None:
    """A change of an object of this model makes the text of its owner stale."""
    _dependents[model] = [pair for pair in _dependents[model] if pair[0] != kind] + [(kind, owner)]


def compose(words: Iterable[str]) -> str:
    """The kept form of what was contributed: each word once, led by a space."""
    return "".join(f" {word}" for word in dict.fromkeys(words))


def begins_with(column: Any, folded: str) -> ColumnElement[bool]:
    """Does this column of folded text begin so? Said as a range, for which both engines use its index."""
    found = [column >= folded, column.startswith(folded, autoescape=True)]
    if (beyond := _after(folded)) is not None:
        found.append(column < beyond)
    return and_(*found)


def _after(folded: str) -> str | None:
    """What comes after all that begins so in any collation, None where that can't be said."""
    shorter = folded.rstrip("z")
    last = shorter[-1:]
    if not last.isascii() or not last.isalnum():
        return None
    return shorter[:-1] + ("a" if last == "9" else chr(ord(last) + 1))


def rebuild(session: Session, kind: str, ids: Sequence[int]) -> None:
    """Compose the texts of these records anew and keep them."""
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        texts: dict[int, list[str]] = defaultdict(list)
        for contribution in _contributions[kind]:
            for record_id, contributed in contribution(session, chunk).items():
                texts[record_id].extend(contributed)
        if gone := set(chunk) - texts.keys():
            session.execute(delete(SearchText).where(SearchText.kind == kind, SearchText.record_id.in_(gone)))
        rows = [{"kind": kind, "record_id": key, "text": compose(value)} for key, value in texts.items()]
        if rows:
            _keep(session, rows)


def _keep(session: Session, rows: list[dict[str, Any]]) -> None:
    """Add texts, or put them in the place of those that are there."""
    added = insert_into(SearchText, session)
    key = [SearchText.kind, SearchText.record_id]
    session.execute(added.on_conflict_do_update(index_elements=key, set_={"text": added.excluded.text}), rows)


def _lock(session: Session, kind: str, ids: Sequence[int]) -> None:
    """Wait for whoever composes these texts at the same moment, so as to see what they have changed.

    SQLite lets one writer in at a time, and needs no lock.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    texts = select(SearchText.record_id).where(SearchText.kind == kind, SearchText.record_id.in_(ids))
    session.execute(texts.order_by(SearchText.record_id).with_for_update()).all()


@event.listens_for(Session, "after_flush")
def _note_stale(session: Session, context: Any) -> None:
    for obj in (*session.new, *session.dirty, *session.deleted):
        for kind, owner in _dependents.get(type(obj), ()):
            record_id = owner(obj)
            if record_id is not None:
                session.info.setdefault(_STALE, set()).add((kind, record_id))


@event.listens_for(Session, "before_commit")
def _refresh_stale(session: Session) -> None:
    session.flush()
    stale: set[tuple[str, int]] = session.info.pop(_STALE, set())
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, record_id in sorted(stale):
        by_kind[kind].append(record_id)
    for kind, ids in by_kind.items():
        _lock(session, kind, ids)
        rebuild(session, kind, ids)


@event.listens_for(Session, "after_rollback")
def _forget_stale(session: Session) -> None:
    session.info.pop(_STALE, None)
