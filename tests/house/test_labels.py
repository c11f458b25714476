"""Every field that a person can see or change has its French name, said once, at the column."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import configure_mappers

from backoffice import create_app  # noqa: F401 - all models are known once the product is imported
from backoffice.core.db import Base
from config import ROOT


def shown_fields() -> Iterator[tuple[str, str, object]]:
    """(table, attribute, label) of what the history tells and forms show."""
    configure_mappers()
    for mapper in Base.registry.mappers:
        if getattr(mapper.class_, "__audited__", False):
            for attribute in mapper.column_attrs:
                column = attribute.columns[0]
                if not column.primary_key and column.info.get("audited", True):
                    yield mapper.class_.__tablename__, attribute.key, column.info.get("label")


def test_every_field_that_is_shown_has_a_label() -> None:
    assert [f"{table}.{field}" for table, field, label in shown_fields() if not label] == []
    assert len(list(shown_fields())) > 40


def test_every_word_of_the_glossary_is_that_of_the_screen() -> None:
    labels = {(field.removesuffix("_id"), str(label).casefold()) for _, field, label in shown_fields()}
    glossary = (ROOT / "backoffice" / "README.md").read_text("utf-8").partition("| Code | Screen |")[2]
    rows = [line.strip("| ").split(" | ") for line in glossary.splitlines() if line.startswith("| `")]

    assert rows
    for code, word in rows:
        assert [label for field, label in labels if field == code.strip("`") and word.casefold() in label], (
            code
        )
