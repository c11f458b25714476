"""The question before something is taken back, in sentences: what was done, what each field becomes, what forbids it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from backoffice.admin.tellings import fields_of, kind_of
from backoffice.core import undoing
from backoffice.core.audit import Fact, plain
from backoffice.core.undoing import Change
from backoffice.history.names import Names
from backoffice.history.plans import UNDONE, Obstacle, Plan
from backoffice.history.tales import Action, Teller
from backoffice.history.values import Shown, shown, told_at

_STEPS = {
    "create": _("Suppression : %(name)s (%(kind)s)"),
    "trash": _("Mise à la corbeille : %(name)s (%(kind)s)"),
    "update": _("Modification : %(name)s (%(kind)s)"),
    "delete": _("Retour : %(name)s (%(kind)s)"),
}
_BY = {
    "changed": _("Modification par %(who)s, %(when)s"),
    "undone": _("Annulation par %(who)s, %(when)s"),
    "gone": _("Suppression par %(who)s, %(when)s"),
    "back": _("Retour par %(who)s, %(when)s"),
    "added": _("Ajout par %(who)s, %(when)s"),
}
_WHOLE = {
    "gone": _("La fiche n’existe plus."),
    "back": _("La fiche existe de nouveau."),
    "added": _("La fiche a été ajoutée depuis."),
}


@dataclass(frozen=True)
class Line:
    """A field: as it is now, and what it becomes."""

    label: str
    now: Shown | None
    then: Shown | None


@dataclass
class Step:
    """What will be done to one record."""

    sentence: str
    lines: list[Line] = field(default_factory=list)
    #: Of a record that comes back the fields are shown on demand.
    is_whole: bool = False


@dataclass(frozen=True)
class Block:
    """What stands in the way: a field of a record or all of it, as it is now, and who did that and when."""

    name: str
    label: str
    now: Shown | str
    by: str


@dataclass
class Question:
    """All that the page says."""

    told: Action
    name: str
    steps: list[Step]
    blocks: list[Block]


def name_of(session: Session, plan: Plan) -> str:
    """The name of the first record that the plan is about."""
    return Names(session, plan.facts).plain(plan.refs[0]) if plan.refs else ""


def ask(session: Session, plan: Plan, obstacles: Sequence[Obstacle]) -> Question:
    """Make the question of a plan."""
    later = [found.by for found in obstacles if found.by is not None]
    names = Names(session, [*plan.facts, *later], (found.ref for found in obstacles))
    (told,) = Teller(names, None).actions(list(reversed(plan.facts)))
    first = names.plain(plan.refs[0]) if plan.refs else ""
    told.tales.sort(key=lambda tale: tale.ref not in plan.refs[:1])
    steps = [_step(change, names) for change in plan.changes]
    return Question(told, first, steps, [_block(found, names) for found in obstacles])


def _step(change: Change, names: Names) -> Step:
    kind, way = kind_of(change.ref[0]), undoing.way_of(change.ref[0])
    is_trash = change.operation == "create" and way is not None and way.removed
    sentence = str(_STEPS["trash" if is_trash else change.operation])
    name = {"name": names.plain(change.ref), "kind": str(kind.name) if kind is not None else change.ref[0]}
    lines = list(_lines(change, names)) if change.operation != "create" else []
    return Step(sentence % name, lines, is_whole=change.operation == "delete")


def _lines(change: Change, names: Names) -> Iterator[Line]:
    kind = kind_of(change.ref[0])
    labels = fields_of(kind) if kind is not None else {}
    for name, (before, after) in change.fields.items():
        if name in labels:
            then = shown(kind, name, before, names)
            if change.operation == "update":
                yield Line(str(labels[name]), shown(kind, name, after, names), then)
            elif not then.is_blank:
                yield Line(str(labels[name]), None, then)


def _block(found: Obstacle, names: Names) -> Block:
    kind = kind_of(found.ref[0])
    labels = fields_of(kind) if kind is not None else {}
    now: Shown | str = str(_WHOLE.get(found.why, ""))
    if found.field:
        now = shown(kind, found.field, plain(found.now), names)
    return Block(names.plain(found.ref), str(labels.get(found.field, "")), now, _who(found.why, found.by))


def _who(why: str, by: Fact | None) -> str:
    if by is None:
        return ""
    sentence = _BY["undone" if why == "changed" and by.via == UNDONE else why]
    return str(sentence) % {"who": by.actor_name, "when": told_at(by.at)}
