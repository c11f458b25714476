"""Everything that a person does to clients, in any order, with what must hold after each step.

Hypothesis chooses the steps; each is a real request of a form as the page gives it. Whatever happens, the
database holds what the product promises, and the history replayed from its beginning is what is stored.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from backoffice.clients.models import Address, Client, Contact
from backoffice.core.db import db
from tests.clients.cast import add_clients, browser_of
from tests.databases import Databases
from tests.races.replay import Records, assert_same, facts_after, replayed, stored
from tests.races.rounds import Answer, Racer

#: Few of everything, so that what is chosen meets again.
EMAILS = [f"p{number}@exemple.fr" for number in range(7)]
SIRETS = ["", "73282932000074", "55208131766522"]
MOST_ADDRESSES = 4
which = st.integers(0, 9)
email = st.sampled_from(EMAILS)
Fields = dict[str, list[str]]


# ------------------------------------------------------------------------------------ changes of a whole form


def _rows(fields: Fields, kind: str) -> list[str]:
    """The rows of a form, blank ones at the end included: "contacts-0", …"""
    ids = [name.removesuffix("-id") for name in fields if name.startswith(kind) and name.endswith("-id")]
    return [row for row in ids if "__index__" not in row]


def _row(fields: Fields, kind: str, number: int) -> str:
    """One of them: the last one is blank, and makes a new record of what is written into it."""
    rows = _rows(fields, kind)
    return rows[number % len(rows)]


def _stored_row(fields: Fields, kind: str, number: int) -> str:
    rows = [row for row in _rows(fields, kind) if fields[f"{row}-id"] != [""]]
    return rows[number % len(rows)] if rows else f"{kind}-0"


def rename(fields: Fields, number: int, typed: str) -> None:
    fields["name"] = [f"Société {number}"]


def write_to(fields: Fields, number: int, typed: str) -> None:
    """An e-mail in any row: it changes a contact, or adds one."""
    fields[f"{_row(fields, 'contacts', number)}-email"] = [typed]


def swap(fields: Fields, number: int, typed: str) -> None:
    """Two contacts exchange their e-mails."""
    one, other = (f"{_stored_row(fields, 'contacts', place)}-email" for place in (0, number))
    fields[one], fields[other] = fields[other], fields[one]


def remove_contact(fields: Fields, number: int, typed: str) -> None:
    fields[f"del-{_stored_row(fields, 'contacts', number)}"] = ["on"]


def name_address(fields: Fields, number: int, typed: str) -> None:
    row = _row(fields, "addresses", number)
    fields[f"{row}-label"], fields[f"{row}-city"] = [f"Lieu {number}"], ["Lyon"]


def remove_address(fields: Fields, number: int, typed: str) -> None:
    fields[f"del-{_stored_row(fields, 'addresses', number)}"] = ["on"]


def bill_elsewhere(fields: Fields, number: int, typed: str) -> None:
    fields["billing_same_address"], fields["billing_city"] = ["0"], [f"Ville {number}"]


def bill_here(fields: Fields, number: int, typed: str) -> None:
    fields["billing_same_address"] = ["0", "1"]


def switch(fields: Fields, number: int, typed: str) -> None:
    fields["is_active"] = ["0"] if fields["is_active"][-1] == "1" else ["0", "1"]


def register(fields: Fields, number: int, typed: str) -> None:
    fields["siret"] = [SIRETS[number % len(SIRETS)]]


def put_under(fields: Fields, number: int, typed: str) -> None:
    fields["parent"] = [str(number + 1)]


CHANGES = [
    rename,
    write_to,
    swap,
    remove_contact,
    name_address,
    remove_address,
    bill_elsewhere,
    bill_here,
    switch,
    register,
    put_under,
]
changes = st.lists(st.tuples(st.sampled_from(CHANGES), which, email), min_size=1, max_size=3)


class ClientMachine(RuleBasedStateMachine):
    """The steps, and what holds after each of them."""

    app: ClassVar[Flask]
    databases: ClassVar[Databases]
    #: How often each step was done, and how often refused with a sentence.
    seen: ClassVar[Counter[tuple[str, str]]]

    @initialize()
    def begin(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.databases.renew()
        browser_of(self.app, name="Alice Durand")
        self.alice = Racer(self.app, "alice.durand@office.example")
        place = {"label": "Usine", "city": "Lyon"}
        add_clients(
            self.app,
            [
                {"name": "Une", "email": EMAILS[0], "contacts": [{"email": EMAILS[1]}], "addresses": [place]},
                {"name": "Deux", "email": EMAILS[2]},
            ],
        )
        self.told: Records = {}
        self.there: Records = {}
        self.newest = 0
        self.kept: tuple[str, Fields] | None = None
        self.is_refused = False

    # Steps

    def pick(self, model: Any, number: int) -> int:
        """One of the records that are there (or, when there is none, an id of nothing)."""
        with self.app.app_context():
            ids = db.session.scalars(select(model.id).order_by(model.id)).all()
        return ids[number % len(ids)] if ids else 999

    def send(self, step: str, path: str, fields: dict[str, Any]) -> None:
        answer: Answer = self.alice.send(path, **fields)
        assert answer.status in (200, 302, 404, 409), (step, answer.status, answer.words[:300])
        self.is_refused = answer.status != 302 or answer.category == "error"
        self.seen[step, "refused" if self.is_refused else "done"] += 1

    @rule(address=email, second=st.one_of(st.none(), email), siret=st.sampled_from(SIRETS))
    def create_client(self, address: str, second: str | None, siret: str) -> None:
        fields = {"name": "Neuve", "contacts-0-email": address, "siret": siret}
        if second is not None:
            fields["contacts-1-email"] = second
        self.send("create client", "/client/new/", fields)

    @rule(client=which, wanted=changes)
    def save_form(self, client: int, wanted: Any) -> None:
        self.open_form(client, wanted)
        self.save_kept_form()

    @rule(client=which, wanted=changes)
    def open_form(self, client: int, wanted: Any) -> None:
        """Open a form and fill it in, and leave it there."""
        path = f"/client/edit/?id={self.pick(Client, client)}"
        fields = self.alice.open(path)
        if fields is None:
            self.kept = None
            return
        for change, number, typed in wanted:
            change(fields, number, typed)
        self.kept = path, fields

    @precondition(lambda self: self.kept is not None)
    @rule()
    def save_kept_form(self) -> None:
        """Send the form that lies there, however old it is by now."""
        if self.kept is not None:
            self.send("save form", *self.kept)

    @rule(client=which, number=which, change=st.sampled_from([remove_contact, remove_address, swap]))
    def change_rows(self, client: int, number: int, change: Any) -> None:
        """What a form does to several rows at once is rare among all that can be done: it has a step of its own."""
        path = f"/client/edit/?id={self.pick(Client, client)}"
        fields = self.alice.open(path)
        assert fields is not None
        change(fields, number, "")
        self.send(change.__name__, path, fields)

    @rule(contact=which, address=email)
    def change_email(self, contact: int, address: str) -> None:
        id_ = self.pick(Contact, contact)
        self.send("change e-mail", f"/contact/field/?id={id_}&name=email", {"email": address})

    @rule(client=which, parent=which)
    def set_parent(self, client: int, parent: int) -> None:
        """Put one under another, and then the other under the first: the second half is never carried out."""
        pair = self.pick(Client, client), self.pick(Client, parent)
        for child, above in (pair, pair[::-1]):
            self.send("set parent", f"/client/field/?id={child}&name=parent", {"parent": above})
            self.all_holds()

    @rule(contact=which, step=st.sampled_from(["star", "activate", "deactivate", "delete"]))
    def act_on_contact(self, contact: int, step: str) -> None:
        self.send(f"{step} contact", f"/contact/{step}/", {"id": self.pick(Contact, contact)})

    @rule(address=which, step=st.sampled_from(["default", "delete"]))
    def act_on_address(self, address: int, step: str) -> None:
        self.send(f"{step} address", f"/address/{step}/", {"id": self.pick(Address, address)})

    @rule(client=which)
    def bill_at_main_address(self, client: int) -> None:
        self.send("default address", "/address/default/", {"client": self.pick(Client, client)})

    @rule(client=which, step=st.sampled_from(["activate", "deactivate"]), along=st.booleans())
    def switch_client(self, client: int, step: str, along: bool) -> None:
        fields = {"id": self.pick(Client, client), **({"with_contacts": "1"} if along else {})}
        self.send(f"{step} client", f"/client/{step}/", fields)

    @rule(contact=which, client=which)
    def move_contact(self, contact: int, client: int) -> None:
        fields = {"id": self.pick(Contact, contact), "client": self.pick(Client, client)}
        self.send("move contact", "/contact/move/", fields)

    @rule(contact=which, client=which, address=email)
    def duplicate_contact(self, contact: int, client: int, address: str) -> None:
        path = f"/contact/new/?client={self.pick(Client, client)}"
        fields = self.alice.open(f"{path}&like={self.pick(Contact, contact)}")
        assert fields is not None
        self.send("duplicate contact", path, {**fields, "email": address})

    @precondition(lambda self: len(self._all("address")) < MOST_ADDRESSES)
    @rule(client=which)
    def add_address(self, client: int) -> None:
        path = f"/address/new/?client={self.pick(Client, client)}"
        self.send("add address", path, {"label": "Dépôt", "city": "Metz"})

    @rule(client=which)
    def delete_client(self, client: int) -> None:
        with self.app.app_context():
            if db.session.scalars(select(Client.id)).all()[2:]:  # two stay, or there is nothing left to do
                id_ = self.pick(Client, client)
                self.send("delete client", "/client/delete/", {"id": id_})

    # What holds after each of them

    @invariant()
    def all_holds(self) -> None:
        before = self.there
        with self.app.app_context():
            new = facts_after(db.session, self.newest)
            self.told = replayed(new, self.told)
            self.there = stored(db.session)
            self.newest = new[-1].id if new else self.newest
            keys = db.session.scalars(select(Contact.email_key)).all()
        if self.is_refused:
            assert not new, "a refused step has left facts"
            assert before == self.there, "a refused step has changed something"
        self.is_refused = False
        assert_same(self.told, self.there)
        assert len(set(keys)) == len(keys)
        assert sorted(keys) == sorted(one["email"] for one in self._all("contact").values())
        for id_, client in self._all("client").items():
            self._check(id_, client)

    def _all(self, kind: str) -> dict[int, dict[str, Any]]:
        return {id_: columns for (entity, id_), columns in self.there.items() if entity == kind}

    def _check(self, id_: int, client: dict[str, Any]) -> None:
        """One client: its main contact, its default address, and the way up to its parents."""
        main = self._all("contact").get(client["main_contact_id"])
        assert main is not None
        assert main["client_id"] == id_
        assert main["is_active"] or not client["is_active"]
        if client["billing_address_id"] is not None:
            assert self._all("address")[client["billing_address_id"]]["client_id"] == id_
        above, clients = client["parent_id"], self._all("client")
        for _step in clients:
            assert above != id_, "a circle of parents"
            if above is None:
                break
            above = clients[above]["parent_id"]
