"""`flask users …`: accounts from the console."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from backoffice.core.audit import SYSTEM
from backoffice.core.problems import Rejected
from backoffice.users import services
from backoffice.users.models import User
from backoffice.users.rights import ROLES
from backoffice.users.rules import normal_password, password_problems
from backoffice.users.signin import hash_password
from backoffice.users.transactions import short_write


@click.group("users", help="Les comptes de ceux qui se connectent.")
def users() -> None:
    """The group; Flask-Security's own commands of this name are switched off."""


@users.command("create", help="Crée un compte ; le mot de passe est lu sur l’entrée standard.")
@click.argument("email", metavar="E-MAIL")
@click.option("--role", required=True, metavar="RÔLE", help=f"Parmi : {', '.join(ROLES)}.")
@click.option("--first-name", default=None, help="Prénom.")
@click.option("--last-name", default=None, help="Nom.")
@click.option(
    "--password-stdin",
    is_flag=True,
    required=True,
    help="Lire le mot de passe sur l’entrée standard (jamais dans les arguments, que tous voient).",
)
@with_appcontext
def create(
    email: str, role: str, first_name: str | None, last_name: str | None, password_stdin: bool
) -> None:
    """Make an account. Exit status 1 and one sentence on stderr when it cannot be made."""
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        _refuse_weak(password, (email, first_name, last_name))
        user = _create(services.NewUser(email, role, first_name, last_name, hash_password(password)))
    except Rejected as refusal:
        _give_up(str(refusal.message))
    except DBAPIError:
        _give_up("La base de données ne répond pas, ou n’est pas à jour ; « flask doctor » en dit plus.")
    click.echo(f"Compte créé : {user.email} ({user.role}).")


def _give_up(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(1)


def _refuse_weak(password: str, person: tuple[str | None, ...]) -> None:
    for problem in password_problems(normal_password(password), person):
        raise Rejected(problem.message)


def _create(new: services.NewUser) -> User:
    with short_write(SYSTEM, via="command") as session:
        return services.create_user(session, new)
