"""A file or function that has outgrown its room is two of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from config import ROOT

FILE_LINES = 320
FUNCTION_LINES = 40


def python_files() -> Iterator[Path]:
    for folder in ("backoffice", "tests"):
        yield from sorted((ROOT / folder).rglob("*.py"))
    yield from (ROOT / "config.py", ROOT / "wsgi.py")


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in python_files()
    }

    assert {path: length for path, length in lengths.items() if length > FILE_LINES} == {}


def test_no_function_is_longer_than_one_can_see() -> None:
    too_long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": length
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    }

    assert too_long == {}


def test_there_is_code_to_measure() -> None:
    assert len(list(python_files())) > 20
