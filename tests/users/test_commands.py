"""`flask users create`: accounts from the console."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from backoffice.core.db import db, for_writing
from backoffice.users.models import User
from tests.users.people import OTHER_PASSWORD, count, facts, make_user
from tests.web import Browser


def _create(app: Flask, *arguments: str, typed: str = OTHER_PASSWORD + "\n") -> Result:
    return app.test_cli_runner().invoke(args=["users", "create", *arguments], input=typed)


def test_an_account_is_made_and_can_log_in(app: Flask) -> None:
    result = _create(app, "Alice@Exemple.fr", "--role", "gestionnaire", "--password-stdin")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Compte créé : Alice@exemple.fr (gestionnaire).\n"
    browser = Browser(app)
    browser.log_in("alice@exemple.fr", OTHER_PASSWORD)
    assert browser.path == "/"
    assert ("système", "gestionnaire") in facts(app, "role")


MISTAKES = [
    (
        ("alice@exemple.fr", "--role", "gestionnaire"),
        OTHER_PASSWORD,
        "Un compte existe déjà pour alice@exemple.fr",
    ),
    (("bob@exemple.fr", "--role", "chef"), OTHER_PASSWORD, "Le rôle « chef » n’existe pas"),
    (("bob", "--role", "support"), OTHER_PASSWORD, "Il manque le @"),
    (("", "--role", "support"), OTHER_PASSWORD, "Saisissez une adresse e-mail"),
    (("bob@exemple.fr", "--role", "support"), "court", "Choisissez au moins 15 caractères"),
    (("bob@exemple.fr", "--role", "support"), "aaaaaaaaaaaaaaaaaaaa", "se devine trop facilement"),
    (("bob@exemple.fr", "--role", "support"), "", "Choisissez au moins 15 caractères"),
]


@pytest.mark.parametrize(("arguments", "password", "sentence"), MISTAKES)
def test_a_mistake_is_one_sentence_on_stderr_and_makes_nothing(
    app: Flask, arguments: tuple[str, ...], password: str, sentence: str
) -> None:
    make_user(app, "alice@exemple.fr")
    result = _create(app, *arguments, "--password-stdin", typed=password + "\n")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert count(app, User) == 1


def test_a_password_is_never_an_argument(app: Flask) -> None:
    result = _create(app, "bob@exemple.fr", "--role", "support", "--password", OTHER_PASSWORD)
    assert result.exit_code == 2
    assert count(app, User) == 0


def test_names_can_be_given(app: Flask) -> None:
    names = ("--first-name", "Alice", "--last-name", "Martin")
    assert _create(app, "alice@exemple.fr", "--role", "lecture", "--password-stdin", *names).exit_code == 0
    with app.app_context():
        assert db.session.scalars(select(User)).one().name == "Alice Martin"


def test_a_database_that_is_behind_is_one_sentence(app: Flask) -> None:
    with app.app_context(), for_writing():
        db.session.execute(db.text('ALTER TABLE "user" RENAME COLUMN email_key TO elsewhere'))
        db.session.commit()
    result = _create(app, "alice@exemple.fr", "--role", "lecture", "--password-stdin")
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        result.stderr
        == "La base de données ne répond pas, ou n’est pas à jour ; « flask doctor » en dit plus.\n"
    )
    with app.app_context(), for_writing():
        db.session.execute(db.text('ALTER TABLE "user" RENAME COLUMN elsewhere TO email_key'))
        db.session.commit()
