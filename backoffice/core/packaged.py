"""Opening the data files that come with the program; data/README.md says where they come from."""

import csv
import gzip
from collections.abc import Iterator
from importlib.resources import files


def read_csv(name: str) -> Iterator[dict[str, str]]:
    """The rows of a packaged semicolon file, by the names in its first line."""
    text = (files("backoffice.core") / "data" / name).read_text("utf-8")
    return csv.DictReader(text.splitlines(), delimiter=";")


def read_gzip_lines(name: str) -> Iterator[str]:
    """The lines of a packaged compressed text."""
    compressed = (files("backoffice.core") / "data" / name).read_bytes()
    return iter(gzip.decompress(compressed).decode("utf-8").splitlines())
