"""Forms sent by two or by twenty at once: one is carried out, the others are told, nothing is lost."""

from __future__ import annotations

import pytest
from stdnum import luhn

from backoffice.clients.models import Client, Contact
from backoffice.core.audit import Fact
from backoffice.core.idempotency import IdempotencyKey, new_key
from tests.clients.cast import add_clients, rows
from tests.races.rounds import ROUNDS, Race, Racer

CROWD = 20


@pytest.fixture
def two(race: Race) -> list[Racer]:
    return race.people("Alice Durand", "Bruno Petit")


def siret(number: int) -> str:
    """A SIRET that is right, another one for each number."""
    siren = f"{40_000_000 + number}"
    siren += luhn.calc_check_digit(siren)
    return f"{siren}0001{luhn.calc_check_digit(siren + '0001')}"


def test_a_form_sent_twice_at_once_makes_one_client(race: Race, two: list[Racer]) -> None:
    alice, window = two[0], two[0].window()
    for number in race.rounds():
        form = {
            "name": f"Société {number}",
            "contacts-0-email": f"c{number}@exemple.fr",
            "idempotency_key": new_key(),
        }
        once, again = race.run(
            alice.will("/client/new/", **form),
            window.will("/client/new/", **form),
        )
        (made,) = race.values(Client.id, name=form["name"])
        assert once.is_done
        assert again.is_done
        assert once.leads_to == again.leads_to == f"/client/details/?id={made}"
        assert race.count(Contact) == race.count(IdempotencyKey) == number + 1
        created = {fact["action"] for fact in rows(race.app, Fact, entity="client", entity_id=made)}
        assert len(created) == 1


def test_of_two_who_save_one_form_the_second_is_told_who_was_faster(race: Race, two: list[Racer]) -> None:
    names = [
        {"name": f"Société {number}", "contacts": [{"email": f"c{number}@x.fr"}]} for number in range(ROUNDS)
    ]
    clients = add_clients(race.app, names)
    for number in race.rounds():
        client = clients[number]
        answers = race.run(
            *(
                who.will(f"/client/edit/?id={client}", row_version=1, **own)
                for who, own in zip(
                    two, ({"city": "Lyon"}, {"city": "Nantes", "street": "1 rue"}), strict=True
                )
            )
        )
        assert sorted(answer.status for answer in answers) == [302, 409]
        first = answers[0].status == 302
        assert race.values(Client.city, Client.street, Client.version, id=client) == [
            ("Lyon", None, 2) if first else ("Nantes", "1 rue", 2)
        ]
        assert f"{'Alice Durand' if first else 'Bruno Petit'} a modifié cette fiche" in answers[first].words


def test_the_whole_form_against_a_single_fact_of_it(race: Race, two: list[Racer]) -> None:
    """A contact's own page changes its client's form as well."""
    alice, bruno = two
    clients = add_clients(race.app, [{"name": f"Société {number}"} for number in range(ROUNDS)])
    for number in race.rounds():
        client = clients[number]
        (main,) = race.values(Contact.id, client_id=client)
        whole, fact = race.run(
            alice.will(
                f"/client/edit/?id={client}",
                **{"row_version": 1, "contacts-0-id": main, "contacts-0-job_title": "Directrice"},
            ),
            bruno.will(f"/contact/field/?id={main}&name=job_title", row_version=1, job_title="Chef"),
        )
        assert sorted((whole.status, fact.status)) == [302, 409]
        assert race.values(Contact.job_title, id=main) == ["Directrice" if whole.is_done else "Chef"]


def test_the_same_email_twenty_times_at_once_is_one_contact_and_nineteen_are_told(race: Race) -> None:
    """Each round is twenty tries: a tenth of the rounds are as many as two make elsewhere."""
    names = [{"name": f"Société {number}", "email": f"c{number}@x.fr"} for number in range(CROWD)]
    clients = add_clients(race.app, names)
    (person,) = race.people("Alice Durand")
    crowd = [person.window() for _ in clients]
    for number in race.rounds(max(2, ROUNDS // 10)):
        email = f"Jean.{number}@exemple.fr"
        answers = race.run(
            *(
                who.will(f"/contact/new/?client={id_}", email=email)
                for who, id_ in zip(crowd, clients, strict=True)
            )
        )
        made = [answer for answer in answers if answer.is_done]
        told = [answer for answer in answers if answer.status == 200]
        assert (len(made), len(told)) == (1, CROWD - 1)
        assert race.count(Contact, Contact.email_key == email.lower()) == 1
        assert all(f"déjà celle de {email}" in answer.words for answer in told)


def test_emails_exchanged_by_two_forms_at_once_are_never_held_twice(race: Race, two: list[Racer]) -> None:
    """Each gives its contact the address that the other one gives away in the same moment."""
    clients = add_clients(
        race.app,
        [
            {"name": f"{side}{number}", "email": f"{side}{number}@x.fr"}
            for number in range(ROUNDS)
            for side in "ab"
        ],
    )
    for number in race.rounds():
        pair = clients[2 * number : 2 * number + 2]
        people = [race.values(Contact.id, client_id=id_)[0] for id_ in pair]
        race.run(
            *(
                who.will(f"/contact/field/?id={id_}&name=email", email=f"{wanted}{number}@x.fr")
                for who, id_, wanted in zip(two, people, "ba", strict=True)
            )
        )
        keys = race.values(Contact.email_key)
        assert len(set(keys)) == len(keys) == 2 * ROUNDS


def test_the_same_siret_at_once_makes_one_client(race: Race, two: list[Racer]) -> None:
    for number in race.rounds():
        answers = race.run(
            *(
                who.will(
                    "/client/new/",
                    **{"name": "EDF", "siret": siret(number), "contacts-0-email": f"{letter}{number}@edf.fr"},
                )
                for who, letter in zip(two, "ab", strict=True)
            )
        )
        (made,) = race.values(Client.id, siret=siret(number))
        assert sorted(answer.status for answer in answers) == [200, 302]
        (told,) = [answer for answer in answers if answer.status == 200]
        assert "Ce SIRET est déjà connu" in told.words
        assert told.page.tree.xpath(f"//*[@id='siret-error']//a[@href='/client/details/?id={made}']")
