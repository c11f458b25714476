"""The screens that switch clients active and inactive, one or several at once, and take it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from backoffice.admin.flashes import say
from backoffice.admin.records import RecordView, read_id
from backoffice.clients import queries, switching
from backoffice.clients.switching import Switched
from backoffice.core.db import db

SWITCH_FIELDS = frozenset({"csrf_token", "id", "url", "with_contacts", "contact", "as_of"})
#: No more than this at once; more than this many records are not carried along to be taken back.
MOST_AT_ONCE = 100
MOST_TAKEN_BACK = 150
NAMES_SHOWN = 10


class Asked(NamedTuple):
    """The clients that a request names: their ids, and how many names can't be one."""

    ids: list[int]
    odd: int
    is_single: bool


def refuse_more_than(fields: frozenset[str]) -> None:
    """A switch moves a switch: sent with anything else, the whole request is refused."""
    if request.form.keys() - fields:
        abort(400)


def read_asked() -> Asked:
    """The ids of a request; the page 404 when it names a single one that can't be."""
    named = request.values.getlist("id")
    read = [read_id(name) for name in dict.fromkeys(named)]
    ids = [number for number in read if number is not None]
    if not ids and len(read) < 2:
        abort(404)
    return Asked(ids, len(read) - len(ids), len(read) == 1)


def read_versions() -> dict[int, int] | None:
    """In which version each client must still be (`as_of=7:3`), None when nothing is taken back."""
    if "as_of" not in request.form:
        return None
    pairs = (pair.partition(":") for pair in request.form.getlist("as_of"))
    read = ((read_id(id_), read_id(version)) for id_, _colon, version in pairs)
    return {id_: version for id_, version in read if id_ is not None and version is not None}


