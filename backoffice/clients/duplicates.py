"""Clients that may be the one that is being typed: near name, same SIREN, e-mail or web domain.

Asked while one types, on a million clients too: each question is a few seeks in an index, and what comes back
is counted in tens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from backoffice.clients.models import Client, Contact
from backoffice.core.problems import Rejected
from backoffice.core.text import bare_name, fold
from backoffice.core.validators.email import clean_email, email_key
from backoffice.core.validators.siren import clean_siren
from backoffice.core.validators.siret import clean_siret, siren_of
from backoffice.core.validators.website import clean_website, website_domain

#: From which likeness (of 100) two names count as near.
NEAR_ENOUGH = 85
SHORTEST_NAME = 3
MOST_SHOWN = 5
_MOST_EMAILS = 20
#: How many names before and after a wanted one are looked at, in the order of the index.
_NEIGHBOURS = 50
_FEW_NEIGHBOURS = 8
#: Where a stored name may begin otherwise than the wanted one.
_STARTS = ("sas", "sarl", "sa", "eurl", "sci", "societe", "ets", "groupe")
#: Hosts under which many companies have a page: sharing one says nothing.
_SHARED_HOSTS = frozenset(
    {"facebook.com", "fr-fr.facebook.com", "instagram.com", "linkedin.com", "fr.linkedin.com", "sites.google.com", "pagesjaunes.fr"}
)  # fmt: skip


@dataclass(frozen=True)
class Typed:
    """What the form says of the client so far. `id` is its own, on edit."""

    name: str = ""
    siren: str = ""
    siret: str = ""
    website: str = ""
    emails: Sequence[str] = ()
    id: int | None = None


@dataclass
class Likely:
    """The clients that resemble what was typed, each named once, by the strongest likeness."""

    same_siren: list[Client] = field(default_factory=list)
    same_email: list[Client] = field(default_factory=list)
    near_name: list[Client] = field(default_factory=list)
    same_website: list[Client] = field(default_factory=list)

    @property
    def everyone(self) -> list[Client]:
        return [*self.same_siren, *self.same_email, *self.near_name, *self.same_website]

    @property
    def inactive(self) -> list[Client]:
        return [client for client in self.everyone if not client.is_active]


def likely(session: Session, typed: Typed) -> Likely:
    """The clients, active or not, that may be the one that is typed."""
    found, seen = Likely(), {typed.id}
    for name, ids in (
        ("same_siren", _with_siren(session, typed)),
        ("same_email", _with_email(session, typed.emails)),
        ("near_name", near_ids(session, typed.name)),
        ("same_website", _with_website(session, typed.website)),
    ):
        fresh = [id_ for id_ in ids if id_ not in seen][:MOST_SHOWN]
        seen.update(fresh)
        setattr(found, name, _clients(session, fresh))
    return found


def near_names(session: Session, name: str) -> list[Client]:
    """The clients, active or not, whose names are nearly this one, the nearest first."""
    return _clients(session, near_ids(session, name)[:MOST_SHOWN])


def near_ids(session: Session, name: str) -> list[int]:
    """The clients whose names are nearly this one, the nearest first."""
    wanted = bare_name(name)
    if len(wanted) < SHORTEST_NAME:
        return []
    candidates = {row.id: bare_name(row.name) for row in session.execute(_neighbours(wanted, fold(name)))}
    near = process.extract(
        wanted, candidates, scorer=fuzz.WRatio, limit=4 * MOST_SHOWN, score_cutoff=NEAR_ENOUGH
    )
    return [id_ for _name, _score, id_ in near if _is_near(wanted, candidates[id_])]


def _is_near(wanted: str, name: str) -> bool:
    """A short word inside a long name is no likeness of the two."""
    return min(len(wanted), len(name)) * 2 >= max(len(wanted), len(name)) or name.startswith(f"{wanted} ")


def _neighbours(wanted: str, typed: str) -> Select[Any]:
    """The names that stand beside the wanted one in the index, and beside other ways to begin it."""
    first, _space, rest = wanted.partition(" ")
    plural = f"{first[:-1] if first.endswith('s') else first + 's'} {rest}".strip()
    shorter = wanted[: max(SHORTEST_NAME, len(wanted) * 2 // 3)]
    parts = [*_beside(wanted, _NEIGHBOURS), *_beside(shorter, _NEIGHBOURS), *_beside(plural, _FEW_NEIGHBOURS)]
    if typed != wanted:
        parts += _beside(typed, _FEW_NEIGHBOURS)
    parts += (next(_beside(f"{start} {wanted}", _FEW_NEIGHBOURS)) for start in _STARTS)
    beside = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return select(beside.c.id, beside.c.name)


def _beside(start: str, most: int) -> Iterator[Any]:
    names = select(Client.id, Client.name)
    yield names.where(Client.name_key >= start).order_by(Client.name_key, Client.id).limit(most)
    yield names.where(Client.name_key < start).order_by(Client.name_key.desc(), Client.id.desc()).limit(most)


def _with_siren(session: Session, typed: Typed) -> Iterable[int]:
    siret = _sound(clean_siret, typed.siret)
    siren = siren_of(siret) if siret else _sound(clean_siren, typed.siren)
    return _ids(session, select(Client.id).where(Client.siren == siren)) if siren else ()


def _with_email(session: Session, emails: Sequence[str]) -> Iterable[int]:
    keys = {email_key(email) for typed in emails[:_MOST_EMAILS] if (email := _sound(clean_email, typed))}
    return _ids(session, select(Contact.client_id).where(Contact.email_key.in_(keys))) if keys else ()


def _with_website(session: Session, website: str) -> Iterable[int]:
    host = website_domain(_sound(clean_website, website))
    if not host or host in _SHARED_HOSTS:
        return ()
    return _ids(session, select(Client.id).where(Client.website_key == host))


def _ids(session: Session, statement: Select[Any]) -> Iterable[int]:
    """One more than are shown: one of them may be the client itself."""
    return session.scalars(statement.limit(MOST_SHOWN + 1)).all()


def _clients(session: Session, ids: Sequence[int]) -> list[Client]:
    if not ids:
        return []
    by_id = {client.id: client for client in session.scalars(select(Client).where(Client.id.in_(ids)))}
    return [by_id[id_] for id_ in ids if id_ in by_id]


def _sound(cleaner: Any, typed: str) -> str:
    try:
        return str(cleaner(typed[:200]))
    except Rejected:
        return ""
