"""What is wrong with a record: the problems that cleaners and rules find, and the one runner that asks them.

Screens, the API and the import all call `check`, so all of them say the same sentences.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, TypeVar

from flask_babel.speaklater import LazyString

Level = Literal["error", "warning"]
Message: TypeAlias = str | LazyString


@dataclass(frozen=True)
class RecordRef:
    """A record that a sentence names, so that a screen can link to it for those who may see it."""

    kind: str
    id: int
    label: str


@dataclass(frozen=True)
class Problem:
    """One sentence about one field. An error forbids saving, a warning does not.

    `code` is a stable name for programs; `subject` the object that carries the field (it tells inline rows
    apart); `record` another record that the sentence names.
    """

    field: str
    message: Message
    level: Level = "error"
    code: str = ""
    subject: object | None = None
    record: RecordRef | None = None


class Rejected(ValueError):
    """Raised by a cleaner that refuses what was typed; `message` says in French what to do."""

    def __init__(self, message: Message, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


Subject = TypeVar("Subject")
Rule = Callable[[Subject], Iterable[Problem]]
Cleaner = Callable[[str, Subject], str]
AnyRule = TypeVar("AnyRule", bound=Callable[..., Iterable[Problem]])


def needs(*fields: str) -> Callable[[AnyRule], AnyRule]:
    """Mark a rule as reading these fields: `check` skips it when a cleaner has refused one of them."""

    def mark(rule: AnyRule) -> AnyRule:
        rule.__dict__["needs"] = frozenset(fields)
        return rule

    return mark


def check(
    subject: Subject,
    rules: Iterable[Rule[Subject]] = (),
    cleaners: Mapping[str, Cleaner[Subject]] | None = None,
) -> list[Problem]:
    """Clean the subject's fields in place, then ask every rule; return what is wrong, in that order.

    A blank field becomes None. A refused field keeps what was typed and is spoken of once: rules that need it
    are skipped, and what other rules say of it is left out. Cleaners run in the order of the mapping, so one
    may rely on the fields cleaned before it.
    """
    problems = _clean(subject, cleaners or {})
    rejected = {problem.field for problem in problems}
    for rule in rules:
        if rejected.isdisjoint(getattr(rule, "needs", ())):
            problems += (_about(subject, found) for found in rule(subject) if found.field not in rejected)
    return problems


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that forbid saving."""
    return [problem for problem in problems if problem.level == "error"]


def warnings(problems: Iterable[Problem]) -> list[Problem]:
    """Those that are said, and saved all the same."""
    return [problem for problem in problems if problem.level == "warning"]


def _clean(subject: Subject, cleaners: Mapping[str, Cleaner[Subject]]) -> list[Problem]:
    problems = []
    for field, cleaner in cleaners.items():
        typed: Any = getattr(subject, field)
        try:
            stored = cleaner(typed or "", subject) or None
        except Rejected as refusal:
            problems.append(Problem(field, refusal.message, code=refusal.code, subject=subject))
        else:
            if stored != typed:
                setattr(subject, field, stored)
    return problems


def _about(subject: object, problem: Problem) -> Problem:
    return problem if problem.subject is not None else replace(problem, subject=subject)
