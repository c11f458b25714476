"""What is done with an entry where it stands (pin, remove, bring back), the parts of a feed, and one's mentions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import select

from backoffice.activity import feed, queries, rules, scopes, services, shown
from backoffice.activity.admin import address_of
from backoffice.activity.models import Entry
from backoffice.admin import pager, saving
from backoffice.admin.base import Guarded
from backoffice.admin.flashes import say
from backoffice.admin.frame import Waiting
from backoffice.admin.parts import is_inside
from backoffice.admin.records import read_id
from backoffice.admin.tabs import MOST_COUNTED
from backoffice.core.db import db, now

#: Where the parts of a feed go in a card that is shown already.
FEED = {"HX-Retarget": "#feed", "HX-Reselect": "#feed", "HX-Reswap": "outerHTML show:none"}
MORE = {"HX-Retarget": "#feed-more", "HX-Reselect": "#feed-part > *", "HX-Reswap": "outerHTML show:none"}
_Act = Callable[..., Any]


class EntryActs(Guarded):
    """Acts on entries of any kind. They have no page: each goes back to the feed."""

    in_menu = False
    rights: ClassVar = {
        "feed_view": "client.read",
        "pin_view": "activity.write",
        "unpin_view": "activity.write",
        "remove_view": "activity.add",
        "restore_view": "activity.add",
    }
    #: Nothing stands at its root.
    _default_view = "feed_view"

    def __init__(self) -> None:
        super().__init__(name=_("Activité"), endpoint="entry", url="/entry")

    @expose("/")
    def feed_view(self) -> ResponseReturnValue:
        """A feed by itself: narrowed, or its next entries, for the card that shows it."""
        where = scopes.read(request.args) or abort(404)
        shown_here = feed.context(where)
        if is_inside("feed-more"):
            return self.render("activity/more.html", **shown_here), MORE
        page = self.render("activity/feed_page.html", **shown_here, **feed.choices(where))
        return page, FEED | {"HX-Replace-Url": shown_here["home"]}

    @expose("/pin/", methods=("POST",))
    def pin_view(self) -> ResponseReturnValue:
        return self._act(services.pin, _("Épinglé en haut du fil."), "unpin_view")

    @expose("/unpin/", methods=("POST",))
    def unpin_view(self) -> ResponseReturnValue:
        return self._act(services.unpin, _("Détaché : l’entrée est revenue à sa place."), "pin_view")

    @expose("/remove/", methods=("POST",))
    def remove_view(self) -> ResponseReturnValue:
        done = _("Mis à la corbeille, où l’entrée reste trente jours.")
        return self._act(services.remove, done, "restore_view", rules.may_edit)

    @expose("/restore/", methods=("POST",))
    def restore_view(self) -> ResponseReturnValue:
        return self._act(services.restore, _("Revenu de la corbeille."), "", rules.may_restore)

    def _act(
        self, act: _Act, done: Any, undo: str, may: Callable[..., bool] | None = None
    ) -> ResponseReturnValue:
        entry = self._locked(read_id(request.form.get("id")))
        if may is not None and not may(entry, current_user):
            abort(403)
        home = get_redirect_target() or address_of(entry)
        problem = act(db.session(), entry, current_user.actor)
        if problem is not None:
            db.session.rollback()
            flash(saving.sentence(problem), problem.level)
            return redirect(home)
        back = (self.get_url(f".{undo}"), {"id": entry.id, "url": home}) if undo else None
        db.session.commit()
        say(done, undo=back)
        return redirect(home)

    @staticmethod
    def _locked(number: int | None) -> Any:
        found = select(Entry).where(Entry.id == (number or 0)).with_for_update(of=Entry, key_share=True)
        return db.session.scalar(found.execution_options(populate_existing=True)) or abort(404)


class MentionView(Guarded):
    """What names the person who is logged in."""

    in_menu = False
    rights: ClassVar = {"index": "home.read", "read": "home.read"}

    def __init__(self) -> None:
        super().__init__(name=_("Mentions"), endpoint="mention", url="/mention")

    @expose("/")
    def index(self) -> str:
        session, me = db.session(), current_user.id
        after = request.args.get("after")
        page = pager.fetch(
            session,
            queries.mention_ids(me),
            Entry.id,
            pager.Order((Entry.at,)),
            descending=True,
            after=after,
            size=feed.PAGE_SIZE,
        )
        found = {entry.id: entry for entry in session.scalars(queries.entries(page.ids))} if page.ids else {}
        unread = session.scalars(queries.unread_among(me, page.ids)) if page.ids else ()
        return str(
            self.render(
                "activity/mentions.html",
                entries=[found[id_] for id_ in page.ids if id_ in found],
                unread={mention.entry_id for mention in unread},
                page=page,
                kinds=shown.KINDS,
                address_of=address_of,
            )
        )

    @expose("/read/", methods=("POST",))
    def read(self) -> ResponseReturnValue:
        """These mentions are read (`id`), or all of them."""
        named = [found for name in request.form.getlist("id") if (found := read_id(name))]
        number = services.read_mentions(db.session(), current_user.id, named or None)
        db.session.commit()
        if number:
            flash(str(ngettext("%(num)d mention lue.", "%(num)d mentions lues.", number)), "success")
        else:
            flash(str(gettext("Rien de nouveau à lire.")), "success")
        return redirect(get_redirect_target() or self.get_url(".index"))


def waiting() -> Iterator[Waiting]:
    """How often the person who is logged in was mentioned, and of how many tasks reminded, since they last looked."""
    asked = queries.waiting(current_user.id, now(), MOST_COUNTED)
    mentions, reminders = db.session.execute(asked).one()
    if mentions:
        label = ngettext("%(num)d mention à lire", "%(num)d mentions à lire", mentions)
        yield Waiting("@", mentions, str(label), url_for("mention.index"))
    if reminders:
        label = ngettext("%(num)d rappel", "%(num)d rappels", reminders)
        yield Waiting("◷", reminders, str(label), url_for("task.index_view"))
