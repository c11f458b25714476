"""What the product is built of is told whole; what was not asked, or has no reason, is not passed over in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.model.bom import Bom
from flask import Flask

from backoffice.ops.sbom import VENDORED, bill
from config import ROOT
from tests.conftest import on_sqlite_only
from tests.supply import audit
from tests.supply.audit import Answer, Place

PLACE, MORE = Place("B608", "backoffice/x.py", 1), Place("B608", "backoffice/x.py", 2)


@on_sqlite_only
def test_the_bill_is_cyclonedx_and_names_every_package_with_its_version_and_licence(app: Flask) -> None:
    written = app.test_cli_runner().invoke(args=["sbom"])
    assert written.exit_code == 0
    found = json.loads(written.stdout)
    from_json: Callable[..., Any] = Bom.from_json  # type: ignore[attr-defined]
    read = from_json(found)
    assert read.validate()
    parts = {part.name: part for part in read.components}
    for name in ("flask", "flask-admin", "sqlalchemy", "psycopg", "prometheus-client"):
        assert parts[name].version == version(name)
    assert [part["name"] for part in found["components"] if "licenses" not in part] == []
    pinned = re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert len(pinned) - len(found["components"]) + len(VENDORED) < 5  # of other systems only
    refs = {part["bom-ref"] for part in found["components"]}
    assert {ref for line in found["dependencies"] for ref in line["dependsOn"]} <= refs
    assert bill()["serialNumber"] == found["serialNumber"]


def test_every_file_of_others_that_we_ship_is_in_the_bill() -> None:
    folders = ("static/vendor", "static/fonts", "core/data")
    ours = ("README.md", "OFL.txt")
    shipped = {
        str(path.relative_to(ROOT / "backoffice"))
        for folder in folders
        for path in Path(ROOT, "backoffice", folder).iterdir()
        if path.is_file() and path.name not in ours and "LICENSE" not in path.name
    }
    assert shipped == {each.file for each in VENDORED}
    for each in VENDORED:
        if each.file.startswith("static/"):
            assert each.version in each.file


@pytest.mark.parametrize(
    ("found", "known", "wrong"),
    [
        ([PLACE], {PLACE: "ours"}, []),
        ([PLACE], {}, ["B608 1 times in backoffice/x.py, without a reason"]),
        ([], {PLACE: "ours"}, ["B608 no longer 1 times in backoffice/x.py"]),
        (
            [MORE],
            {PLACE: "ours"},
            [
                "B608 2 times in backoffice/x.py, without a reason",
                "B608 no longer 1 times in backoffice/x.py",
            ],
        ),
        ([PLACE], {PLACE: " "}, ["B608 in backoffice/x.py has an empty reason"]),
    ],
)
def test_each_place_has_its_reason_and_each_reason_its_place(
    found: list[Place], known: dict[Place, str], wrong: list[str]
) -> None:
    assert audit.judge(found, known) == wrong


def test_a_package_about_which_the_index_says_nothing_was_not_asked() -> None:
    report = {
        "dependencies": [
            {"name": "good", "version": "1", "vulns": []},
            {"name": "bad", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]},
            {"name": "who", "skip_reason": "not found"},
        ]
    }
    assert audit.read(report) == Answer(["bad 1: CVE-1, mended in 2"], ["who"])


@pytest.mark.parametrize(
    ("answer", "offline", "status"),
    [
        (Answer([], []), "", 0),
        (Answer(["bad"], ["who"]), "ok", 1),
        (Answer([], ["who"]), "", 2),
        (Answer([], ["who"]), "ok", 0),
    ],
)
def test_an_audit_that_could_not_ask_says_so_and_passes_only_when_told_to(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: Answer,
    offline: str,
    status: int,
) -> None:
    monkeypatch.setenv("OFFLINE", offline)
    monkeypatch.setattr(audit, "found_in_code", lambda: list(audit.reasons()))
    monkeypatch.setattr(audit, "ask", lambda lock: answer)
    assert audit.main() == status
    assert ("NOT ASKED" in capsys.readouterr().out) == bool(answer.unknown)
