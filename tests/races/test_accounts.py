"""Two administrators against one another: there is always somebody who administers."""

from __future__ import annotations

import pytest

from backoffice.users import services
from backoffice.users.models import User
from tests.races.rounds import Answer, Race, Racer
from tests.users.people import change

NAMES = ("Ada Lovelace", "Grace Hopper")


@pytest.fixture
def admins(race: Race) -> list[Racer]:
    return race.people(*NAMES, role="administrateur")


def against_each_other(race: Race, admins: list[Racer], is_demoted: bool) -> list[Answer]:
    """Each takes away the role of the other, or the other's way in."""
    ids = {email: id_ for id_, email in race.values(User.id, User.email)}
    acts = []
    for who, other in zip(admins, reversed(admins), strict=True):
        if is_demoted:
            acts.append(who.will(f"/user/edit/?id={ids[other.email]}", role="lecture"))
        else:
            acts.append(who.will("/user/deactivate/", id=ids[other.email]))
    found: list[Answer] = race.run(*acts)
    return found


def left(race: Race) -> list[str]:
    """The administrators who can come in."""
    return race.values(User.email, role="administrateur", active=True)


@pytest.mark.parametrize("is_demoted", [True, False], ids=["demoted", "deactivated"])
def test_two_administrators_who_put_each_other_out_at_once_leave_one(
    race: Race, admins: list[Racer], is_demoted: bool
) -> None:
    for _number in race.rounds():
        answers = against_each_other(race, admins, is_demoted)
        (still,) = left(race)
        assert sum(answer.is_done for answer in answers) == 1
        (refused,) = [answer for answer in answers if not answer.is_done]
        assert "C’est le dernier administrateur actif" in refused.words or refused.status == 401
        for each in admins:
            if each.email != still:
                change(race.app, each.email, role="administrateur", active=True)
                each.come_in()


def test_without_the_check_they_could_leave_none(
    race: Race, admins: list[Racer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_last_administrator", lambda session, user: iter(()))
    against_each_other(race, admins, is_demoted=True)
    assert left(race) == []
