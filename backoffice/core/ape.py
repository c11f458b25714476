"""Nomenclatures of activities (NAF): the packaged rev. 2, and those that the office loads from a CSV.

NAF 2025 replaces rev. 2 on 1 January 2027, so a client keeps the nomenclature beside its code.
"""

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask_babel import lazy_gettext as _

from backoffice.core.packaged import read_csv
from backoffice.core.problems import Rejected
from backoffice.core.text import fold, words
from backoffice.core.validators.ape_code import clean_ape

REV2 = "rev2"
#: The folder, within the data folder, of the nomenclatures that an office has loaded.
FOLDER = "nomenclatures"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")
_LABEL_COLUMNS = ("label", "libelle", "intitule")


def nomenclatures(folder: Path | None = None) -> list[str]:
    """The names of those at hand: rev2 first, then the ones loaded into the folder."""
    loaded = sorted(path.stem for path in folder.glob("*.csv")) if folder else []
    return [REV2, *(name for name in loaded if name != REV2)]


def ape_labels(nomenclature: str = REV2, folder: Path | None = None) -> Mapping[str, str]:
    """Label by code; empty for a nomenclature that is not at hand."""
    if nomenclature == REV2:
        return _rev2()
    path = folder / f"{nomenclature}.csv" if folder and _NAME.fullmatch(nomenclature) else None
    if path is None or not path.is_file():
        return {}
    return _loaded(path, path.stat().st_mtime_ns)


def ape_label(code: str | None, nomenclature: str | None = REV2, folder: Path | None = None) -> str | None:
    """What a stored code stands for, or None."""
    return ape_labels(nomenclature or REV2, folder).get(code or "")


def nomenclature_of(code: str, folder: Path | None = None) -> str | None:
    """The first nomenclature that knows a stored code, or None."""
    return next((name for name in nomenclatures(folder) if code in ape_labels(name, folder)), None)


def ape_choices(
    query: str, nomenclature: str = REV2, folder: Path | None = None, limit: int = 20
) -> list[tuple[str, str]]:
    """(code, label) pairs whose code begins with the query, or whose label holds words that begin with its
    words.
    """
    start = re.sub(r"[^0-9A-Z]", "", query.upper())
    wanted = words(query)
    found = []
    for code, label in ape_labels(nomenclature, folder).items():
        in_label = wanted and all(any(word.startswith(part) for word in words(label)) for part in wanted)
        if (start and code.replace(".", "").startswith(start)) or in_label:
            found.append((code, label))
            if len(found) == limit:
                break
    return found


def load_nomenclature(name: str, csv_path: Path, folder: Path) -> int:
    """Check a CSV (columns code and label or libellé; UTF-8 or Windows; `;` or `,`), keep it; return its
    number of codes.

    The file takes its place in the folder whole or not at all. Raises Rejected, with the line, for a bad
    name, file or row.
    """
    if not _NAME.fullmatch(name) or name == REV2:
        raise Rejected(
            _(
                "Nommez la nomenclature en minuscules et chiffres, par exemple naf2025 (rev2 est livrée avec le produit)."
            ),
            "nomenclature_name",
        )
    labels = dict(_checked_rows(csv_path))
    if not labels:
        raise Rejected(_("Ce fichier ne contient aucun code : vérifiez-le."), "nomenclature_empty")
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=folder, suffix=".tmp", delete=False
    ) as temporary:
        rows = csv.writer(temporary, delimiter=";", lineterminator="\n")
        rows.writerows([("code", "label"), *labels.items()])
    os.replace(temporary.name, folder / f"{name}.csv")
    return len(labels)


@lru_cache(maxsize=1)
def _rev2() -> Mapping[str, str]:
    return {row["code"]: row["label"] for row in read_csv("naf_rev2.csv")}


@lru_cache(maxsize=8)
def _loaded(path: Path, _changed: int) -> Mapping[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["label"] for row in csv.DictReader(file, delimiter=";")}


def _checked_rows(csv_path: Path) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for line, typed_code, typed_label in _rows(_decoded(csv_path)):
        try:
            code = clean_ape(typed_code)
        except Rejected:
            code = ""
        label = " ".join(typed_label.split())
        if not code or not label or code in seen:
            raise Rejected(
                _(
                    "Ligne %(line)s : il faut un code APE (par exemple 62.01Z), une seule fois, et son libellé.",
                    line=line,
                ),
                "nomenclature_row",
            )
        seen.add(code)
        yield code, label


def _rows(text: str) -> Iterator[tuple[int, str, str]]:
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",")
    titles = [fold(title) for title in next(reader, [])]
    label_at = next((titles.index(title) for title in _LABEL_COLUMNS if title in titles), None)
    if "code" not in titles or label_at is None:
        raise Rejected(
            _("La première ligne doit nommer les colonnes : code et libellé."), "nomenclature_columns"
        )
    code_at = titles.index("code")
    for row in reader:
        if any(cell.strip() for cell in row):
            padded = row + [""] * len(titles)
            yield reader.line_num, padded[code_at], padded[label_at]


def _decoded(csv_path: Path) -> str:
    try:
        raw = csv_path.read_bytes()
    except OSError as error:
        raise Rejected(
            _("Le fichier %(path)s ne se lit pas : vérifiez son nom.", path=csv_path), "nomenclature_file"
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
