from __future__ import annotations

from pathlib import Path

from flask import Flask

from backoffice.clients.models import Client
from backoffice.core.ape import FOLDER
from tests.clients.cast import rows
from tests.conftest import AsRole, on_sqlite_only

pytestmark = on_sqlite_only


def load(app: Flask, name: str, text: str, folder: Path) -> tuple[int, str]:
    file = folder / "liste.csv"
    file.write_text(text, encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["nomenclature", "load", name, str(file)])
    return result.exit_code, result.output


def test_a_loaded_nomenclature_is_known_to_the_form_and_labels_the_card(
    app: Flask, as_role: AsRole, tmp_path: Path
) -> None:
    status, said = load(app, "naf2025", "code;libellé\n62.99Z;Conseil en calme\n", tmp_path)
    assert (status, said) == (0, "Nomenclature naf2025 : 1 codes.\n")

    browser = as_role("gestionnaire")
    browser.get("/client/new/")
    browser.submit("#record", name="Calme", ape_code="6299Z", **{"contacts-0-email": "c@calme.fr"})

    assert "Conseil en calme" in browser.text
    assert "aucune nomenclature" not in browser.text
    assert [row["ape_nomenclature"] for row in rows(app, Client)] == ["naf2025"]


def test_a_bad_file_is_refused_in_one_sentence_and_nothing_is_kept(app: Flask, tmp_path: Path) -> None:
    status, said = load(app, "nafbad", "code;libellé\n62.99Z\n", tmp_path)
    assert status == 1
    assert "Ligne 2" in said
    assert not (app.extensions["settings"].data_dir / FOLDER / "nafbad.csv").exists()
