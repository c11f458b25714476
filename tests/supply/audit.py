"""`make audit`: what bandit finds in the code and has no reason yet, and known weaknesses of what we build on.

The reasons stand in exceptions.csv, by check and file, with how often it is found there: one more needs a look. Where the index does not
answer for advisories, that is said, and the status is 2 (0 with OFFLINE=ok): silence is no clean bill.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from config import ROOT

EXCEPTIONS = Path(__file__).with_name("exceptions.csv")
CODE = ("backoffice", "migrations", "config.py", "wsgi.py")
LOCKS = ("requirements.lock", ".ci/requirements-test.lock")
_BIN = Path(sys.executable).parent


class Place(NamedTuple):
    """Where bandit sees something: its number for it, the file, and how often. Lines move, and their words change."""

    check: str
    file: str
    times: int


class Answer(NamedTuple):
    """What the index said: known weaknesses, and the packages about which it said nothing."""

    weak: list[str]
    unknown: list[str]


def found_in_code() -> list[Place]:
    """All that bandit finds."""
    words = [str(_BIN / "bandit"), "-q", "-r", *CODE, "-c", "pyproject.toml", "-f", "json"]
    report = json.loads(subprocess.run(words, cwd=ROOT, capture_output=True, text=True).stdout)
    times = Counter((found["test_id"], found["filename"]) for found in report["results"])
    return [Place(check, file, number) for (check, file), number in times.items()]


def reasons() -> dict[Place, str]:
    """What was looked at and found to be right, each with why."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as file:
        return {
            Place(row["check"], row["file"], int(row["times"])): row["reason"] for row in csv.DictReader(file)
        }


def judge(found: Iterable[Place], known: Mapping[Place, str]) -> list[str]:
    """What is wrong: places without a reason, reasons without a place or without a word."""
    there = set(found)
    new = [
        f"{check} {times} times in {file}, without a reason"
        for check, file, times in sorted(there - known.keys())
    ]
    gone = [
        f"{check} no longer {times} times in {file}" for check, file, times in sorted(known.keys() - there)
    ]
    empty = [
        f"{check} in {file} has an empty reason" for (check, file, _), why in known.items() if not why.strip()
    ]
    return new + gone + empty


def ask(lock: str) -> Answer:
    """What is known against the packages of a lock file."""
    words = [
        str(_BIN / "pip-audit"),
        "--no-deps",
        "--disable-pip",
        "--progress-spinner=off",
        "-f",
        "json",
        "-r",
        lock,
    ]
    said = subprocess.run([*words, "--timeout=10"], cwd=ROOT, capture_output=True, text=True)
    try:
        return read(json.loads(said.stdout))
    except ValueError:
        return Answer([], [f"{lock}: {(said.stderr.strip().splitlines() or ['no answer'])[-1][:200]}"])


def read(report: Mapping[str, Any]) -> Answer:
    """An answer of pip-audit: a package that the index has no word about counts as not asked."""
    answer = Answer([], [])
    for package in report["dependencies"]:
        if "skip_reason" in package:
            answer.unknown.append(package["name"])
        for weakness in package.get("vulns", ()):
            better = ", ".join(weakness["fix_versions"]) or "none yet"
            answer.weak.append(
                f"{package['name']} {package['version']}: {weakness['id']}, mended in {better}"
            )
    return answer


def main() -> int:
    """Say all of it; 1 for what is to be mended, 2 for what could not be asked."""
    wrong = judge(found_in_code(), reasons())
    answers = [ask(lock) for lock in LOCKS]
    wrong += [line for answer in answers for line in answer.weak]
    unknown = [name for answer in answers for name in answer.unknown]
    for line in wrong:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"bandit and pip-audit: {len(wrong)} to mend\n")
    if unknown:
        sys.stdout.write(
            f"NOT ASKED: the index gives no advisories for {len(unknown)} packages ({', '.join(unknown[:3])}, …): "
            "run `make audit` again where it does.\n"
        )
    return 1 if wrong else 2 if unknown and os.environ.get("OFFLINE") != "ok" else 0


if __name__ == "__main__":
    sys.exit(main())
