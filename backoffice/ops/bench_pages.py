"""The pages that `flask bench` asks for: the name of each, and its address for some client."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

from backoffice.clients.models import Client

#: From a client of the round and the page before to the address that is asked for.
Ask = Callable[[Client, str], str]

_NEXT = re.compile(r'href="([^"]*[?&;]after=[^"]*)"')


def _following(page: str) -> str:
    found = _NEXT.search(page)
    return unescape(found[1]) if found else ""


def _word(client: Client) -> str:
    return client.name_key.split()[-1]


def _list(path: str, **args: Any) -> Ask:
    """A list, narrowed and sorted the same for every client."""
    address = f"{path}?{urlencode(args)}" if args else path
    return lambda client, before: address


def _pages_of(path: str) -> Ask:
    """A list, page by page from its first one on."""
    return lambda client, before: _following(before) or path


def _found(words: Callable[[Client], str], path: str = "/client/", key: str = "search", **more: Any) -> Ask:
    return lambda client, before: f"{path}?{urlencode({key: words(client), **more})}"


def _palette(words: Callable[[Client], str], **more: Any) -> Ask:
    return _found(words, "/search/", "q", **more)


def _card(path: str = "details", **more: Any) -> Ask:
    return lambda client, before: f"/client/{path}/?{urlencode({'id': client.id, **more})}"


def _nothing(client: Client) -> str:
    return f"zzqqxx{client.id}"


def _name_and_town(client: Client) -> str:
    return f"{client.name_key.split()[0]} {client.city_key}"


_LISTS: dict[str, Ask] = {
    "Liste, première page": _list("/client/"),
    "Liste, page suivante": _pages_of("/client/"),
    "Liste, inactives": _list("/client/", status="inactive"),
    "Liste, triée par ville": _list("/client/", sort="city"),
    "Recherche, un mot du nom": _found(_word),
    "Recherche, nom et ville": _found(_name_and_town),
    "Recherche, e-mail": _found(lambda client: client.main_contact.email),
    "Recherche, rien de tel": _found(_nothing),
}
_RECORDS: dict[str, Ask] = {
    "Fiche": _card(),
    "Fiche, activité": _card(tab="activity"),
    "Formulaire, modifier": _card("edit"),
    "Formulaire, créer": _list("/client/new/"),
}
_EVENTS: dict[str, Ask] = {
    "Événements, première page": _list("/event/"),
    "Événements, page suivante": _pages_of("/event/"),
    "Événements, triés par client": _list("/event/", sort="client"),
    "Événements, triés par statut": _list("/event/", sort="status", status="all"),
    "Événements, par nom, un statut": _list("/event/", sort="name", flt_state=1),
    "Événements, depuis un jour": _found(
        lambda client: f"{client.created_at:%Y-%m-%d}", "/event/", "flt_from"
    ),
    "Événements, clients inactifs": _list("/event/", status="inactive"),
    "Événements, un mot": _found(_word, "/event/"),
    "Événements, rien de tel": _found(_nothing, "/event/"),
    "Calendrier, un mois": _found(lambda client: f"{client.created_at:%Y-%m}", "/event/calendar/", "month"),
}
_TASKS: dict[str, Ask] = {
    "Tâches, toute l’équipe": _list("/task/", who="all"),
    "Tâches, une personne": _list("/task/", who=1),
    "Tâches terminées, page suivante": _pages_of("/task/?who=all&done=1"),
}
#: What the palette shows at once while one types, and what follows.
_PALETTE: dict[str, Ask] = {
    f"Palette, {what}{pause}": _palette(words, **more)
    for pause, more in ((", aussitôt", {"at_once": 1}), ("", {}))
    for what, words in {
        "mot courant": lambda client: "maison",
        "nom du client": lambda client: client.name_key,
        "e-mail": lambda client: client.main_contact.email,
        "deux lettres": lambda client: "ma",
        "rien de tel": _nothing,
    }.items()
}

#: The main pages: name on screen, and its address for some client (or after the page shown before).
PAGES: dict[str, Ask] = _LISTS | _RECORDS | _EVENTS | _TASKS | _PALETTE
