"""Form layouts: sections of cells, as Flask-Admin form rules, from which the form's columns follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask_admin.form import rules
from markupsafe import Markup

#: Hidden fields that every record form carries and that its templates write themselves.
CARRIED = ("row_version", "seen_fact", "idempotency_key")


class Carried(rules.BaseRule):
    """Names the hidden fields, so that the rules keep them in the form; renders nothing."""

    visible_fields = list(CARRIED)

    def __call__(self, form: Any, form_opts: Any = None, field_args: Any = None) -> str:
        return Markup("")


class Cell(rules.Field):
    """One field on the grid of six columns. `hint` is a line under it, or makes one of the form.

    `opens_when_off` names the box that, unticked, opens it; `opens_when_wrong` the field and the code of the
    problem that do. `proposed` keeps a place under the field where a script says what it has filled in (a
    function of the form gives what stands there at first); `live` one whose name the feature's script knows.
    """

    def __init__(
        self,
        name: str,
        width: int = 3,
        hint: Any = None,
        opens_when_off: str | None = None,
        opens_when_wrong: tuple[str, str] | None = None,
        proposed: bool | Callable[[Any], str] = False,
        live: str | None = None,
    ) -> None:
        super().__init__(name, render_field="lib.cell")
        self.made = {"hint": hint, "said": proposed if callable(proposed) else ""}
        self.options = {
            "width": width,
            "proposed": bool(proposed),
            "live": live,
            "opens_when_off": opens_when_off,
            "opens_when_wrong": opens_when_wrong,
        }

    def __call__(self, form: Any, form_opts: Any = None, field_args: Any = None) -> Any:
        made = {name: found(form) if callable(found) else found for name, found in self.made.items()}
        return super().__call__(form, form_opts, {**(field_args or {}), **self.options, **made})


class FirstRow(rules.Field):
    """The first row of inline records, laid out as if its fields stood on the form itself."""

    def __init__(self, name: str) -> None:
        super().__init__(name, render_field="lib.first_row")


class OtherRows(rules.Field):
    """The rows of inline records after the first `skip`, with the means to add and remove."""

    def __init__(self, name: str, skip: int = 0) -> None:
        super().__init__(name, render_field="lib.other_rows")
        self.skip = skip

    def __call__(self, form: Any, form_opts: Any = None, field_args: Any = None) -> Any:
        return super().__call__(form, form_opts, {**(field_args or {}), "skip": self.skip})


class Section(rules.Container):
    """A titled part of a form. `side` puts it in the narrow column, `sign` stands before its title."""

    def __init__(self, title: Any, *cells: rules.BaseRule | str, side: bool = False, sign: str = "") -> None:
        made = [Cell(cell) if isinstance(cell, str) else cell for cell in cells]
        super().__init__("lib.section", rules.NestedRule(made), title=title, sign=sign)
        self.side = side


def fields_of(sections: Sequence[Section]) -> list[str]:
    """The fields that the sections show, in their order, each once."""
    return list(dict.fromkeys(_names(sections)))


def _names(sections: Sequence[Section]) -> Iterator[str]:
    for section in sections:
        yield from section.visible_fields
