"""Searches by the index of each engine: what is rare and what is common are both found in milliseconds.

PostgreSQL has a trigram index on the texts, SQLite a full-text table for each kind of record, kept by triggers of
`search_text` (see its migration). Few finds are all fetched and sorted; where there are many, the list is walked in
its order until a page is full. Which of the two, PostgreSQL estimates and SQLite counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Executable,
    FromClause,
    Row,
    Select,
    and_,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.sql.selectable import Join
from sqlalchemy.types import Boolean

from backoffice.core.counting import counted
from backoffice.core.search_text import SearchText
from backoffice.core.text import search_terms

#: Up to so many finds are sorted as they are; of more, the beginning of the list is walked until a page is full.
FEW = 5_000
#: So much of the list is walked at most (10 to 20 ms).
WALKED = 10_000

#: What makes the full-text table of a kind anew from all texts, on SQLite.
REFILL = (
    "INSERT INTO {kind}_words({kind}_words) VALUES('delete-all')",
    "INSERT INTO {kind}_words(rowid, text) SELECT record_id, text FROM search_text WHERE kind = '{kind}'",
)


class Search:
    """What somebody looks for among the records of one kind: every word must begin a word of their texts."""

    def __init__(self, kind: str, query: str) -> None:
        self._kind = kind
        self._terms = search_terms(query)
        self._words = table(f"{kind}_words", column("rowid"))

    def __bool__(self) -> bool:
        """Is there a word in it at all?"""
        return bool(self._terms)

    @property
    def ids(self) -> Select[int]:
        """The ids of what is found, in no order."""
        is_found = _by_engine(SearchText.record_id.in_(self._rowids), self._is_like)
        return select(SearchText.record_id).where(self._is_of_kind, is_found)

    def among(self, session: Session, ids: Select[Any], key: Any) -> Select[Any]:
        """Those of the selected records that are found; `key` is the column that names the record of the text."""
        if not _is_sqlite(session):
            text = and_(self._is_of_kind, SearchText.record_id == key)
            return ids.join_from(key.class_, SearchText, text).where(self._is_like)
        # Left to itself the planner may read the whole table and ask the index for each row of it.
        found = _FoundFirst(self._words, key.table, key == self._words.c.rowid)
        return ids.select_from(found).where(self._is_matched)

    def first(self, session: Session, ordered: Select[Any], key: Any, number: int) -> Sequence[Row[Any]]:
        """The first so many rows of an ordered query that are found."""
        if not _is_sqlite(session):
            few = self._estimate(session) <= FEW
            found = self._fetched(ordered, key) if few else self.among(session, ordered, key)
            return session.execute(found.limit(number)).all()
        if self._are_many(session):
            rows = session.execute(self._walk(ordered, key, number)).all()
            if len(rows) == number:
                return rows
        return session.execute(self.among(session, ordered, key).limit(number)).all()

    def _are_many(self, session: Session) -> bool:
        return (session.scalar(select(counted(self._rowids, FEW + 1))) or 0) > FEW

    def _estimate(self, session: Session) -> int:
        plan: Any = session.scalar(_Explained(self.ids))
        return int(plan[0]["Plan"]["Plan Rows"])

    def _fetched(self, ordered: Select[Any], key: Any) -> Select[Any]:
        """All finds first: left to itself the planner may walk the whole list for some that stand at its end."""
        found = self.ids.cte("found").prefix_with("MATERIALIZED")
        return ordered.join_from(key.class_, found, found.c.record_id == key)

    def _walk(self, ordered: Select[Any], key: Any, number: int) -> Select[Any]:
        """Only the beginning of the ordered rows, each asked for its text."""
        start = ordered.add_columns(key.label("searched_id")).limit(WALKED).subquery()
        said = self._every(lambda word: func.instr(SearchText.text, f" {word}") > 0)
        has_words = select(literal(1)).where(
            self._is_of_kind, SearchText.record_id == start.c.searched_id, said
        )
        # Its rows come in the order in which it read them: they are not sorted again.
        return select(*list(start.c)[:-1]).where(has_words.exists()).limit(number)

    @property
    def _is_of_kind(self) -> ColumnElement[bool]:
        return SearchText.kind == self._kind

    @property
    def _is_like(self) -> ColumnElement[bool]:
        # Words are letters and digits: nothing in them has a meaning of its own for LIKE.
        return self._every(lambda word: SearchText.text.like(f"% {word}%"))

    def _every(self, says: Callable[[str], ColumnElement[bool]]) -> ColumnElement[bool]:
        return and_(*(or_(*map(says, term)) for term in self._terms))

    @property
    def _rowids(self) -> Select[Any]:
        return select(self._words.c.rowid).where(self._is_matched)

    @property
    def _is_matched(self) -> ColumnElement[bool]:
        name: ColumnElement[str] = literal_column(self._words.name)
        return name.op("MATCH", is_comparison=True)(" AND ".join(map(_any_of, self._terms)))


def _any_of(words: Iterable[str]) -> str:
    """One term in the language of the full-text table: words have no sign in them that could end the quotes."""
    return "(" + " OR ".join(f'"{word}"*' for word in words) + ")"


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


class _by_engine(FunctionElement[bool]):  # noqa: N801 - reads as a function of SQL
    """The first condition on SQLite, the second one elsewhere."""

    type = Boolean()
    inherit_cache = True
    _is_implicitly_boolean = True  # SQLite would compare it with 1


@compiles(_by_engine)
def _on_others(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(list(element.clauses)[1], **options)})"


@compiles(_by_engine, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(next(iter(element.clauses)), **options)})"


class _Explained(Executable, ClauseElement):
    """What PostgreSQL would do for a query, which it is not asked to do."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Explained)
def _explained(element: Any, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


class _FoundFirst(Join):
    """A join whose left side SQLite reads first, whatever its planner thinks."""

    __visit_name__ = "found_first"
    inherit_cache = True


@compiles(_FoundFirst)
def _joined(element: Any, compiler: Any, asfrom: bool = True, from_linter: Any = None, **options: Any) -> str:
    def side(clause: FromClause) -> str:
        return str(compiler.process(clause, asfrom=True, from_linter=from_linter, **options))

    if from_linter:
        from_linter.edges.add((element.left, element.right))
    return f"{side(element.left)} CROSS JOIN {side(element.right)} ON {compiler.process(element.onclause, **options)}"
