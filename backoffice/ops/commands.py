"""What the commands that fill and measure the database share: their bar, and their sentences when it fails."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
import psycopg
from flask import current_app
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from tqdm import tqdm

from backoffice.core.db import db
from backoffice.ops import schema
from backoffice.ops.private_errors import scrub


def bar(total: int, unit: str) -> Any:
    """A progress bar on stderr, shown from the first second on and gone at the end."""
    often = 0.2 if sys.stderr.isatty() else 10  # a file that keeps stderr is not to be filled with bars
    return tqdm(
        total=total, unit=f" {unit}", unit_scale=total > 10_000, delay=1, leave=False, mininterval=often
    )


def office_time(moment: datetime) -> datetime:
    """A moment as the office's clock shows it."""
    return moment.astimezone(ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"]))


def is_up_to_date() -> bool:
    """Is the database at the newest migration? Raises ClickException when it does not answer."""
    try:
        with db.engine.connect() as connection:
            return schema.state(connection, current_app.extensions["migrate"].directory).is_current
    except SQLAlchemyError:
        raise click.ClickException(
            "La base de données ne répond pas ; « flask doctor » en dit plus."
        ) from None


def refuse_old_schema() -> None:
    """Raises ClickException when the database does not answer or misses a migration."""
    if not is_up_to_date():
        raise click.ClickException("La base de données n’est pas à jour ; lancez « flask db upgrade ».")


@contextmanager
def whole_or_nothing() -> Iterator[None]:
    """Say in one sentence that nothing was changed, whatever has stopped the transaction inside."""
    try:
        yield
    except KeyboardInterrupt:
        raise click.ClickException("Interrompu : rien n’a été changé.") from None
    except EOFError:
        raise click.ClickException("Un processus s’est arrêté en route : rien n’a été changé.") from None
    except (SQLAlchemyError, sqlite3.Error, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise click.ClickException(
            f"La base de données a refusé, rien n’a été changé ({scrub(str(cause))})."
        ) from None
