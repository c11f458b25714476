"""Make the French catalogue out of the sentences that count: `make translations` runs this.

French is what the code says, so French screens need no catalogue, but for one thing: without it a sentence is
plural from 0 on, as in English, where French begins its plural at 2 ("0 société", "1,5 million").
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

HERE = Path(__file__).parent
HOUSE = HERE.parent
FRENCH = HERE / "fr" / "LC_MESSAGES"

#: The same sentences give the same file.
_SAME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def counting_sentences() -> Iterator[tuple[str, str]]:
    """The singular and the plural of each sentence of the code and the templates that counts."""
    settings: dict[str, Any] = tomllib.loads((HOUSE.parent / "pyproject.toml").read_text("utf-8"))
    mappings = [
        (pattern, mapping["method"])
        for mapping in settings["tool"]["babel"]["mappings"]
        for pattern in mapping["pattern"]
    ]
    keywords = {"ngettext": (1, 2), "lazy_ngettext": (1, 2)}
    for _file, _line, text, _comments, _context in extract_from_dir(HOUSE, mappings, keywords=keywords):
        if not isinstance(text, str):
            yield text[0], text[1]


def french() -> Catalog:
    """The catalogue: each sentence says itself, by the French rule."""
    catalog = Catalog(
        "fr",
        header_comment="# The sentences of the code that count, by the French rule. Made by plurals.py.",
        project="backoffice",
        version="1",
        creation_date=_SAME_DAY,
        revision_date=_SAME_DAY,
        fuzzy=False,
    )
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
    for singular, plural in sorted(set(counting_sentences())):
        catalog.add((singular, plural), (singular, plural))
    return catalog


def write(catalog: Catalog) -> None:
    """Write the source and what is read at run time."""
    FRENCH.mkdir(parents=True, exist_ok=True)
    with (FRENCH / "messages.po").open("wb") as file:
        write_po(file, catalog, omit_header=False, no_location=True)
    with (FRENCH / "messages.mo").open("wb") as file:
        write_mo(file, catalog)


if __name__ == "__main__":
    write(french())
