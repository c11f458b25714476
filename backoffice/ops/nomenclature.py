"""`flask nomenclature load`: the list of activity codes that replaces the packaged one on the day."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from backoffice.core.ape import FOLDER, load_nomenclature
from backoffice.core.problems import Rejected

nomenclature = AppGroup(
    "nomenclature", help="Les nomenclatures des codes APE, à côté de celle qui est livrée."
)


@nomenclature.command(
    "load",
    help="Charge une nomenclature, par exemple naf2025, d’un fichier CSV aux colonnes « code » et « libellé ». "
    "Les fiches acceptent alors ses codes et montrent ses libellés.",
)
@click.argument("name", metavar="NOM")
@click.argument("file", metavar="FICHIER", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(name: str, file: Path) -> None:
    try:
        codes = load_nomenclature(name, file, current_app.extensions["settings"].data_dir / FOLDER)
    except Rejected as refusal:
        raise click.ClickException(str(refusal.message)) from None
    except (OSError, UnicodeError):
        raise click.ClickException("Ce fichier n’a pas pu être lu, ou le dossier de données écrit.") from None
    click.echo(f"Nomenclature {name} : {codes} codes.")
