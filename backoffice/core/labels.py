"""The French label of a field, said once: in the `info` of its column or relation."""

from __future__ import annotations

from typing import Any


def labels_of(model: Any) -> dict[str, Any]:
    """The French label of each labelled attribute of a model, said once on its column or relation."""
    mapper = model.__mapper__
    found = {prop.key: prop.columns[0].info.get("label") for prop in mapper.column_attrs}
    found |= {relation.key: relation.info.get("label") for relation in mapper.relationships}
    return {key: label for key, label in found.items() if label}
