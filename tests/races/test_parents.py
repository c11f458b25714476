"""No circle of parent companies, however many draw a part of it at the same moment."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.clients import services
from backoffice.clients.models import Client
from tests.clients.cast import add_clients
from tests.races.rounds import ROUNDS, Answer, Race, Racer

NAMES = ("Alice Durand", "Bruno Petit", "Chloé Morel", "David Roux")


def companies(race: Race, size: int) -> list[list[int]]:
    """As many companies as a ring has, for each round."""
    ids = add_clients(race.app, [{"name": f"Société {number}"} for number in range(size * ROUNDS)])
    return [ids[start : start + size] for start in range(0, len(ids), size)]


def draw(race: Race, people: list[Racer], ring: list[int]) -> list[Answer]:
    """Everybody puts one of the ring under the next one."""
    found: list[Answer] = race.run(
        *(
            who.will(f"/client/field/?id={child}&name=parent", row_version=1, parent=parent)
            for who, child, parent in zip(people, ring, [*ring[1:], ring[0]], strict=True)
        )
    )
    return found


def is_open(parent_of: dict[int, int | None]) -> bool:
    """Does the way up end, from wherever one begins?"""
    for start in parent_of:
        seen, here = set(), parent_of.get(start)
        while here is not None:
            if here == start or here in seen:
                return False
            seen.add(here)
            here = parent_of.get(here)
    return True


def parents(race: Race) -> dict[int, int | None]:
    return dict(race.values(Client.id, Client.parent_id))


@pytest.mark.parametrize("size", [2, 3, 4])
def test_all_parts_of_a_ring_at_once_leave_it_open_at_one_place(race: Race, size: int) -> None:
    people, rings = race.people(*NAMES[:size]), companies(race, size)
    race.meet_after(services, "_taken_siret")  # all have been let in, and stand before the question
    for number in race.rounds():
        answers = draw(race, people, rings[number])
        (told,) = [answer for answer in answers if not answer.is_done]
        assert told.status == 200
        assert "dépend déjà de cette société" in told.words
        found = parents(race)
        assert sum(found[id_] is None for id_ in rings[number]) == 1
        assert is_open(found)


def test_a_long_ring_closed_at_both_ends_at_once_stays_open(race: Race) -> None:
    people = race.people(*NAMES[:2])
    rings = companies(race, 4)
    for number in race.rounds():
        one, two, three, four = rings[number]
        for child, parent in ((two, one), (four, three)):
            people[0].send(f"/client/field/?id={child}&name=parent", parent=parent)
        answers = race.run(
            people[0].will(f"/client/edit/?id={one}", parent=four),
            people[1].will(f"/client/edit/?id={three}", parent=two),
        )
        assert sorted(answer.status for answer in answers) == [200, 302]
        assert is_open(parents(race))


def test_deleting_a_company_against_putting_another_one_under_it(race: Race) -> None:
    alice, bruno = race.people(*NAMES[:2])
    pairs = companies(race, 2)
    for number in race.rounds():
        child, parent = pairs[number]
        drawn, deleted = race.run(
            alice.will(f"/client/field/?id={child}&name=parent", row_version=1, parent=parent),
            bruno.will("/client/delete/", id=parent),
        )
        left = parents(race)
        assert drawn.is_done != deleted.is_done
        expected: Any = parent if drawn.is_done else None
        assert left[child] == expected
        assert (parent in left) is drawn.is_done
