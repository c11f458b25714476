from collections.abc import Iterator
from dataclasses import dataclass

from backoffice.core.problems import Problem, Rejected, check, errors, needs, warnings


@dataclass
class Person:
    name: str | None = None
    nickname: str | None = None


def upper(typed: str, person: Person) -> str:
    if typed == "bad":
        raise Rejected("Écrivez autre chose.", "bad_name")
    return typed.strip().upper()


def initial(typed: str, person: Person) -> str:
    return typed or (person.name or "")[:1]


def name_is_required(person: Person) -> Iterator[Problem]:
    if not person.name:
        yield Problem("name", "Le nom est obligatoire.")


@needs("name")
def nickname_differs(person: Person) -> Iterator[Problem]:
    if person.nickname == person.name:
        yield Problem("nickname", "Le surnom est le nom.", "warning")


def name_is_long(person: Person) -> Iterator[Problem]:
    yield Problem("name", "Toujours dit.")


CLEANERS = {"name": upper, "nickname": initial}


def test_cleaned_values_are_written_on_the_subject_and_seen_by_later_cleaners() -> None:
    alice = Person(" alice ")
    assert check(alice, [name_is_required], CLEANERS) == []
    assert alice == Person("ALICE", "A")


def test_a_blank_becomes_none_before_the_rules_run() -> None:
    nobody = Person("   ")
    assert [problem.field for problem in check(nobody, [name_is_required], CLEANERS)] == ["name"]
    assert nobody == Person(None, None)


def test_a_refused_field_keeps_what_was_typed_and_is_spoken_of_once() -> None:
    person = Person("bad", "bad")
    problems = check(person, [name_is_long, nickname_differs], CLEANERS)
    assert problems == [Problem("name", "Écrivez autre chose.", code="bad_name", subject=person)]
    assert person.name == "bad"


def test_problems_say_whom_they_are_about_unless_the_rule_did() -> None:
    other = Person("Bob")
    person = Person("A", "A")
    found = check(person, [nickname_differs, lambda _: [Problem("name", "Pris.", subject=other)]])
    assert [problem.subject for problem in found] == [person, other]
    assert found[1].subject is other


def test_errors_and_warnings_are_told_apart() -> None:
    problems = [Problem("a", "non"), Problem("b", "attention", "warning")]
    assert [p.field for p in errors(problems)] == ["a"]
    assert [p.field for p in warnings(problems)] == ["b"]
