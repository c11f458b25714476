"""Help behind "?" on every page, and the keys that do something.

A feature names its texts with `explain`: whole templates, one in each language, `clients/help/list` for
`clients/help/list.fr.html` and `clients/help/list.en.html`. Their first line is the title, an h1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_login import current_user

from backoffice.admin import preferences
from backoffice.admin.base import Guarded

#: A key and what it does. These are one key alone, or one after the other, and can be switched off.
SINGLE_KEYS: Sequence[tuple[Any, Any]] = (
    ("/", _("Rechercher un client")),
    ("n", _("Nouveau client")),
    ("?", _("Aide de cette page")),
    ("g d", _("Aller au tableau de bord")),
    ("g c", _("Aller aux clients")),
    ("g k", _("Aller aux contacts")),
)
#: These always work: they are held together with another key, or have their meaning in every program.
ALWAYS: Sequence[tuple[Any, Any]] = (
    ("Ctrl K", _("Rechercher partout")),
    ("Ctrl S", _("Enregistrer le formulaire")),
    (_("Ctrl Entrée"), _("Ajouter ce qu’on écrit : information, appel, tâche")),
    ("↑ ↓", _("Passer d’une ligne à l’autre dans une liste")),
    (_("Entrée"), _("Ouvrir la ligne, enregistrer le champ")),
    (_("Échap"), _("Fermer ce qui est ouvert, abandonner le champ")),
)


@dataclass(frozen=True)
class Topic:
    """One text of help: what it is named in the list of topics, and the right of those whom it concerns."""

    template: str
    name: Any
    right: str


_topics: dict[str, Topic] = {}
_by_page: dict[str, Topic] = {}


def explain(template: str, name: Any, right: str, *pages: str) -> None:
    """Give pages their text.

    A page is an endpoint (client.edit_view), the first part of many (client), or a tab of the cards (history_tab).
    """
    topic = _topics[template] = Topic(template, name, right)
    _by_page.update(dict.fromkeys(pages, topic))


def topic_of(page: str, tab: str = "") -> Topic | None:
    """The text of a page or of its open tab, that of its section when it has none of its own."""
    return _by_page.get(f"{tab}_tab") or _by_page.get(page) or _by_page.get(page.partition(".")[0])


def topics() -> list[Topic]:
    """All texts, in the order of the features."""
    return list(_topics.values())


class HelpView(Guarded):
    """The texts that concern the person who asks, and the list of keys."""

    in_menu = False
    rights: ClassVar = {"index": "home.read", "shortcuts": "home.read"}

    @expose("/")
    def index(self) -> str:
        page = request.args.get("about", "")
        topic = topic_of(page, request.args.get("tab", ""))
        if topic is None or not current_user.can(topic.right):
            mine = [(each, _a_page_of(each)) for each in topics() if current_user.can(each.right)]
            return str(self.render("admin/help.html", topics=mine))
        text = f"{topic.template}.{get_locale() or 'fr'}.html"
        return str(self.render("admin/help.html", topic=topic, text=text))

    @expose("/shortcuts/", methods=("GET", "POST"))
    def shortcuts(self) -> ResponseReturnValue:
        if request.method == "POST":
            preferences.keep("shortcuts", None if request.form.get("on") else False)
            return redirect(self.get_url(".shortcuts"))
        is_on = preferences.preference("shortcuts", True) is not False
        return str(self.render("admin/shortcuts.html", single=SINGLE_KEYS, always=ALWAYS, is_on=is_on))


def _a_page_of(topic: Topic) -> str:
    return next(page for page, found in _by_page.items() if found is topic)


explain("admin/help/shortcuts", _("Clavier"), "home.read", "help")
