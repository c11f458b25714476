"""Two at once around a table of choices: one default, nothing points at what is gone, and everybody is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backoffice.clients.models import Client
from backoffice.lookups.models import CompanyType
from tests.clients.cast import add_clients
from tests.races.rounds import ROUNDS, Race, Racer

OLD, NEW = 2, 3


@pytest.fixture
def admins(race: Race) -> list[Racer]:
    return race.people("Ada Lovelace", "Grace Hopper", role="administrateur")


def clients(race: Race, **values: object) -> Iterator[int]:
    """A client for each round."""
    return iter(add_clients(race.app, [{"name": f"Société {number}", **values} for number in range(ROUNDS)]))


@pytest.mark.parametrize("way", ["button", "form"])
def test_two_defaults_at_once_leave_one(race: Race, admins: list[Racer], way: str) -> None:
    ada, grace = admins
    for _number in race.rounds():
        answers = race.run(
            *(
                who.will("/companytype/default/", id=id_)
                if way == "button"
                else who.will(f"/companytype/edit/?id={id_}", is_default="1")
                for who, id_ in ((ada, 2), (grace, 3))
            )
        )
        (default,) = race.values(CompanyType.id, is_default=True)
        assert default in (2, 3)
        assert all(answer.is_done for answer in answers), [answer.words[:300] for answer in answers]
        ada.send("/companytype/default/", id=1)


def test_deactivating_a_choice_against_using_it(race: Race, admins: list[Racer]) -> None:
    """Whoever had chosen it before it went may keep it; whoever comes later is told."""
    ada, grace = admins
    found = clients(race)
    for _number in race.rounds():
        client = next(found)
        gone, used = race.run(
            ada.will("/companytype/deactivate/", id=OLD),
            grace.will(f"/client/field/?id={client}&name=type", row_version=1, type=OLD),
        )
        assert gone.is_done
        (holds,) = race.values(Client.type_id, id=client)
        assert (holds, used.status) in ((OLD, 302), (None, 200))
        ada.send("/companytype/activate/", id=OLD)


def test_deleting_a_choice_against_using_it(race: Race, admins: list[Racer]) -> None:
    ada, grace = admins
    found = clients(race)
    for number in race.rounds():
        client = next(found)
        ada.send("/companytype/new/", label=f"Passage {number}", position=9)
        (choice,) = race.values(CompanyType.id, label=f"Passage {number}")
        deleted, used = race.run(
            ada.will("/companytype/delete/", id=choice),
            grace.will(f"/client/field/?id={client}&name=type", row_version=1, type=choice),
        )
        holds = race.values(Client.type_id, id=client)
        assert deleted.is_done != used.is_done
        assert holds == ([choice] if used.is_done else [None])
        assert race.count(CompanyType, CompanyType.id == choice) == int(used.is_done)


def test_replacing_a_choice_against_using_it(race: Race, admins: list[Racer]) -> None:
    """Nobody is left with what was replaced and is no longer offered."""
    ada, grace = admins
    found = clients(race)
    for _number in race.rounds():
        client = next(found)
        replaced, used = race.run(
            ada.will(f"/companytype/replace/?id={OLD}", replacement=NEW, deactivate="1"),
            grace.will(f"/client/field/?id={client}&name=type", row_version=1, type=OLD),
        )
        assert replaced.is_done
        (holds,) = race.values(Client.type_id, id=client)
        assert (holds, used.status) in ((NEW, 302), (None, 200)), (holds, used.status, used.words[:200])
        ada.send("/companytype/activate/", id=OLD)