class SwitchedView(RecordView):
    """A view of clients with their switch."""

    @property
    def selects(self) -> bool:
        return self.may("deactivate_view")

    @expose("/deactivate/", methods=("GET", "POST"))
    def deactivate_view(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self._ask(to_active=False)

        def switch(ids: list[int]) -> Switched:
            named = {found for name in request.form.getlist("contact") if (found := read_id(name))}
            along = request.form.get("with_contacts") in ("1", "on", "true") or named
            return switching.deactivate_all(db.session(), ids, along, current_user.actor, read_versions())

        return self._switch(switch, to_active=False)

    @expose("/activate/", methods=("GET", "POST"))
    def activate_view(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self._ask(to_active=True)

        def switch(ids: list[int]) -> Switched:
            return switching.reactivate_all(db.session(), ids, current_user.actor, read_versions())

        return self._switch(switch, to_active=True)

    def _ask(self, to_active: bool) -> ResponseReturnValue:
        """The one question: who will be switched, what follows, and whether the contacts go along."""
        if "url" in request.args and "id" not in request.args:
            flash(_("Cochez d’abord les sociétés dont il s’agit."), "warning")
            return redirect(get_redirect_target() or self.get_url(".index_view"))
        asked = read_asked()
        if asked.is_single:
            self.find(asked.ids[0])
        is_refused = len(asked.ids) > MOST_AT_ONCE
        clients: Sequence[Any] = ()
        if not is_refused:
            clients = db.session.scalars(queries.clients_to_switch(asked.ids, to_active)).all()
        found = [client.id for client in clients]
        home = self.get_url(".details_view", id=found[0]) if len(found) == 1 else self.get_url(".index_view")
        return self.render(
            "clients/switch.html",
            clients=clients,
            names_shown=NAMES_SHOWN,
            left=len(asked.ids) + asked.odd - len(found),
            refusal=too_many() if is_refused else None,
            contacts=db.session.scalar(queries.contacts_to_switch(found, to_active)) if found else 0,
            to_active=to_active,
            return_url=get_redirect_target() or home,
        )

    def _switch(self, switch: Callable[[list[int]], Switched], to_active: bool) -> ResponseReturnValue:
        refuse_more_than(SWITCH_FIELDS)
        asked = read_asked()
        home = get_redirect_target() or self.get_url(".index_view")
        if len(asked.ids) > MOST_AT_ONCE:
            flash(too_many(), "error")
            return redirect(home)
        done = switch(asked.ids)
        if asked.is_single and done.missing:
            abort(404)
        done.missing += asked.odd
        db.session.commit()
        if asked.is_single:
            home = get_redirect_target() or self.get_url(".details_view", id=asked.ids[0])
        sentence = of_one(done, to_active) if asked.is_single else of_several(done, to_active)
        undo = self._way_back(done, to_active, home)
        say(sentence, "success" if done.clients else "warning", undo=undo)
        return redirect(home)

    def _way_back(self, done: Switched, to_active: bool, home: str) -> tuple[str, dict[str, Any]] | None:
        """The POST that takes a switch back; none when it would have to carry too much."""
        if not 0 < len(done.clients) + len(done.contacts) <= MOST_TAKEN_BACK:
            return None
        fields: dict[str, Any] = {
            "id": list(done.versions),
            "as_of": [f"{id_}:{version}" for id_, version in done.versions.items()],
            "url": home,
        }
        if to_active:
            fields["contact"] = [contact.id for contact in done.contacts]
        return self.get_url(".deactivate_view" if to_active else ".activate_view"), fields


def too_many() -> str:
    """More were named than are switched at once."""
    return str(
        _("Pas plus de %(most)s sociétés à la fois : décochez-en, puis recommencez.", most=MOST_AT_ONCE)
    )


def of_one(done: Switched, to_active: bool) -> str:
    """What became of the one client that was named."""
    if done.already:
        sentence = _("%(name)s était déjà active.") if to_active else _("%(name)s était déjà inactive.")
        return str(sentence) % {"name": done.already[0].name}
    if done.changed:
        sentence = _("%(name)s a été modifiée entre-temps : rien n’a été annulé.")
        return str(sentence) % {"name": done.changed[0].name}
    n = len(done.contacts)
    if to_active:
        alone, along = (
            _("%(name)s est de nouveau active."),
            _("%(name)s est de nouveau active. Contacts revenus : %(n)s."),
        )
    else:
        alone, along = (
            _("%(name)s est inactive."),
            _("%(name)s est inactive. Contacts désactivés avec elle : %(n)s."),
        )
    return str(along if n else alone) % {"name": done.clients[0].name, "n": n}


def of_several(done: Switched, to_active: bool) -> str:
    """How many were switched, how many contacts with them, and how many were left as they are, and why."""
    number, contacts = len(done.clients), len(done.contacts)
    if to_active:
        first = ngettext("%(num)d société réactivée", "%(num)d sociétés réactivées", number)
    else:
        first = ngettext("%(num)d société désactivée", "%(num)d sociétés désactivées", number)
    if contacts and number == 1:
        first += ngettext(", %(num)d contact avec elle", ", %(num)d contacts avec elle", contacts)
    elif contacts:
        first += ngettext(", %(num)d contact avec elles", ", %(num)d contacts avec elles", contacts)
    return " ".join([f"{first}.", *_left(done, to_active)])


def _left(done: Switched, to_active: bool) -> list[str]:
    already, changed = len(done.already), len(done.changed)
    found = []
    if already and to_active:
        found.append(ngettext("%(num)d était déjà active.", "%(num)d étaient déjà actives.", already))
    elif already:
        found.append(ngettext("%(num)d était déjà inactive.", "%(num)d étaient déjà inactives.", already))
    if changed:
        found.append(
            ngettext(
                "%(num)d a été modifiée entre-temps et reste telle quelle.",
                "%(num)d ont été modifiées entre-temps et restent telles quelles.",
                changed,
            )
        )
    if done.missing:
        found.append(ngettext("%(num)d est introuvable.", "%(num)d sont introuvables.", done.missing))
    return [str(sentence) for sentence in found]
