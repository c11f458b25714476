"""A field's label is said once, on its column or relation."""

from __future__ import annotations

from backoffice.clients.models import Client
from backoffice.core.labels import labels_of


def test_columns_and_relations_bring_their_labels() -> None:
    labels = labels_of(Client)

    assert str(labels["vat_number"]) == "Numéro de TVA"
    assert str(labels["parent"]) == "Société mère"


def test_what_has_no_label_is_left_out() -> None:
    assert labels_of(Client).keys().isdisjoint({"id", "name_key", "version", "contacts"})
