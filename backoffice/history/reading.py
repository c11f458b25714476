"""A page of the history: so many facts from a position on, told; no action is torn apart that fits on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.admin import pager
from backoffice.core.audit import Fact
from backoffice.core.undoing import Person
from backoffice.history import plans, queries
from backoffice.history.names import Names, Ref
from backoffice.history.tales import Action, Teller

#: The most facts of a page, and the most letters that they may hold: a page stays light whatever was written.
PAGE_SIZE = 60
MOST_LETTERS = 20_000
#: The history of a record goes by the order in which it was written, the journal by the moment.
AS_WRITTEN = pager.Order(())
BY_MOMENT = pager.Order((Fact.at,))


@dataclass(frozen=True)
class Leaf:
    """The actions of a page, and the position of the next one."""

    actions: list[Action]
    more: str | None


def read(
    session: Session,
    ids: Select[int],
    order: pager.Order,
    after: str | None,
    reader: Person,
    own: Ref | None = None,
) -> Leaf:
    """The page of these facts that begins after a position."""
    page = pager.fetch(session, ids, Fact.id, order, descending=True, after=after, size=PAGE_SIZE)
    found = {fact.id: fact for fact in session.scalars(queries.facts(page.ids))} if page.ids else {}
    all_facts = [found[id_] for id_ in page.ids]
    facts = _whole_actions(all_facts, has_more=page.next is not None)
    is_last = page.next is None and len(facts) == len(all_facts)
    more = None if is_last else _position(facts[-1], order)
    actions = Teller(Names(session, facts), own).actions(facts)
    _offer(actions, facts, reader)
    return Leaf(actions, more)


def _offer(actions: list[Action], facts: Sequence[Fact], reader: Person) -> None:
    """Say of which actions the reader may be offered to take them back: from these facts, without a query."""
    undone = plans.undone(facts)
    for action in actions:
        own = [fact for fact in facts if fact.action == action.id]
        refs = plans.offered(reader, own)
        action.back = [ref for ref in refs if (action.id, ref) not in undone]
        action.is_undone = bool(refs) and not action.back


def _whole_actions(facts: Sequence[Fact], has_more: bool) -> list[Fact]:
    """As many as a page may hold, without the beginning of an action whose end would stand on the next one."""
    kept, letters = list(facts), 0
    for place, fact in enumerate(facts):
        letters += sum(len(value) for value in (fact.before, fact.after) if isinstance(value, str))
        if letters > MOST_LETTERS and place:
            kept, has_more = list(facts[:place]), True
            break
    if not has_more or len({fact.action for fact in kept}) == 1:
        return kept
    torn = kept[-1].action
    while kept[-1].action == torn:
        kept.pop()
    return kept


def _position(fact: Fact, order: pager.Order) -> str:
    keys: tuple[Any, ...] = (fact.at, fact.id) if order is BY_MOMENT else (fact.id,)
    return pager.write_position(keys)
