"""Two at once around the star and the default address: there is always exactly one, and it is the client's own."""

from __future__ import annotations

import pytest

from backoffice.clients.models import Address, Client, Contact
from tests.clients.cast import add_clients
from tests.races.rounds import ROUNDS, Race, Racer

CHOOSE_FIRST = "Choisissez d'abord"


@pytest.fixture
def two(race: Race) -> list[Racer]:
    return race.people("Alice Durand", "Bruno Petit")


def clients(race: Race) -> list[tuple[int, list[int], list[int]]]:
    """A client for each round, with three contacts (the first is the main one) and two addresses: their ids."""
    ids = add_clients(
        race.app,
        [
            {
                "name": f"Société {number}",
                "contacts": [{"email": f"{who}@c{number}.example"} for who in ("paul", "zoe")],
                "addresses": [{"label": label, "city": "Lyon"} for label in ("Usine", "Dépôt")],
            }
            for number in range(ROUNDS)
        ],
    )
    people: dict[int, list[int]] = {id_: [] for id_ in ids}
    places: dict[int, list[int]] = {id_: [] for id_ in ids}
    for model, by_client in ((Contact, people), (Address, places)):
        for id_, client_id in race.values(model.id, model.client_id):
            by_client[client_id].append(id_)
    return [(id_, people[id_], places[id_]) for id_ in ids]


def main_of(race: Race, client_id: int) -> tuple[int, list[int]]:
    """Who the main contact of a client is, and who its contacts are."""
    (main,) = race.values(Client.main_contact_id, id=client_id)
    return main, race.values(Contact.id, client_id=client_id)


def test_two_stars_at_once_leave_one(race: Race, two: list[Racer]) -> None:
    alice, bruno = two
    all_clients = clients(race)
    for number in race.rounds():
        client, (first, second, third), _places = all_clients[number]
        race.run(
            alice.will(f"/contact/star/?id={second}"),
            bruno.will(f"/contact/star/?id={third}"),
        )
        main, people = main_of(race, client)
        assert main in (second, third)
        assert people == [first, second, third]
        other = third if main == second else second
        assert race.facts("client", client, "main_contact_id")[-2:] == [(first, other), (other, main)]


def test_a_star_against_its_undo_leaves_the_newer_choice(race: Race, two: list[Racer]) -> None:
    """Taken back is only what still stands: whoever has chosen somebody else meanwhile keeps them."""
    alice, bruno = two
    all_clients = clients(race)
    for number in race.rounds():
        client, (first, second, third), _places = all_clients[number]
        alice.send(f"/contact/star/?id={second}")
        undone, chosen = race.run(
            alice.will(f"/contact/star/?id={first}", instead_of=second),
            bruno.will(f"/contact/star/?id={third}"),
        )
        assert chosen.is_done
        assert main_of(race, client)[0] == third
        assert undone.is_done or "a changé entre-temps" in undone.said[0]


def test_deleting_a_contact_against_starring_it(race: Race, two: list[Racer]) -> None:
    alice, bruno = two
    all_clients = clients(race)
    for number in race.rounds():
        client, (first, second, third), _places = all_clients[number]
        starred, deleted = race.run(
            alice.will(f"/contact/star/?id={second}"),
            bruno.will("/contact/delete/", id=second),
        )
        main, people = main_of(race, client)
        assert starred.is_done != deleted.is_done
        if starred.is_done:
            assert (main, people) == (second, [first, second, third])
            assert CHOOSE_FIRST in deleted.said[0]
        else:
            assert (main, people) == (first, [first, third])
            assert starred.status == 404


def test_deactivating_a_contact_against_starring_it(race: Race, two: list[Racer]) -> None:
    alice, bruno = two
    all_clients = clients(race)
    for number in race.rounds():
        client, (first, second, _third), _places = all_clients[number]
        starred, gone = race.run(
            alice.will(f"/contact/star/?id={second}"),
            bruno.will(f"/contact/deactivate/?id={second}"),
        )
        assert starred.is_done != gone.is_done
        main, _people = main_of(race, client)
        assert main == (second if starred.is_done else first)
        assert race.values(Contact.is_active, id=main) == [True]
        refused = gone if starred.is_done else starred
        assert CHOOSE_FIRST in refused.said[0] or "Un contact inactif ne peut pas" in refused.said[0]


def test_moving_a_contact_away_against_starring_it(race: Race, two: list[Racer]) -> None:
    alice, bruno = two
    all_clients = clients(race)
    (elsewhere,) = add_clients(race.app, [{"name": "Ailleurs"}])
    for number in race.rounds():
        client, (_first, second, _third), _places = all_clients[number]
        starred, moved = race.run(
            alice.will(f"/contact/star/?id={second}"),
            bruno.will(f"/contact/move/?id={second}", client=elsewhere),
        )
        assert moved.is_done != (main_of(race, client)[0] == second)
        main, people = main_of(race, client)
        assert main in people
        if moved.is_done and starred.is_done:  # moved first: it is the star of the other client now
            assert race.values(Client.main_contact_id, id=elsewhere) == [second]


def test_removing_a_contact_in_the_form_against_starring_it(race: Race, two: list[Racer]) -> None:
    alice, bruno = two
    all_clients = clients(race)
    for number in race.rounds():
        client, (first, second, third), _places = all_clients[number]
        row = {"contacts-1-id": second, "del-contacts-1": "on", "row_version": 1}
        starred, saved = race.run(
            alice.will(f"/contact/star/?id={second}"),
            bruno.will(f"/client/edit/?id={client}", **{"contacts-0-id": first, **row}),
        )
        main, people = main_of(race, client)
        if starred.is_done:
            assert (main, people, saved.status) == (second, [first, second, third], 409)
        else:
            assert (main, people, starred.status) == (first, [first, third], 404)


def test_two_default_addresses_at_once_leave_one(race: Race, two: list[Racer]) -> None:
    alice, bruno = two
    all_clients = clients(race)
    for number in race.rounds():
        client, _people, (first, second) = all_clients[number]
        race.run(
            alice.will(f"/address/default/?id={first}"),
            bruno.will(f"/address/default/?id={second}"),
        )
        (default,) = race.values(Client.billing_address_id, id=client)
        assert default in (first, second)
        other = second if default == first else first
        assert race.facts("client", client, "billing_address_id") == [(None, other), (other, default)]


def test_deleting_an_address_against_making_it_the_default(race: Race, two: list[Racer]) -> None:
    alice, bruno = two
    all_clients = clients(race)
    for number in race.rounds():
        client, _people, (first, second) = all_clients[number]
        chosen, deleted = race.run(
            alice.will(f"/address/default/?id={first}"),
            bruno.will("/address/delete/", id=first),
        )
        assert chosen.is_done != deleted.is_done
        (default,) = race.values(Client.billing_address_id, id=client)
        places = race.values(Address.id, client_id=client)
        assert (default, places) == ((first, [first, second]) if chosen.is_done else (None, [second]))
