"""What a text leaves to be filled in, and when a mail is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backoffice.emails import rules

VALUES = {"civilité": "Madame", "prénom": "", "nom": "Roy", "société": "{nom} & Fils"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Bonjour {civilité} {nom},", "Bonjour Madame Roy,"),
        ("Bonjour {CIVILITE} { nom },", "Bonjour Madame Roy,"),
        ("Bonjour {prénom} {nom},", "Bonjour Roy,"),
        ("{prénom} {nom}", "Roy"),
        ("Bonjour {prénom},\n\nÀ bientôt", "Bonjour,\n\nÀ bientôt"),
        ("Pour {société}", "Pour {nom} & Fils"),
        ("  en retrait {}", "  en retrait {}"),
        ("{inconnu} reste", "{inconnu} reste"),
        ("a {b\nc} d", "a {b\nc} d"),
    ],
)
def test_a_text_is_filled_in_once_and_without_gaps(text: str, filled: str) -> None:
    assert rules.fill(text, VALUES) == filled


def test_what_is_unknown_is_named_as_it_is_written() -> None:
    assert list(rules.named_in("{Prenom} {truc} {}")) == [("Prenom", "prénom"), ("truc", None)]


def test_a_mail_is_tried_five_times_at_growing_distances() -> None:
    minutes = [wait and wait / timedelta(minutes=1) for wait in map(rules.wait_after, range(1, 7))]
    assert minutes == [1, 5, 15, 60, None, None]
