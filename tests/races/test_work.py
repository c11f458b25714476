"""Two at once around what is done once: tasks are ticked, e-mails sent, clients switched."""

from __future__ import annotations

import pytest

from backoffice.activity.models import Task
from backoffice.clients.models import Client, Contact
from backoffice.emails.models import Email
from tests.activity.cast import add_task
from tests.clients.cast import add_client, add_clients, rows
from tests.conftest import Work
from tests.races.rounds import ROUNDS, Race, Racer
from tests.smtp import Post


@pytest.fixture
def two(race: Race) -> list[Racer]:
    return race.people("Alice Durand", "Bruno Petit")


def test_a_task_ticked_twice_at_once_keeps_who_was_first(race: Race, two: list[Racer]) -> None:
    client = add_client(race.app, "EDF")
    for _number in race.rounds():
        task = add_task(race.app, client)
        answers = race.run(*(who.will("/task/done/", id=task) for who in two))
        (told,) = [answer for answer in answers if not answer.is_done]
        assert told.said == ["Cette tâche était déjà terminée."]
        (done,) = race.facts("entry", task, "done_by_id")
        assert race.values(Task.done_by_id, id=task) == [done[1]]


def test_a_tick_against_its_undo_ends_as_the_later_one_says(race: Race, two: list[Racer]) -> None:
    alice, bruno = two
    client = add_client(race.app, "EDF")
    for _number in race.rounds():
        task = add_task(race.app, client)
        alice.send("/task/done/", id=task)
        ticked, _undone = race.run(
            bruno.will("/task/done/", id=task),
            alice.will("/task/reopen/", id=task),
        )
        (done,) = race.values(Task.done_by_id, id=task)
        steps = [after for _before, after in race.facts("entry", task, "done_by_id")]
        assert (done is not None, len(steps)) == (ticked.is_done, 3 if ticked.is_done else 2)
        assert steps[-1] == done


def test_an_email_that_two_workers_find_at_once_is_sent_once(race: Race, post: Post, work: Work) -> None:
    client = add_client(race.app, "EDF", "jeanne@edf.fr")
    (contact,) = race.values(Contact.id)
    (alice,) = race.people("Alice Durand")
    for number in race.rounds():
        alice.send(
            f"/email/new/?client={client}", contact=contact, subject=f"Lettre {number}", body="Bonjour"
        )
        race.run(lambda: work("mails"), lambda: work("mails"))
        assert [mail["Subject"] for mail in post.mails] == [f"Lettre {one}" for one in range(number + 1)]
    assert {(email["state"], email["tries"]) for email in rows(race.app, Email)} == {("sent", 1)}


def test_two_supports_who_switch_a_client_at_once(race: Race) -> None:
    """The same switch is done once; a switch against its contrary ends as the later one says, contacts included."""
    ines, karim = race.people("Inès Leroy", "Karim Benali", role="support")
    clients = add_clients(
        race.app, [{"name": f"Société {n}", "contacts": [{"email": f"c{n}@x.fr"}]} for n in range(ROUNDS)]
    )
    for number in race.rounds():
        client = clients[number]
        same = race.run(
            *(who.will("/client/deactivate/", id=client, with_contacts="1") for who in (ines, karim))
        )
        (told,) = [answer for answer in same if not answer.is_done]
        assert told.said == [f"Société {number} était déjà inactive."]
        assert race.facts("client", client, "is_active")[1:] == [(True, False)]
        back, gone = race.run(
            ines.will("/client/activate/", id=client),
            karim.will("/client/deactivate/", id=client, with_contacts="1"),
        )
        assert back.is_done
        assert race.values(Client.is_active, id=client) == [not gone.is_done]
        assert race.values(Contact.is_active, client_id=client) == [not gone.is_done] * 2
