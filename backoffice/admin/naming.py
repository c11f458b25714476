"""A record that is named by typing where no script finds it: what the text field of a picker sends by itself.

A script sends the id of what was chosen and no text. Without one the text comes along with what the page had
shown in its place (`…_was`): only text that differs says something.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from backoffice.admin.listing import Asked
from backoffice.core.text import fold

LONGEST_NAME = 100
NONE_NAMED = _("Aucun résultat pour « %(typed)s » : vérifiez ce que vous avez tapé.")
SEVERAL_NAMED = _("Plusieurs résultats pour « %(typed)s » : choisissez dans la liste.")


def text_fields(name: str) -> tuple[str, str]:
    """What the picker of this name sends beside its id: the text, and what it was."""
    return f"{name}_typed", f"{name}_was"


def typed_in(sent: Mapping[str, Any], name: str) -> str | None:
    """What somebody has typed into the picker of this name, None where it stands as it was shown."""
    typed, was = map(sent.get, text_fields(name))
    if typed is None or typed.strip() == (was or "").strip():
        return None
    return str(typed).replace("\x00", " ").strip()[:LONGEST_NAME]


def named(loader: Any, typed: str) -> list[Any]:
    """The records that the text names: the one that is called just so, else all that the loader finds."""
    wanted = fold(typed)
    # As it is worded, a record may say more than its name: "Dupont (Paris)".
    parts = (typed, typed.partition("(")[0])
    answers = (loader.get_list(part) for part in parts if fold(part))
    found: list[Any] = next((records for records in answers if records), [])
    same = [record for record in found if wanted in (fold(str(record)), fold(loader.format(record)[1]))]
    return same if len(same) == 1 else found


def named_filter(view: Any, asked: Asked, sent: Mapping[str, Any]) -> dict[str, Any] | None:
    """The arguments of the list with the record that was named in a filter; None where none was."""
    for key, filter_ in view.filters_by_key.items():
        loader: Any = getattr(filter_, "loader", None)
        typed = typed_in(sent, f"flt_{key}") if loader is not None else None
        if typed is not None:
            found = named(loader, typed)
            if len(found) == 1:
                return asked.with_filter(key, str(found[0].id))
            if typed:
                _ask_which(view, asked, key, typed, [loader.format(record) for record in found])
            return asked.without(key)
    return None


def _ask_which(view: Any, asked: Asked, about: str, typed: str, offered: list[tuple[int, str]]) -> None:
    """Say what the text of a filter may mean: each as a link to the list that it makes."""
    if not offered:
        flash(str(NONE_NAMED) % {"typed": typed}, "warning")
        return
    links = Markup(", ").join(
        Markup('<a href="{}">{}</a>').format(
            view.get_url(".index_view", **asked.with_filter(about, str(key))), word
        )
        for key, word in offered
    )
    flash(Markup("{} {}").format(_("Plusieurs résultats pour « %(typed)s » :", typed=typed), links), "info")
