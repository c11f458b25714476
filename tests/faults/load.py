"""Eight people who create clients as fast as they are answered, and what they were told; and what is there then."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.faults.site import Site
from tests.faults.visitor import NoAnswer, Visitor
from tests.forms import Form

PEOPLE = 8
#: Nobody goes on for ever, whatever a test forgets.
MOST_SECONDS = 60
_PAUSE = 0.05


@dataclass
class Told:
    """What the people were told: which clients are acknowledged and when, and how else they were answered."""

    acknowledged: dict[str, float] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    def since(self, moment: float) -> list[float]:
        """When clients were acknowledged after this moment."""
        return sorted(at for at in self.acknowledged.values() if at > moment)


class Load:
    """The people at work, at one or several addresses: who is not answered goes to the next one."""

    def __init__(self, site: Site, ports: Sequence[int], name: str = "Charge") -> None:
        self.told, self._name = Told(), name
        self._ports, self._lock, self._over = list(ports), threading.Lock(), threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(number, site.visitor(ports[number % len(ports)])))
            for number in range(PEOPLE)
        ]

    def begin(self) -> Load:
        for each in self._threads:
            each.start()
        return self

    def end(self) -> Told:
        self._over.set()
        for each in self._threads:
            each.join()
        return self.told

    def _work(self, number: int, visitor: Visitor) -> None:
        until, form = time.monotonic() + MOST_SECONDS, None
        for turn in count():
            if self._over.is_set() or time.monotonic() > until:
                return
            try:
                form = form or visitor.get("/client/new/").form("#record")
                self._create(visitor, form, f"{self._name} {number}-{turn}")
            except (NoAnswer, AssertionError) as error:
                self._count(type(error).__name__)
                visitor.port = self._ports[(self._ports.index(visitor.port) + 1) % len(self._ports)]
                time.sleep(2 * _PAUSE)

    def _create(self, visitor: Visitor, form: Form, name: str) -> None:
        email = f"{name.replace(' ', '.').lower()}@charge.example"
        own = {"name": name, "contacts-0-email": email, "idempotency_key": uuid.uuid4().hex}
        answer = visitor.post("/client/new/", form.fields(own))
        with self._lock:
            self.told.slowest = max(self.told.slowest, answer.seconds)
            if answer.status == 302 and "/client/details/" in answer.goes_to:
                self.told.acknowledged[name] = time.monotonic()
                return
        self._count(str(answer.status))
        time.sleep(_PAUSE)

    def _count(self, how: str) -> None:
        with self._lock:
            self.told.refused[how] += 1


@contextmanager
def load(site: Site, *ports: int, name: str = "Charge") -> Iterator[Told]:
    """Load for as long as the block; whatever happens in it, the people go home."""
    people = Load(site, ports, name).begin()
    try:
        yield people.told
    finally:
        people.end()


# ------------------------------------------------------------------------------------------ what is there

_WHOLE = {
    "main contact": "(SELECT count(*) FROM contact WHERE contact.id = client.main_contact_id"
    " AND contact.client_id = client.id)",
    "contact": "(SELECT count(*) FROM contact WHERE contact.client_id = client.id)",
    "fact": "(SELECT count(*) FROM fact WHERE entity = 'client' AND entity_id = client.id"
    " AND operation = 'create' AND field = 'name')",
    "fact of the contact": "(SELECT count(*) FROM fact WHERE entity = 'contact' AND owner_id = client.id"
    " AND operation = 'create' AND field = 'email')",
    "searchable text": "(SELECT count(*) FROM search_text WHERE kind = 'client' AND record_id = client.id)",
    "form": "(SELECT count(*) FROM idempotency_key WHERE purpose = 'client' AND record_id = client.id)",
}


def lost(site: Site, told: Told) -> list[str]:
    """What was acknowledged and is not there."""
    there = {name for (name,) in site.rows("SELECT name FROM client")}
    return sorted(told.acknowledged.keys() - there)


def halves(site: Site) -> list[str]:
    """The clients that are not whole: exactly one of all that belongs to a client made by its form."""
    found = []
    for what, counted in _WHOLE.items():
        for name, number in site.rows(f"SELECT name, {counted} FROM client WHERE name LIKE 'Charge%'"):
            if number != 1:
                found.append(f"{name}: {number} of its {what}")
    return found + _broken(site)


def _broken(site: Site) -> list[str]:
    orphans = site.rows(
        "SELECT id FROM contact WHERE NOT EXISTS (SELECT 1 FROM client WHERE client.id = contact.client_id)"
    )
    found = [f"contact {id_} of nobody" for (id_,) in orphans]
    if site.engine == "sqlite":
        found += [str(line) for line in site.rows("PRAGMA foreign_key_check")]
        found += [line for (line,) in site.rows("PRAGMA integrity_check") if line != "ok"]
    return found
