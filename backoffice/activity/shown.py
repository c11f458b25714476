"""How entries and tasks are worded on screen: when something was said, when something is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import g
from flask_babel import format_time, get_locale, gettext, to_user_timezone
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markupsafe import Markup

from backoffice.activity import queries, rules, texts
from backoffice.activity.models import Entry, Task
from backoffice.admin.formats import in_words, today
from backoffice.core.db import db, now
from backoffice.users.models import User


@dataclass(frozen=True)
class Kind:
    """What a feed has to know of a kind of entries: what one and several are called, their sign, who adds one.

    A feature above registers kinds of its own (`register_kind`), with a view whose endpoint is the name of the kind.
    """

    one: Any
    many: Any
    sign: str
    #: The right to add one beside a feed; None where nobody does so there.
    right: str | None = "activity.add"
    #: The title and the text of an entry, where they are not the first line of its body and the rest.
    headline: Callable[[Any], tuple[str, Markup]] | None = None
    #: A template for what an entry says beside its text, and one for acts that stand in the feed once.
    entry: str = ""
    acts: str = ""
    #: A template for the fields of its form, and which answer Enter asks for when that is not to keep it.
    form: str = ""
    on_enter: str = ""
    #: What the button says that keeps it, where that is not "Ajouter".
    verb: Any = None
    #: A template for another way to add one, which stands under the form.
    beside: str = ""
    is_editable: bool = True


KINDS: dict[str, Kind] = {
    "note": Kind(_("Information"), _("Informations"), "✎"),
    "call": Kind(_("Appel"), _("Appels"), "☎"),
    "task": Kind(_("Tâche"), _("Tâches"), "✓"),
}


def register_kind(name: str, kind: Kind) -> None:
    """Let feeds show, narrow to and offer a kind of entries of another feature."""
    KINDS[name] = kind


def may_add(name: str) -> bool:
    """May the person who is logged in add an entry of this kind beside a feed?"""
    kind = KINDS.get(name)
    return kind is not None and kind.right is not None and bool(current_user.can(kind.right))


def said_at(moment: datetime) -> str:
    """When something was said: "aujourd’hui à 10 h 12", "hier à 17 h 40", "20 novembre"."""
    here = to_user_timezone(moment)
    days_ago = (today() - here.date()).days
    clock = _clock(here.time())
    if days_ago == 0:
        return str(gettext("aujourd’hui à %(time)s", time=clock))
    if days_ago == 1:
        return str(gettext("hier à %(time)s", time=clock))
    return _day(here.date())


def due_at(task: Task) -> str:
    """When a task is due: "hier", "aujourd’hui à 14 h 30", "demain", "3 décembre"."""
    word = _near(task.due_on)
    if task.due_time is None:
        return str(word)
    return str(gettext("%(day)s à %(time)s", day=word, time=_clock(task.due_time)))


def due_pill(task: Task) -> Markup:
    """The same as a mark: late, close, or later. The word says it, not the colour alone."""
    late = rules.is_overdue(task, office_time())
    is_close = task.due_on <= today() + timedelta(days=1)
    look = "bad" if late else "warn" if is_close else "off"
    said = due_at(task)
    if late:
        said = str(gettext("en retard : %(day)s", day=said))
    return Markup('<span class="pill {}">{}</span>').format(look, said)


def reminder_note(task: Task) -> str:
    """When somebody is reminded of a task that is still to do: "rappel demain à 8 h 00"; nothing for no reminder."""
    if task.remind_at is None or task.done_at is not None:
        return ""
    here = to_user_timezone(task.remind_at)
    return str(gettext("rappel %(day)s à %(time)s", day=_near(here.date()), time=_clock(here.time())))


def office_time() -> datetime:
    """The moment it is where the office is."""
    here: datetime = to_user_timezone(now())
    return here


def priority_mark(task: Task) -> str:
    """What a list says of a priority; nothing of the usual one."""
    return str(_UNUSUAL.get(task.priority, ""))


_UNUSUAL: dict[str, Any] = {"high": _("Priorité haute"), "low": _("Priorité basse")}


def people() -> list[User]:
    """All accounts, asked once a page and only where a text may name somebody."""
    if "activity_people" not in g:
        g.activity_people = list(db.session.scalars(queries.people()))
    found: list[User] = g.activity_people
    return found


def colleagues() -> list[str]:
    """The names by which a text may mention somebody, for the form that proposes them."""
    return [user.name for user in people() if user.active and "@" not in user.name]


def markdown(text: str | None) -> Markup:
    """A text with its mentions as chips."""
    return texts.shown(text, people() if "@" in (text or "") else ())


def headline(entry: Entry) -> tuple[str, Markup]:
    """What stands in bold at the head of an entry, and what is left of its text."""
    words = KINDS[entry.kind]
    if words.headline is not None:
        return words.headline(entry)
    kind = str(words.one)
    if isinstance(entry, Task):
        label = kind if entry.done_at is None else str(gettext("Tâche terminée"))
        return str(gettext("%(kind)s : %(title)s", kind=label, title=entry.title)), markdown(entry.body)
    title, rest = texts.headline(entry.body or "")
    if not title:
        return kind, markdown(rest)
    return str(gettext("%(kind)s : %(title)s", kind=kind, title=title)), markdown(rest)


def _clock(at: time) -> str:
    french = str(get_locale() or "fr").startswith("fr")
    # Babel reads the zone of the screen into a bare hour: it is the office's already.
    return str(format_time(at, "H 'h' mm" if french else "HH:mm", rebase=False))


def _near(day: date) -> str:
    """A day as one speaks of it: "hier", "aujourd’hui", "demain", "3 décembre"."""
    near = {-1: gettext("hier"), 0: gettext("aujourd’hui"), 1: gettext("demain")}
    return str(near.get((day - today()).days) or _day(day))


def _day(day: date) -> str:
    is_near = day.year == today().year
    return in_words(day, "d MMMM" if is_near else "d MMMM y")


def permissions() -> dict[str, Any]:
    """What the person who is logged in may do with what a page shows."""
    return {
        "may_add": current_user.can("activity.add"),
        "may_add_kind": may_add,
        "may_pin": current_user.can("activity.write"),
        "may_edit": lambda entry: rules.may_edit(entry, current_user),
        "may_tick": lambda task: rules.may_tick(task, current_user),
    }


FILTERS = {
    "said_at": said_at,
    "due_at": due_at,
    "due_pill": due_pill,
    "headline": headline,
    "priority_mark": priority_mark,
    "reminder_note": reminder_note,
}
